import RecommendationService
import WireProtocol

/// `recommend.user`: at least one of `userId` and `recentItems` is there. Borrowed: valid while the request is lent.
struct RecommendUserParameters: RecommendParameters {
    var common = CommonParameters()
    /// Most recent first.
    var recentItems: [WireRecentItem] = []

    static let declared = ParameterSet<Self>(
        common() + personal + [
            Parameter("recentItems", .list(of: WireRecentItem.kind, maximumCount: ProtocolLimits.recentItems)) {
                value, target throws(WireError) in
                target.recentItems = try WireRecentItem.list(value)
            }
        ])

    func check() throws(WireError) {
        guard common.userId == nil, recentItems.isEmpty else { return }
        throw WireError(
            .badField, "Name the user (userId), or what they did lately (recentItems), or both.", field: "params.userId"
        )
    }
}

extension ServiceMethod {
    static let recommendUser = ServiceMethod("recommend.user", cost: .ranking, "Items for a person.") {
        (parameters: RecommendUserParameters, context, writer) in
        let serving = context.serving
        let recentItems = parameters.recentItems.map { recent in
            let weight = recent.weight ?? recent.type.flatMap { serving.eventWeight(of: $0.string) } ?? 1
            return RecentItem(itemId: recent.itemId.string, eventWeight: weight)
        }
        let answer = context.recommender.recommend(
            for: UserEvidence(userId: parameters.common.userId?.string, recentItems: recentItems),
            options: RecommendationOptions(parameters.common, serving))
        RecommendationResult(context, parameters.common).write(answer, &writer)
    }
}
