import Interactions
import LinearAlgebra
import Recommenders

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// What is measured inside the training data before an index is built:
//
//     sample users ─▶ hide the newest fifth of each one's items, ten at most ─▶ train on the rest ─▶ rank items with interactions only
//
//     contentReliability = min(1, 2 s)      s = NDCG@10(content) / NDCG@10(collaborative) over up to 1,000 users
//     historyDecay       = the candidate with the best NDCG@10 of the collaborative component, where it is ahead of the
//                          standard by more than one standard error of the paired difference; else the standard
//
// From half the collaborative quality on content counts in full, since the blend gains from independent errors; below that
// it fades. The standard decay stays where nothing is clearly better (the one-standard-error rule of Breiman et al. 1984).
// Decisions 0004 and 0014 have the figures. Nothing outside the training data is looked at.

/// Measures how to use the components of an index that is being built.
struct InternalValidation {
    struct Findings: Equatable {
        /// In 0...1: how far content can be trusted beside the collaborative component.
        var contentReliability: Float = 1
        var historyDecay = HistoryDecay.standard
    }

    /// Enough for a ratio good to a few percent; more users only cost time.
    private static let reliabilityUserLimit = 1000
    /// Decays differ by a percent, which takes more users to see. Bounds the work to about a second per candidate: a film
    /// site's thousand users, all 22,000 of a shop with short histories.
    private static let historyEntryLimit = 200_000
    /// Fewer say nothing: content then counts in full, and the history decays as usual.
    private static let sampleMinimum = 30
    private static let hiddenShare = 0.2
    private static let cutOff = 10

    let interactions: InteractionMatrix
    /// `[itemCount x itemCount]`: row = an item somebody has, column = an item to recommend.
    let content: SparseMatrix
    let seed: UInt64

    /// - Parameter train: trains the collaborative model, sources in rows, on a matrix with some pairs left out.
    func measure(train: (SparseMatrix) throws(BuildError) -> SparseMatrix) throws(BuildError) -> Findings {
        let drawn = drawnUsers()
        let users = drawn.sorted()
        guard users.count >= Self.sampleMinimum, content.storedCount > 0 || interactions.hasTimes else {
            return Findings()
        }
        let collaborative = try train(remainder(without: users))
        return Findings(
            contentReliability: reliability(collaborative, drawn.prefix(Self.reliabilityUserLimit).sorted()),
            historyDecay: interactions.hasTimes ? decay(collaborative, users) : .standard)
    }

    private func reliability(_ collaborative: SparseMatrix, _ users: [Int]) -> Float {
        guard content.storedCount > 0 else { return 1 }
        let contentQuality = Self.mean(qualities(content, users, decay: nil))
        let collaborativeQuality = Self.mean(qualities(collaborative, users, decay: nil))
        guard collaborativeQuality > 0 else { return 1 }
        return Float(min(1, 2 * contentQuality / collaborativeQuality))
    }

    private func decay(_ collaborative: SparseMatrix, _ users: [Int]) -> HistoryDecay {
        guard collaborative.storedCount > 0 else { return .standard }
        let standard = qualities(collaborative, users, decay: .standard)
        var best = (decay: HistoryDecay.standard, gain: 0.0)
        for candidate in HistoryDecay.candidates {
            let quality = qualities(collaborative, users, decay: candidate)
            let gains = zip(quality, standard).map { $0 - $1 }
            let gain = Self.mean(gains)
            if gain > best.gain && gain > Self.standardError(gains) { best = (candidate, gain) }
        }
        return best.decay
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }

    /// Of the mean of at least two values.
    private static func standardError(_ values: [Double]) -> Double {
        let mean = mean(values)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double((values.count - 1) * values.count)).squareRoot()
    }

    /// Users with at least two liked items, a seeded sample of them in the order in which they were drawn.
    private func drawnUsers() -> [Int] {
        let histories = interactions.histories
        var eligible = (0..<histories.userCount).filter { user in
            histories.range(ofUser: user).count { histories.weights[$0] > 0 } >= 2
        }
        var generator = SplitMix64(seed: seed)
        var (count, entryCount) = (0, 0)
        while count < eligible.count, count < Self.reliabilityUserLimit || entryCount < Self.historyEntryLimit {
            eligible.swapAt(count, count + generator.nextIndex(below: eligible.count - count))
            entryCount += histories.range(ofUser: eligible[count]).count
            count += 1
        }
        return Array(eligible.prefix(count))
    }

    /// How many of a user's newest items are hidden: at least one, at least one stays, and no more than a list shows, since
    /// what comes next is what a server is asked for.
    private func hiddenCount(_ user: Int) -> Int {
        let count = interactions.histories.range(ofUser: user).count
        return max(1, min(count - 1, Self.cutOff, Int(Double(count) * Self.hiddenShare)))
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

    /// NDCG@10 per user; nil: every item of a history counts alike.
    private func qualities(_ neighbours: SparseMatrix, _ users: [Int], decay: HistoryDecay?) -> [Double] {
        var scoring = NeighbourScoring(itemCount: neighbours.rowCount)
        let histories = interactions.histories
        var isAllowed = [Bool](repeating: false, count: neighbours.rowCount)
        for item in interactions.matrix.columnIndexes { isAllowed[Int(item)] = true }
        return users.map { user in
            let entries = histories.range(ofUser: user)
            let hiddenEntries = entries.prefix(hiddenCount(user))
            let profile = profile(entries.dropFirst(hiddenEntries.count), decay)
            unsafe neighbours.withView { view in unsafe scoring.score(profile, neighbours: view) }
            let wanted = Set(
                hiddenEntries.filter { histories.weights[$0] > 0 }.map { histories.itemIndexes[$0] })
            for entry in profile { isAllowed[Int(entry.row)] = false }
            defer { for entry in profile { isAllowed[Int(entry.row)] = true } }
            return ndcg(scoring, wanted: wanted) { isAllowed[Int($0)] }
        }
    }

    /// What is left of a history, most recent first, as the server weighs it.
    private func profile(_ entries: Range<Int>, _ decay: HistoryDecay?) -> [WeightedRow] {
        let histories = interactions.histories
        var step = 0
        return entries.map { entry in
            if entry > entries.lowerBound && histories.times[entry] != histories.times[entry - 1] { step += 1 }
            return WeightedRow(
                row: histories.itemIndexes[entry],
                weight: histories.weights[entry] * (decay?.weight(step: step) ?? 1))
        }
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
