import LinearAlgebra
import RecommendationIndex
import Recommenders

/// Scores by factors, alone or beside the item lists: folds a history in, then multiplies with every item. One thread's; the
/// index outlives it.
final class FactorComponent {
    private let serving: ServingIndex
    private let model: FactorModelTable
    private let penalty: ImplicitALS.Penalty
    private var foldIn: FoldIn
    private var selector: TopKSelector
    private var best: [ScoredIndex] = []
    /// What the factors say of the last history's candidates, before it is paired with the lists.
    private var scores: NeighbourScoring
    /// Of the last history.
    private(set) var pair = ScorePair.alone
    /// Whether the last history said anything.
    private var isSolved = false

    /// nil where the index has no factors.
    init?(_ serving: ServingIndex) {
        guard let model = serving.index.factorModel else { return nil }
        self.serving = serving
        self.model = model
        penalty = ImplicitALS.Penalty(
            unobservedTotal: model.unobservedTotal, regularization: model.regularization,
            exponent: model.regularizationExponent)
        foldIn = FoldIn(dimension: model.items.columnCount)
        scores = NeighbourScoring(itemCount: serving.index.itemCount)
        let capacity = min(FoldIn.candidateCount, serving.index.itemCount)
        selector = TopKSelector(capacity: capacity)
        best.reserveCapacity(capacity)
    }

    /// Gives `scoring`, which has what the item lists say, the best items of the catalogue and everything in `touched`, and
    /// every score its part by factors. Items without interactions have no factors and no part. Nothing changes where the
    /// history has no item that is liked and has factors.
    func score(
        _ history: [Recommender.ProfileEntry], touched: borrowing NeighbourScoring,
        into scoring: inout NeighbourScoring
    ) {
        pair = .alone
        isSolved = solve(history)
        guard isSolved else { return }
        scores.reset()
        scoreBest()
        for position in 0..<scoring.candidateCount { scoreAlso(scoring.candidate(at: position).index) }
        pair = ScorePair(lists: scoring, factors: scores, factorShare: serving.factorShare)
        for position in 0..<touched.candidateCount { scoreAlso(touched.candidate(at: position).index) }
        scoring.combine(with: scores, pair)
    }

    private func scoreBest() {
        selector.reset(k: min(FoldIn.candidateCount, serving.index.itemCount))
        for shard in model.items.shards {
            let rowCount = unsafe shard.view.rowCount
            for row in 0..<rowCount {
                let item = Int32(shard.firstRow + row)
                guard serving.hasCollaborativeEvidence(item) else { continue }
                unsafe selector.offer(item, score: foldIn.score(shard.view.row(row)))
            }
        }
        best.removeAll(keepingCapacity: true)
        selector.drain(into: &best)
        for candidate in best { scores.set(candidate.index, score: candidate.score) }
    }

    private func scoreAlso(_ item: Int32) {
        guard serving.hasCollaborativeEvidence(item), scores.score(of: Int(item)) == nil else { return }
        if let score = factorScore(of: item) { scores.set(item, score: score) }
    }

    private func solve(_ history: [Recommender.ProfileEntry]) -> Bool {
        foldIn.begin()
        for row in 0..<model.gram.rowCount {
            if let values = unsafe model.gram.row(row).baseAddress { unsafe foldIn.setGramRow(row, values) }
        }
        for entry in history where serving.hasCollaborativeEvidence(entry.itemIndex) {
            guard let factors = unsafe model.items.row(Int(entry.itemIndex)).baseAddress else { continue }
            unsafe foldIn.add(factors, confidence: entry.weight * model.confidenceScale)
        }
        return foldIn.solve(penalty)
    }

    private func factorScore(of item: Int32) -> Float? {
        unsafe model.items.row(Int(item)).baseAddress.map { unsafe foldIn.score($0) }
    }

    /// What each item of the last history adds to the factors' score of `item`; the parts sum to it. O(d^2 + history d).
    func shares(of item: Int32, history: [Recommender.ProfileEntry]) -> [Float] {
        guard isSolved, let target = unsafe model.items.row(Int(item)).baseAddress else {
            return Array(repeating: 0, count: history.count)
        }
        unsafe foldIn.prepareShares(of: target)
        return history.map { entry in
            guard let factors = unsafe model.items.row(Int(entry.itemIndex)).baseAddress else { return 0 }
            return unsafe foldIn.share(factors, confidence: entry.weight * model.confidenceScale)
        }
    }
}
