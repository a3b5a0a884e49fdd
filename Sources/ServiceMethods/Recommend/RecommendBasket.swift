import RecommendationService
import WireProtocol

/// `recommend.basket`. Borrowed: valid while the request is lent.
struct RecommendBasketParameters: ListQuestion {
    var common = CommonParameters()
    /// At least one, in no order.
    var items: [WireString] = []

    private static let request = "List what is in the basket (items)."

    static let declared = ParameterSet<Self>(
        common() + personal + [
            .identifiers("items", maximumCount: ProtocolLimits.recentItems, required: request) { $0.items = $1 }
        ])

    func check() throws(WireError) {
        if items.isEmpty { throw WireError(.badField, Self.request, field: "params.items") }
    }

    var namedItems: Int { items.count }

    func answer(_ context: ServiceContext, without shown: [String]) throws(WireError) -> Recommendation {
        context.recommender.recommend(
            basket: items.map(\.string), userId: common.userId?.string,
            options: try RecommendationOptions(common, context, without: shown))
    }
}

extension ServiceMethod {
    static let recommendBasket = ServiceMethod(
        "recommend.basket", cost: .ranking, traits: [.partial, .browser], "What goes with several items together."
    ) {
        (parameters: RecommendBasketParameters, context, writer) throws(WireError) in
        try parameters.write(context, &writer)
    }
}
