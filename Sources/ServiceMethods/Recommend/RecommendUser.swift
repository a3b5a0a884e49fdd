import RecommendationService
import WireProtocol

/// `recommend.user`: at least one of `userId` and `recentItems` is there. Borrowed: valid while the request is lent.
struct RecommendUserParameters: EvidenceParameters {
    var common = CommonParameters()
    /// Most recent first.
    var recentItems: [WireRecentItem] = []

    static let declared = ParameterSet<Self>(common() + personal + evidence)

    func check() throws(WireError) { try checkEvidence() }
}

extension ServiceMethod {
    static let recommendUser = ServiceMethod(
        "recommend.user", cost: .ranking, traits: [.partial, .browser], "Items for a person."
    ) {
        (parameters: RecommendUserParameters, context, writer) throws(WireError) in
        let answer = context.recommender.recommend(
            for: parameters.evidence(context.serving), options: try RecommendationOptions(parameters.common, context))
        RecommendationResult(context, parameters.common).write(answer, &writer)
    }
}
