import RecommendationService
import WireProtocol

/// `recommend.again`. Borrowed: valid while the request is lent.
struct RecommendAgainParameters: ListQuestion {
    var common = RecommendAgainParameters.defaults

    private static let request = "Name the user (userId)."

    /// What somebody has is what is asked for.
    private static var defaults: CommonParameters {
        var common = CommonParameters()
        common.excludeSeen = false
        return common
    }

    static let declared = ParameterSet<Self>(common(excludeSeen: false))

    func check() throws(WireError) {
        if common.userId == nil { throw WireError(.badField, Self.request, field: "params.userId") }
    }

    func answer(_ context: ServiceContext, without shown: [String]) throws(WireError) -> Recommendation {
        context.recommender.again(
            userId: common.userId?.string ?? "", options: try RecommendationOptions(common, context, without: shown))
    }
}

extension ServiceMethod {
    static let recommendAgain = ServiceMethod(
        "recommend.again", cost: .list, traits: [.partial, .browser], "What a person takes again."
    ) {
        (parameters: RecommendAgainParameters, context, writer) throws(WireError) in
        try parameters.write(context, &writer)
    }
}
