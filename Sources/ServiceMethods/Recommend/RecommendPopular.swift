import RecommendationService
import WireProtocol

/// Which list of items needs no personal evidence.
enum PopularListKind: String, CaseIterable, Sendable {
    case popular, trending, recent

    var list: (kind: PopularityKind, reason: WireReason) {
        switch self {
        case .popular: (.popular, .popular)
        case .trending: (.trending, .trending)
        case .recent: (.recent, .recent)
        }
    }
}

/// `recommend.popular`: there is nothing to blend, and nothing but fallback items, so no parameters of personal lists.
/// Borrowed: valid while the request is lent.
struct RecommendPopularParameters: ListQuestion {
    var common = CommonParameters()
    var kind = PopularListKind.popular
    /// Nil: what everybody takes.
    var segment: WireString?

    static let declared = ParameterSet<Self>(
        common() + [
            .choice("kind", of: PopularListKind.self, default: .popular) { $0.kind = $1 },
            .name("segment", maximumBytes: ProtocolLimits.segmentNameBytes) { $0.segment = $1 },
        ])

    var fallbackReason: WireReason { kind.list.reason }

    func answer(_ context: ServiceContext, without shown: [String]) throws(WireError) -> Recommendation {
        var segmentNumber: Int?
        if let segment { segmentNumber = try context.segments().number(of: segment) }
        return context.recommender.popular(
            kind.list.kind, segment: segmentNumber, userId: common.userId?.string,
            options: try RecommendationOptions(common, context, without: shown))
    }
}

extension ServiceMethod {
    static let recommendPopular = ServiceMethod(
        "recommend.popular", cost: .list, traits: [.partial, .browser], "Items that most people take."
    ) {
        (parameters: RecommendPopularParameters, context, writer) throws(WireError) in
        try parameters.write(context, &writer)
    }
}
