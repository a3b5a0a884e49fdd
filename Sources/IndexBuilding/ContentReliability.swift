import Interactions
import LinearAlgebra
import Recommenders

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// How far content can be trusted beside the collaborative component, measured inside the training data:
//
//     sample up to 1,000 users ─▶ hide the newest fifth of each one's items ─▶ train on the rest
//     s = NDCG@10(content) / NDCG@10(collaborative) on the hidden items, both ranking items with interactions only
//     reliability = min(1, 2 s)
//
// From half the collaborative quality on content counts in full, since the blend gains from independent errors; below that
// it fades. Decision 0004 has the figures. Nothing outside the training data is looked at.

/// The measured scale of the content component.
struct ContentReliability {
    /// Enough for a ratio good to a few percent; more users only cost time.
    private static let sampleLimit = 1000
    /// Fewer say nothing: content then counts in full, as the weights stand.
    private static let sampleMinimum = 30
    private static let hiddenShare = 0.2
    private static let cutOff = 10

    let interactions: InteractionMatrix
    /// `[itemCount x itemCount]`: row = an item somebody has, column = an item to recommend.
    let content: SparseMatrix
    let seed: UInt64

    /// - Parameter train: trains the collaborative model, sources in rows, on a matrix with some pairs left out.
    func measure(train: (SparseMatrix) throws(BuildError) -> SparseMatrix) throws(BuildError) -> Float {
        let users = sampledUsers()
        guard users.count >= Self.sampleMinimum, content.storedCount > 0 else { return 1 }
        let collaborative = try train(remainder(without: users))
        let contentQuality = meanNDCG(content, users)
        let collaborativeQuality = meanNDCG(collaborative, users)
        guard collaborativeQuality > 0 else { return 1 }
        return Float(min(1, 2 * contentQuality / collaborativeQuality))
    }

    /// Users with at least two liked items, a seeded sample of them, ascending.
    private func sampledUsers() -> [Int] {
        let histories = interactions.histories
        var eligible = (0..<histories.userCount).filter { user in
            histories.range(ofUser: user).count { histories.weights[$0] > 0 } >= 2
        }
        var generator = SplitMix64(seed: seed)
        let count = min(eligible.count, Self.sampleLimit)
        for position in 0..<count {
            eligible.swapAt(position, position + generator.nextIndex(below: eligible.count - position))
        }
        return eligible.prefix(count).sorted()
    }

    /// How many of a user's newest items are hidden: at least one, and at least one stays.
    private func hiddenCount(_ user: Int) -> Int {
        let count = interactions.histories.range(ofUser: user).count
        return max(1, min(count - 1, Int(Double(count) * Self.hiddenShare)))
    }

    private func remainder(without users: [Int]) -> SparseMatrix {
        let matrix = interactions.matrix
        let histories = interactions.histories
        var hidden = [Bool](repeating: false, count: matrix.columnCount)
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        var next = users[...]
        for user in 0..<matrix.rowCount {
            let isSampled = next.first == user
            let newest = isSampled ? histories.itemIndexes[histories.range(ofUser: user).prefix(hiddenCount(user))] : []
            for item in newest { hidden[Int(item)] = true }
            for position in matrix.range(ofRow: user) where !hidden[Int(matrix.columnIndexes[position])] {
                columns.append(matrix.columnIndexes[position])
                values.append(matrix.values[position])
            }
            for item in newest { hidden[Int(item)] = false }
            offsets.append(columns.count)
            if isSampled { next = next.dropFirst() }
        }
        return SparseMatrix(
            rowCount: matrix.rowCount, columnCount: matrix.columnCount, rowOffsets: offsets, columnIndexes: columns,
            values: values)
    }

    private func meanNDCG(_ neighbours: SparseMatrix, _ users: [Int]) -> Double {
        var scoring = NeighbourScoring(itemCount: neighbours.rowCount)
        var isWarm = [Bool](repeating: false, count: neighbours.rowCount)
        for item in interactions.matrix.columnIndexes { isWarm[Int(item)] = true }
        var sum = 0.0
        for user in users {
            let entries = interactions.histories.range(ofUser: user)
            let hiddenEntries = entries.prefix(hiddenCount(user))
            let knownEntries = entries.dropFirst(hiddenEntries.count)
            let profile = knownEntries.map { entry in
                WeightedRow(
                    row: interactions.histories.itemIndexes[entry], weight: interactions.histories.weights[entry])
            }
            unsafe neighbours.withView { view in unsafe scoring.score(profile, neighbours: view) }
            let known = Set(profile.map(\.row))
            let wanted = Set(
                hiddenEntries.filter { interactions.histories.weights[$0] > 0 }.map {
                    interactions.histories.itemIndexes[$0]
                })
            sum += ndcg(scoring, wanted: wanted) { !known.contains($0) && isWarm[Int($0)] }
        }
        return sum / Double(users.count)
    }

    private func ndcg(
        _ scoring: borrowing NeighbourScoring, wanted: Set<Int32>, isAllowed: (Int32) -> Bool
    ) -> Double {
        guard !wanted.isEmpty else { return 0 }
        var best: [ScoredIndex] = []
        for position in 0..<scoring.candidateCount {
            let candidate = scoring.candidate(at: position)
            guard isAllowed(candidate.index) else { continue }
            if best.count == Self.cutOff, let last = best.last, !Self.precedes(candidate, last) { continue }
            best.insert(candidate, at: best.firstIndex { Self.precedes(candidate, $0) } ?? best.count)
            if best.count > Self.cutOff { best.removeLast() }
        }
        var gain = 0.0
        for (rank, candidate) in best.enumerated() where wanted.contains(candidate.index) {
            gain += Self.discount(rank)
        }
        return gain / (0..<min(Self.cutOff, wanted.count)).reduce(0) { $0 + Self.discount($1) }
    }

    private static func precedes(_ left: ScoredIndex, _ right: ScoredIndex) -> Bool {
        left.score > right.score || (left.score == right.score && left.index < right.index)
    }

    /// 1 / log2(rank + 1), `position` counted from 0.
    private static func discount(_ position: Int) -> Double { 1 / log2(Double(position + 2)) }
}
