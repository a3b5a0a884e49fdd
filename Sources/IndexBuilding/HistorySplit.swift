import HybridBlending
import Interactions
import LinearAlgebra
import Recommenders

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// Training data cut in two. Of each user the newest entries are hidden, none to all of them; a pair with several
// interactions counts at its last one.
//
//     history, most recent first    hidden ... hidden | kept ... kept
//
// Components that are trained on what is kept rank the items that anybody has, less those that the user keeps; NDCG@10 tells
// how well they find what is hidden.

struct HistorySplit {
    static let cutOff = 10
    /// Of a user's or of all pairs.
    static let hiddenShare = 0.2

    let interactions: InteractionMatrix
    /// Per user, how many of the newest entries are hidden.
    let hiddenCounts: [Int]
    private let isAllowed: [Bool]

    init(_ interactions: InteractionMatrix, hiddenCounts: [Int]) {
        precondition(hiddenCounts.count == interactions.histories.userCount)
        self.interactions = interactions
        self.hiddenCounts = hiddenCounts
        var isAllowed = [Bool](repeating: false, count: interactions.matrix.columnCount)
        for item in interactions.matrix.columnIndexes { isAllowed[Int(item)] = true }
        self.isAllowed = isAllowed
    }

    /// Hides the newest fifth of all pairs, whoever's they are: those after `cut`, the newest time that is kept. Nil where
    /// nothing has a time.
    static func atMoment(_ interactions: InteractionMatrix) -> (split: HistorySplit, cut: Int64)? {
        let histories = interactions.histories
        guard interactions.hasTimes, !histories.times.isEmpty else { return nil }
        let cut = histories.times.sorted()[Int(Double(histories.times.count) * (1 - hiddenShare))]
        let counts = (0..<histories.userCount).map { user in
            histories.range(ofUser: user).count { histories.times[$0] > cut }
        }
        return (HistorySplit(interactions, hiddenCounts: counts), cut)
    }

    func hidden(_ user: Int) -> Range<Int> {
        let range = interactions.histories.range(ofUser: user)
        return range.lowerBound..<range.lowerBound + hiddenCounts[user]
    }

    func kept(_ user: Int) -> Range<Int> {
        hidden(user).upperBound..<interactions.histories.range(ofUser: user).upperBound
    }

    /// The matrix without the hidden pairs.
    func remainder() -> SparseMatrix {
        let matrix = interactions.matrix
        var isHidden = [Bool](repeating: false, count: matrix.columnCount)
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        for user in 0..<matrix.rowCount {
            let newest = interactions.histories.itemIndexes[hidden(user)]
            for item in newest { isHidden[Int(item)] = true }
            for position in matrix.range(ofRow: user) where !isHidden[Int(matrix.columnIndexes[position])] {
                columns.append(matrix.columnIndexes[position])
                values.append(matrix.values[position])
            }
            for item in newest { isHidden[Int(item)] = false }
            offsets.append(columns.count)
        }
        return SparseMatrix(
            rowCount: matrix.rowCount, columnCount: matrix.columnCount, rowOffsets: offsets, columnIndexes: columns,
            values: values)
    }

    /// What the fallback would say of each item if only the kept pairs were known.
    ///
    /// - Parameter users: whose pairs count; nil: everybody's.
    func fallbackScores(_ configuration: ItemPopularity.Configuration, users: [Int]? = nil) -> [Float] {
        let histories = interactions.histories
        var isKept = [Bool](repeating: false, count: histories.itemIndexes.count)
        var newest = Int64.min
        for user in 0..<histories.userCount {
            for entry in kept(user) {
                isKept[entry] = true
                newest = max(newest, histories.times[entry])
            }
        }
        let popularity = ItemPopularity(
            interactions, configuration: configuration, referenceTime: newest, users: users,
            isCounted: { isKept[$0] })
        return FallbackScore.scores(
            recent: popularity.recent.span, popular: popularity.allTime.span, trending: popularity.trending.span)
    }

    /// NDCG@10 per user, of as many users as are worth asking for; nil: every item of a history counts alike.
    func qualities(of model: MeasuredModel, _ users: [Int], decay: HistoryDecay?) throws(BuildError) -> [Double] {
        let asked = users.prefix(model.historyLimit)
        var qualities = [Double](repeating: 0, count: asked.count)
        try model.answer(asked.map { profile($0, decay) }) { answer in
            qualities[answer.place] = ndcg(answer.candidates, users[answer.place])
        }
        return qualities
    }

    /// NDCG@10 per user of one list for everybody.
    func qualities(ofScores scores: [Float], _ users: [Int]) -> [Double] {
        let order = Popularity.ranking(of: scores)
        return users.map { user in
            let keptItems = Set(interactions.histories.itemIndexes[kept(user)])
            let best = order.lazy.filter { isAllowed[Int($0)] && !keptItems.contains($0) }.prefix(Self.cutOff)
            return ndcg(ofRanking: Array(best), user)
        }
    }

    /// What is kept of a history, most recent first, as the server weighs it.
    func profile(_ user: Int, _ decay: HistoryDecay?) -> [WeightedRow] {
        let histories = interactions.histories
        let entries = kept(user)
        var step = 0
        return entries.map { entry in
            if entry > entries.lowerBound && histories.times[entry] != histories.times[entry - 1] { step += 1 }
            return WeightedRow(
                row: histories.itemIndexes[entry],
                weight: histories.weights[entry] * (decay?.weight(step: step) ?? 1))
        }
    }

    /// Those of the items that anybody has and the user does not keep.
    func candidates(_ items: [Int32], of user: Int) -> [Int32] {
        let keptItems = Set(interactions.histories.itemIndexes[kept(user)])
        return items.filter { isAllowed[Int($0)] && !keptItems.contains($0) }
    }

    /// Of a user's ten best allowed candidates; ties by ascending item.
    func ndcg(_ candidates: [ScoredIndex], _ user: Int) -> Double {
        let keptItems = Set(interactions.histories.itemIndexes[kept(user)])
        var best: [ScoredIndex] = []
        for candidate in candidates {
            if best.count == Self.cutOff, let last = best.last, !Self.precedes(candidate, last) { continue }
            guard isAllowed[Int(candidate.index)], !keptItems.contains(candidate.index) else { continue }
            best.insert(candidate, at: best.firstIndex { Self.precedes(candidate, $0) } ?? best.count)
            if best.count > Self.cutOff { best.removeLast() }
        }
        return ndcg(ofRanking: best.map(\.index), user)
    }

    /// 0 for a user none of whose hidden items is liked.
    private func ndcg(ofRanking items: [Int32], _ user: Int) -> Double {
        let histories = interactions.histories
        let wanted = Set(hidden(user).filter { histories.weights[$0] > 0 }.map { histories.itemIndexes[$0] })
        guard !wanted.isEmpty else { return 0 }
        var gain = 0.0
        for (rank, item) in items.enumerated() where wanted.contains(item) { gain += Self.discount(rank) }
        return gain / (0..<min(Self.cutOff, wanted.count)).reduce(0) { $0 + Self.discount($1) }
    }

    private static func precedes(_ left: ScoredIndex, _ right: ScoredIndex) -> Bool {
        left.score > right.score || (left.score == right.score && left.index < right.index)
    }

    /// 1 / log2(rank + 1), `position` counted from 0.
    private static func discount(_ position: Int) -> Double { 1 / log2(Double(position + 2)) }
}
