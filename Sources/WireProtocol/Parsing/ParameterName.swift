/// Every member name that the protocol defines below `params`, in any method.
package enum ParameterName: CaseIterable, Sendable {
    case userId, itemId, recentItems, items, count, excludeIds, excludeSeen, weights, minScore, strict, fields, explain,
        kind
    case content, collaborative, fallback
    case weight, type, time
    case protocolVersion, client, ordered, echo
    case segment, customerId, recency, frequency, monetary, after, unit
    case gender, cityTier, brand, generic, category1, category2, category3, dimension
    /// Reserved: refused, so that nobody believes they acted.
    case filter, boost, diversity, maxPer, scenario, rotationRate, context

    var text: StaticString {
        switch self {
        case .userId: "userId"
        case .itemId: "itemId"
        case .recentItems: "recentItems"
        case .items: "items"
        case .count: "count"
        case .excludeIds: "excludeIds"
        case .excludeSeen: "excludeSeen"
        case .weights: "weights"
        case .minScore: "minScore"
        case .strict: "strict"
        case .fields: "fields"
        case .explain: "explain"
        case .kind: "kind"
        case .content: "content"
        case .collaborative: "collaborative"
        case .fallback: "fallback"
        case .weight: "weight"
        case .type: "type"
        case .time: "time"
        case .protocolVersion: "protocolVersion"
        case .client: "client"
        case .ordered: "ordered"
        case .echo: "echo"
        case .segment: "segment"
        case .customerId: "customerId"
        case .recency: "recency"
        case .frequency: "frequency"
        case .monetary: "monetary"
        case .after: "after"
        case .unit: "unit"
        case .gender: "gender"
        case .cityTier: "cityTier"
        case .brand: "brand"
        case .generic: "generic"
        case .category1: "category1"
        case .category2: "category2"
        case .category3: "category3"
        case .dimension: "dimension"
        case .filter: "filter"
        case .boost: "boost"
        case .diversity: "diversity"
        case .maxPer: "maxPer"
        case .scenario: "scenario"
        case .rotationRate: "rotationRate"
        case .context: "context"
        }
    }

    var isReserved: Bool {
        switch self {
        case .filter, .boost, .diversity, .maxPer, .scenario, .rotationRate, .context: true
        default: false
        }
    }

    /// By length first: no name is compared with more than nine others.
    init?(_ name: WireString) {
        let found: ParameterName? =
            switch name.count {
            case 4:
                named(name, .kind) ?? named(name, .type) ?? named(name, .time) ?? named(name, .echo)
                    ?? named(name, .unit)
            case 5:
                named(name, .count) ?? named(name, .items) ?? named(name, .boost) ?? named(name, .brand)
                    ?? named(name, .after)
            case 6:
                named(name, .userId) ?? named(name, .itemId) ?? named(name, .fields) ?? named(name, .strict) ?? named(
                    name, .weight) ?? named(name, .client) ?? named(name, .filter) ?? named(name, .maxPer)
                    ?? named(name, .gender)
            case 7:
                named(name, .weights) ?? named(name, .explain) ?? named(name, .content) ?? named(name, .ordered)
                    ?? named(name, .context) ?? named(name, .generic) ?? named(name, .segment) ?? named(name, .recency)
            case 8:
                named(name, .minScore) ?? named(name, .fallback) ?? named(name, .scenario) ?? named(name, .cityTier)
                    ?? named(name, .monetary)
            case 9:
                named(name, .diversity) ?? named(name, .category1) ?? named(name, .category2) ?? named(name, .category3)
                    ?? named(name, .dimension) ?? named(name, .frequency)
            case 10: named(name, .excludeIds) ?? named(name, .customerId)
            case 11: named(name, .recentItems) ?? named(name, .excludeSeen)
            case 12: named(name, .rotationRate)
            case 13: named(name, .collaborative)
            case 15: named(name, .protocolVersion)
            default: nil
            }
        guard let found else { return nil }
        self = found
    }
}

private func named(_ name: WireString, _ candidate: ParameterName) -> ParameterName? {
    name.equals(candidate.text) ? candidate : nil
}
