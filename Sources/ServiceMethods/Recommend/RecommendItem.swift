import RecommendationService
import WireProtocol

/// `recommend.item`. Borrowed: valid while the request is lent.
struct RecommendItemParameters: ListQuestion {
    var common = CommonParameters()
    var itemId = WireString.empty

    static let declared = ParameterSet<Self>(
        common() + personal + [.identifier("itemId", required: "Name the item (itemId).") { $0.itemId = $1 }])

    func answer(_ context: ServiceContext, without shown: [String]) throws(WireError) -> Recommendation {
        guard let item = unsafe context.view.item(itemId.bytes) else {
            throw WireError(.itemNotFound, "The index has no such item.", field: "params.itemId")
        }
        return context.recommender.recommend(
            similarTo: item, userId: common.userId?.string,
            options: try RecommendationOptions(common, context, without: shown))
    }
}

extension ServiceMethod {
    static let recommendItem = ServiceMethod(
        "recommend.item", cost: .list, traits: [.partial, .browser], "Items like one item."
    ) {
        (parameters: RecommendItemParameters, context, writer) throws(WireError) in
        try parameters.write(context, &writer)
    }
}
