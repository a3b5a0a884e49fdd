// Settings are chosen on rows of the training part that ask what the protocol asks.

extension PublishedProtocol {
    /// How a search divides the training part once more.
    package var validation: SplitStrategy {
        switch self {
        case .movieLensLatestSmall, .onlineRetail: .temporal(trainingShare: 0.9)
        // The newest sessions.
        case .diginetica: .temporal(trainingShare: 0.9)
        case .randomML100K, .lightGCNGowalla: .random(trainingShare: 0.9)
        // The newest tenth of what a user has lies in the part whose order is known, and leaves some of that to train.
        case .chronologicalML1M: .perUser(trainingShare: 0.9)
        case .amazonBeauty, .ncfML1M: .leaveLastOne
        // The three rows have one training part, and are to have one model.
        case .citeULikeCold, .citeULikeWarm, .citeULikeOverall: .coldItems(trainingShare: 0.9)
        }
    }

    /// How many items, drawn for each user, the hidden ones are ranked among; nil: the whole catalogue.
    package var validationNegativeCount: Int? { self == .ncfML1M ? 99 : nil }

    /// What is best there.
    package var tuningMetric: (metric: RankingMetric, cutOff: Int) {
        switch self {
        case .chronologicalML1M: (.map, 3416)
        case .diginetica: (.mrr, 20)
        case .lightGCNGowalla, .citeULikeCold, .citeULikeWarm, .citeULikeOverall: (.ndcg, 20)
        case .ncfML1M, .amazonBeauty, .movieLensLatestSmall, .onlineRetail, .randomML100K: (.ndcg, 10)
        }
    }
}
