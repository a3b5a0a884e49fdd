import RecommendationService
import WireProtocol

/// `recommend.rank`. Borrowed: valid while the request is lent.
struct RecommendRankParameters: EvidenceParameters, ListQuestion {
    var common = RecommendRankParameters.defaults
    var recentItems: [WireRecentItem] = []
    /// At least one, in no order.
    var itemIds: [WireString] = []

    private static let request = "List the items that are to be put in order (itemIds)."

    /// Whoever names candidates wants them all back, those that the user has too.
    private static var defaults: CommonParameters {
        var common = CommonParameters()
        common.count = ProtocolLimits.count.upperBound
        common.excludeSeen = false
        return common
    }

    static let declared = ParameterSet<Self>(
        common(excludeSeen: false, count: ProtocolLimits.count.upperBound) + personal + evidence + [
            .identifiers("itemIds", maximumCount: ProtocolLimits.candidates, required: request) { $0.itemIds = $1 }
        ])

    func check() throws(WireError) {
        try checkEvidence()
        if itemIds.isEmpty { throw WireError(.badField, Self.request, field: "params.itemIds") }
    }

    var namedItems: Int { recentItems.count + itemIds.count }
    var mostItems: Int { min(common.count, itemIds.count) }

    func answer(_ context: ServiceContext, without shown: [String]) throws(WireError) -> Recommendation {
        var options = try RecommendationOptions(common, context, without: shown)
        options.onlyIds = itemIds.map(\.string)
        return context.recommender.recommend(for: evidence(context.serving), options: options)
    }
}

extension ServiceMethod {
    static let recommendRank = ServiceMethod(
        "recommend.rank", cost: .ranking, traits: [.partial, .browser], "The caller's items in order for a person."
    ) {
        (parameters: RecommendRankParameters, context, writer) throws(WireError) in
        try parameters.write(context, &writer)
    }
}
