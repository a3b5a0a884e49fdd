internal import SeededRandom

// Design note. A column that tells the outcome nearly alone was most likely measured after it. How well a column tells it is
// measured for any kind of column, also where the outcome comes with a certain value, a certain word or a gap: rows of one half
// are scored by the share of the outcome among rows of the other half in the same bin, and the area under the ROC curve of these
// scores is taken. Bins are words, different numbers, or where these are many, quantiles; gaps are a bin. A column that
// names every row tells nothing by this measure.

/// How well one column by itself tells the outcome.
package struct ColumnLeak: Sendable, Equatable {
    package let name: String
    /// Area under the ROC curve: about 0.5 for nothing, 1 for everything.
    package let area: Double

    /// From here on a column deserves a word: on real visits honest columns stay below 0.7.
    package static let warningArea = 0.8
    /// From here on a column is refused unless it was asked for: the rest of the table has nothing left to say.
    package static let refusedArea = 0.95

    private static let binCount = 64

    /// Nil where an outcome does not occur.
    package init?(_ column: PredictionColumn, _ outcomes: [Bool], seed: UInt64) {
        let (bins, count) = Self.bins(column)
        let half = outcomes.indices.map { Int(SplitMix64.mix(UInt64(truncatingIfNeeded: $0) &+ seed) >> 63) }
        var sums = [[(positives: Double, rows: Double)]](
            repeating: Array(repeating: (0, 0), count: count), count: 2)
        for row in outcomes.indices {
            sums[half[row]][bins[row]].positives += outcomes[row] ? 1 : 0
            sums[half[row]][bins[row]].rows += 1
        }
        let bases = sums.map { half in
            half.reduce(0) { $0 + $1.positives } / max(1, half.reduce(0) { $0 + $1.rows })
        }
        // A bin counts as two rows more of the mean share, so that rare ones say little.
        let scores = outcomes.indices.map { row in
            let other = 1 - half[row]
            let bin = sums[other][bins[row]]
            return (bin.positives + 2 * bases[other]) / (bin.rows + 2) - bases[other]
        }
        guard let area = OutcomeRanking(scores, outcomes).area else { return nil }
        name = column.name
        self.area = area.value
    }

    private static func bins(_ column: PredictionColumn) -> (bins: [Int], count: Int) {
        switch column.values {
        case .words(let indexes, let names): return (indexes.map { Int($0) + 1 }, names.count + 1)
        case .numbers(let numbers):
            let known = numbers.filter { !$0.isNaN }.sorted()
            var bounds: [Double] = []
            for number in known where bounds.last != number && bounds.count <= binCount { bounds.append(number) }
            if bounds.count > binCount {
                bounds = (1...binCount).map { known[$0 * (known.count - 1) / binCount] }
            }
            let bins = numbers.map { number -> Int in
                if number.isNaN { return 0 }
                var (low, high) = (0, bounds.count)
                while low < high {
                    let middle = (low + high) / 2
                    if bounds[middle] < number { low = middle + 1 } else { high = middle }
                }
                return low + 1
            }
            return (bins, bounds.count + 2)
        }
    }
}
