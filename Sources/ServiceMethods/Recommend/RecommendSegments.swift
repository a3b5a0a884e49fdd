import RecommendationIndex
import RecommendationService
import WireProtocol

/// `recommend.segments`: which brands, categories or other values of a property somebody is likely to want. Borrowed: valid while
/// the request is lent.
struct RecommendSegmentsParameters: EvidenceParameters {
    var common = CommonParameters()
    /// Most recent first.
    var recentItems: [WireRecentItem] = []
    var property = WireString.empty

    /// What somebody has counts for what they like.
    private static let itemCount = ProtocolLimits.count.upperBound

    static let declared = ParameterSet<Self>(
        [
            .identifier("userId") { $0.common.userId = $1 },
            .name(
                "property", maximumBytes: ProtocolLimits.fieldNameBytes,
                required: "Name the property whose values are wanted (property), such as brand."
            ) { $0.property = $1 },
            .count(default: ProtocolLimits.defaultCount) { $0.common.count = $1 },
            Parameter("filter", .expression) { value, target throws(WireError) in
                target.common.filter = try FilterSource(value)
            },
        ] + evidence)

    func check() throws(WireError) { try checkEvidence() }

    fileprivate func answer(_ context: ServiceContext) throws(WireError) -> Recommendation {
        var common = common
        common.count = Self.itemCount
        common.excludeSeen = false
        return context.recommender.recommend(
            for: evidence(context.serving), options: try RecommendationOptions(common, context))
    }
}

extension ServiceMethod {
    static let recommendSegments = ServiceMethod(
        "recommend.segments", cost: .ranking, traits: [.browser], "Brands, categories or the like for a person."
    ) {
        (parameters: RecommendSegmentsParameters, context, writer) throws(WireError) in
        let property = try context.number(ofProperty: parameters.property, field: "params.property")
        let answer = try parameters.answer(context)
        let wanted = ValueShares(answer, property, context.view)
        writer.beginValueShares()
        for value in wanted.best(parameters.common.count) {
            writer.valueShare(value.value, share: value.share, itemCount: value.itemCount)
        }
        let state = answer.userState
        writer.endRecommendations(
            fallbackUsed: answer.fallbackUsed,
            userState: WireUserState(
                isKnown: state.known, historyCount: state.usedItemCount, recentItemsUnknown: state.unknownItemCount))
    }
}

/// What the items of an answer come to for each value of one property: the scores above 0 added up, an item with several values
/// counting for each in equal parts, as shares of the whole.
private struct ValueShares {
    struct Share {
        let value: WireValue
        var share: Double
        var itemCount: Int
    }

    /// As they are met: the best item's first.
    private var shares: [Share] = []

    init(_ answer: Recommendation, _ property: Int, _ view: CatalogView) {
        var places: [WireValue: Int] = [:]
        var sum = 0.0
        for item in answer.items where item.score > 0 {
            var values: [WireValue] = []
            view.forEachProperty(of: item.item) { nameIndex, value in
                if nameIndex == property { values = WireValue.list(value) }
            }
            for value in values {
                let part = Double(item.score) / Double(values.count)
                sum += part
                let place = places[value] ?? shares.count
                if place == shares.count {
                    places[value] = place
                    shares.append(Share(value: value, share: 0, itemCount: 0))
                }
                shares[place].share += part
                shares[place].itemCount += 1
            }
        }
        for place in shares.indices { shares[place].share /= sum }
    }

    /// Of equal shares the one that was met first.
    func best(_ count: Int) -> ArraySlice<Share> {
        shares.enumerated().sorted { left, right in
            left.element.share == right.element.share
                ? left.offset < right.offset : left.element.share > right.element.share
        }.map(\.element).prefix(count)
    }
}

extension WireValue {
    /// Each value once.
    fileprivate static func list(_ value: LentPropertyValue) -> [WireValue] {
        switch value {
        case .string(let text): return [.text(unsafe String(decoding: text, as: UTF8.self))]
        case .number(let number): return [.number(number)]
        case .boolean(let boolean): return [.boolean(boolean)]
        case .time(let milliseconds): return [.time(milliseconds)]
        case .strings(let list):
            var values: [WireValue] = []
            unsafe list.forEach { text in
                let value = WireValue.text(unsafe String(decoding: text, as: UTF8.self))
                if !values.contains(value) { values.append(value) }
            }
            return values
        }
    }
}
