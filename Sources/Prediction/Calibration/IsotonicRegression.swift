/// The non-decreasing function of the score that is nearest to the outcomes in least squares, by pooling adjacent violators
/// (Barlow, Bartholomew, Bremner, Brunk 1972). O(n log n).
package struct IsotonicRegression: Sendable, Equatable {
    /// Ascending: the ends of each run of one value.
    package let scores: [Double]
    package let values: [Double]

    private struct Block {
        var first: Double
        var last: Double
        var sum: Double
        var count: Double
        var mean: Double { sum / count }
    }

    /// At least one row; scores are finite.
    package init(_ scores: [Double], _ outcomes: [Bool]) {
        precondition(!scores.isEmpty && scores.count == outcomes.count)
        let order = scores.indices.sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] < scores[$1] }
        var blocks: [Block] = []
        var place = 0
        while place < order.count {
            // Rows of one score have one value.
            let score = scores[order[place]]
            var next = Block(first: score, last: score, sum: 0, count: 0)
            while place < order.count && scores[order[place]] == score {
                next.sum += outcomes[order[place]] ? 1 : 0
                next.count += 1
                place += 1
            }
            while let last = blocks.last, last.mean >= next.mean {
                next = Block(
                    first: last.first, last: next.last, sum: last.sum + next.sum, count: last.count + next.count)
                blocks.removeLast()
            }
            blocks.append(next)
        }
        var points: [(Double, Double)] = []
        for block in blocks {
            points.append((block.first, block.mean))
            if block.last > block.first { points.append((block.last, block.mean)) }
        }
        self.scores = points.map(\.0)
        values = points.map(\.1)
    }
}
