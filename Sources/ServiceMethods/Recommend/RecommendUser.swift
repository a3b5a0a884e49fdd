import RecommendationService
import WireProtocol

/// `recommend.user`: at least one of `userId` and `recentItems` is there. Borrowed: valid while the request is lent.
struct RecommendUserParameters: EvidenceParameters, ListQuestion {
    var common = CommonParameters()
    /// Most recent first.
    var recentItems: [WireRecentItem] = []

    static let declared = ParameterSet<Self>(common() + personal + evidence)

    func check() throws(WireError) { try checkEvidence() }

    var namedItems: Int { recentItems.count }

    func answer(_ context: ServiceContext, without shown: [String]) throws(WireError) -> Recommendation {
        context.recommender.recommend(
            for: evidence(context.serving), options: try RecommendationOptions(common, context, without: shown))
    }
}

extension ServiceMethod {
    static let recommendUser = ServiceMethod(
        "recommend.user", cost: .ranking, traits: [.partial, .browser], "Items for a person."
    ) {
        (parameters: RecommendUserParameters, context, writer) throws(WireError) in
        try parameters.write(context, &writer)
    }
}
