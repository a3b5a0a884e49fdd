package import HybridBlending
package import RecommendationIndex

/// Which list `Recommender.popular` takes.
package enum PopularityKind: Sendable {
    /// By the number of distinct users, all time.
    case popular
    /// By how much more an item is asked for now than in the long run.
    case trending
    /// By recency-weighted popularity.
    case recent
}

/// Every item of the catalogue with one score, and its order: best first, ties by ascending index.
struct RankedCatalogue: Sendable {
    let scores: [Float]
    let order: [Int32]

    /// O(n log n).
    init(_ scores: [Float]) {
        self.scores = scores
        order = scores.indices.map { Int32($0) }.sorted { left, right in
            let (leftScore, rightScore) = (scores[Int(left)], scores[Int(right)])
            return leftScore == rightScore ? left < right : leftScore > rightScore
        }
    }
}

/// An open index with what is derived from it once, at open, and then shared by every loop: immutable.
package final class ServingIndex: Sendable {
    package let index: RecommendationIndex
    /// The weights that the index was built with.
    package let weights: BlendWeights
    /// Scores in 0...1.
    let fallback: RankedCatalogue
    private let popular: RankedCatalogue
    private let trending: RankedCatalogue
    private let recent: RankedCatalogue

    package init(_ index: RecommendationIndex) {
        self.index = index
        let stored = index.manifest.facts.blendWeights
        weights = BlendWeights(
            content: Float(stored.content), collaborative: Float(stored.collaborative), fallback: Float(stored.fallback))
        popular = RankedCatalogue(index.popularity)
        trending = RankedCatalogue(index.trending)
        recent = RankedCatalogue(index.recentPopularity)
        fallback = RankedCatalogue(
            FallbackScore.scores(
                recent: recent.scores.span, popular: popular.scores.span, trending: trending.scores.span))
    }

    func ranked(_ kind: PopularityKind) -> RankedCatalogue {
        switch kind {
        case .popular: popular
        case .trending: trending
        case .recent: recent
        }
    }
}
