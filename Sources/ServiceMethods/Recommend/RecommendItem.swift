import RecommendationService
import WireProtocol

/// `recommend.item`. Borrowed: valid while the request is lent.
struct RecommendItemParameters: RecommendParameters {
    var common = CommonParameters()
    var itemId = WireString.empty

    static let declared = ParameterSet<Self>(
        common() + personal + [.identifier("itemId", required: "Name the item (itemId).") { $0.itemId = $1 }])
}

extension ServiceMethod {
    static let recommendItem = ServiceMethod(
        "recommend.item", cost: .list, traits: [.partial, .browser], "Items like one item."
    ) {
        (parameters: RecommendItemParameters, context, writer) throws(WireError) in
        guard let item = unsafe context.view.item(parameters.itemId.bytes) else {
            throw WireError(.itemNotFound, "The index has no such item.", field: "params.itemId")
        }
        let answer = context.recommender.recommend(
            similarTo: item, userId: parameters.common.userId?.string,
            options: try RecommendationOptions(parameters.common, context))
        RecommendationResult(context, parameters.common).write(answer, &writer)
    }
}
