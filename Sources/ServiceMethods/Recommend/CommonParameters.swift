import RecommendationService
import WireProtocol

/// What an answer says about why an item is in it.
enum ExplanationLevel: String, CaseIterable, Sendable {
    case none, codes, full
}

/// Which item properties an answer carries.
enum FieldSelection: Equatable {
    case none
    case all
    /// In the order asked for, without repetitions.
    case named([WireString])

    /// A repeated name is refused: the answer's object would repeat it too.
    init(_ value: FieldValue) throws(WireError) {
        var elements = try value.elements(maximumCount: ProtocolLimits.fields)
        var names: [WireString] = []
        var wantsAll = false
        while let element = try elements.next() {
            let name = try element.name(maximumBytes: ProtocolLimits.fieldNameBytes)
            if names.contains(name) { throw element.error("The name stands twice in the list.") }
            wantsAll = wantsAll || name.equals("*")
            names.append(name)
        }
        self = wantsAll ? .all : names.isEmpty ? .none : .named(names)
    }
}

/// The blend weights that a request sets for itself, each 0 to 1; nil leaves the index's own.
struct WeightOverrides: Equatable, Sendable {
    var content: Float?
    var collaborative: Float?
    var fallback: Float?

    var isEmpty: Bool { content == nil && collaborative == nil && fallback == nil }

    static let declared = ParameterSet<Self>([
        .number("content", in: 0...1) { $0.content = $1 },
        .number("collaborative", in: 0...1) { $0.collaborative = $1 },
        .number("fallback", in: 0...1) { $0.fallback = $1 },
    ])

    init() {}

    init(_ value: FieldValue) throws(WireError) {
        try Self.declared.read(try value.object(), into: &self)
        if content == 0, collaborative == 0, fallback == 0 { throw value.error("At least one weight is above 0.") }
    }
}

/// The members that all methods `recommend.*` share. Borrowed: valid while the request is lent.
struct CommonParameters {
    var userId: WireString?
    /// 1 to 500.
    var count = ProtocolLimits.defaultCount
    /// In the order sent, possibly with repetitions and ids that no item has.
    var excludeIds: [WireString] = []
    /// Leave out what the user's history in the index, or `recentItems`, holds.
    var excludeSeen = true
    var weights = WeightOverrides()
    var minScore: Float?
    /// No completion by fallback items.
    var strict = false
    var fields = FieldSelection.none
    var explain = ExplanationLevel.none
    var filter: FilterSource?
    var boost: FilterSource?
    var context: ContextParameter?
    /// With `excludeSeen`: what was dealt with longer ago than that may come again.
    var seenWithinDays: Int?
    var diversity: Float = 0
    var limits: [LimitParameter] = []
    var pinned: [PinnedParameter] = []
}

/// What the object `excludeSeen` says.
private struct SeenParameter {
    var withinDays: Int?

    static let declared = ParameterSet<Self>([
        .integer("withinDays", in: ProtocolLimits.seenDays) { $0.withinDays = $1 }
    ])
}

/// What a method is told that is about a list of recommendations.
protocol RecommendParameters: MethodParameters {
    var common: CommonParameters { get set }
}

/// What a method `recommend.*` is told that answers with one list, and what that is.
protocol ListQuestion: RecommendParameters {
    /// What is said of fallback items.
    var fallbackReason: WireReason { get }
    /// At most so many are in the answer.
    var mostItems: Int { get }
    /// How many the question names, which is what it costs.
    var namedItems: Int { get }
    /// - Parameter shown: items that stay out besides `excludeIds`.
    func answer(_ context: ServiceContext, without shown: [String]) throws(WireError) -> Recommendation
}

extension ListQuestion {
    var fallbackReason: WireReason { .popular }
    var mostItems: Int { common.count }
    var namedItems: Int { 0 }

    /// Writes the whole result of a method.
    func write(_ context: ServiceContext, _ writer: inout JSONWriter) throws(WireError) {
        let answer = try answer(context, without: [])
        RecommendationResult(context, common, fallbackReason: fallbackReason).write(answer, &writer)
    }
}

extension RecommendParameters {
    /// The common ones, for the parameters' own declaration.
    static func common(
        excludeSeen: Bool = true, count: Int = ProtocolLimits.defaultCount
    ) -> [Parameter<Self>] {
        [
            .identifier("userId") { $0.common.userId = $1 },
            .count(default: count) { $0.common.count = $1 },
            .identifiers("excludeIds", maximumCount: ProtocolLimits.excludeIds) { $0.common.excludeIds = $1 },
            seen(default: excludeSeen),
            .number("minScore", in: -Double(Float.greatestFiniteMagnitude)...Double(Float.greatestFiniteMagnitude)) {
                $0.common.minScore = $1
            },
            Parameter(
                "fields",
                .list(of: .name(maximumBytes: ProtocolLimits.fieldNameBytes), maximumCount: ProtocolLimits.fields)
            ) { value, target throws(WireError) in
                target.common.fields = try FieldSelection(value)
            },
            .choice("explain", of: ExplanationLevel.self, default: ExplanationLevel.none) { $0.common.explain = $1 },
            Parameter("filter", .expression) { value, target throws(WireError) in
                target.common.filter = try FilterSource(value)
            },
            Parameter("boost", .expression) { value, target throws(WireError) in
                target.common.boost = try FilterSource(value)
            },
            Parameter("context", .object(ContextParameter.declared.descriptions)) { value, target throws(WireError) in
                var context = ContextParameter()
                try ContextParameter.declared.read(try value.object(), into: &context)
                target.common.context = context
            },
        ] + arrangement
    }

    /// A boolean, or an object that says what counts as seen.
    private static func seen(default isExcluded: Bool) -> Parameter<Self> {
        let kind = ParameterKind.either(
            .boolean(default: isExcluded), .object(SeenParameter.declared.descriptions))
        return Parameter("excludeSeen", kind) { value, target throws(WireError) in
            guard value.isObject else {
                target.common.excludeSeen = try value.boolean()
                return
            }
            var seen = SeenParameter()
            try SeenParameter.declared.read(try value.object(), into: &seen)
            target.common.excludeSeen = true
            target.common.seenWithinDays = seen.withinDays
        }
    }

    /// Those that only say something where there is personal evidence.
    static var personal: [Parameter<Self>] {
        [
            Parameter("weights", .object(WeightOverrides.declared.descriptions)) { value, target throws(WireError) in
                target.common.weights = try WeightOverrides(value)
            },
            .boolean("strict", default: false) { $0.common.strict = $1 },
        ]
    }
}
