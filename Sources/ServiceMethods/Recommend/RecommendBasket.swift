import RecommendationService
import WireProtocol

/// `recommend.basket`. Borrowed: valid while the request is lent.
struct RecommendBasketParameters: RecommendParameters {
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
}

extension ServiceMethod {
    static let recommendBasket = ServiceMethod(
        "recommend.basket", cost: .ranking, traits: [.partial, .browser], "What goes with several items together."
    ) {
        (parameters: RecommendBasketParameters, context, writer) throws(WireError) in
        let answer = context.recommender.recommend(
            basket: parameters.items.map(\.string), userId: parameters.common.userId?.string,
            options: try RecommendationOptions(parameters.common, context))
        RecommendationResult(context, parameters.common).write(answer, &writer)
    }
}
