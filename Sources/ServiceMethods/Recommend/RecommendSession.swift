import RecommendationService
import WireProtocol

/// `recommend.session`. Borrowed: valid while the request is lent.
struct RecommendSessionParameters: ListQuestion {
    var common: CommonParameters
    /// Most recent first, at least one.
    var items: [WireString] = []
    /// Whether the page that is open may be in the answer.
    var includeCurrent = false

    private static let request = "List what was seen in the session (items), the most recent first."

    static let declared = ParameterSet<Self>(
        common(excludeSeen: false) + personal + [
            .identifiers("items", maximumCount: ProtocolLimits.recentItems, required: request) { $0.items = $1 },
            .boolean("includeCurrent", default: false) { $0.includeCurrent = $1 },
        ])

    init() {
        common = CommonParameters()
        // Visitors come back to what they have seen: decision 0010.
        common.excludeSeen = false
    }

    func check() throws(WireError) {
        if items.isEmpty { throw WireError(.badField, Self.request, field: "params.items") }
    }

    var namedItems: Int { items.count }

    func answer(_ context: ServiceContext, without shown: [String]) throws(WireError) -> Recommendation {
        var options = try RecommendationOptions(common, context, without: shown)
        options.excludeCurrent = !includeCurrent
        return context.recommender.recommend(
            session: items.map(\.string), userId: common.userId?.string, options: options)
    }
}

extension ServiceMethod {
    static let recommendSession = ServiceMethod(
        "recommend.session", cost: .ranking, traits: [.partial, .browser], "What comes next in a session."
    ) {
        (parameters: RecommendSessionParameters, context, writer) throws(WireError) in
        try parameters.write(context, &writer)
    }
}
