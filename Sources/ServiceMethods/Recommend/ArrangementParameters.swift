import RecommendationService
import Spelling
import WireProtocol

/// At most so many items with the same value of a property.
struct LimitParameter {
    var property = WireString.empty
    var count = 1
    var window: Int?

    static let declared = ParameterSet<Self>([
        .name(
            "property", maximumBytes: ProtocolLimits.fieldNameBytes,
            required: "Name the property whose values are counted (maxPer.property)."
        ) { $0.property = $1 },
        .count(in: ProtocolLimits.count, default: 1) { $0.count = $1 },
        .integer("window", in: ProtocolLimits.count) { $0.window = $1 },
    ])

    static let kind = ParameterKind.object(declared.descriptions)

    init() {}

    private init(_ value: FieldValue) throws(WireError) {
        try Self.declared.read(try value.object(), into: &self)
        if let window, window < count {
            throw value.error("The window is shorter than the count, so it limits nothing.")
        }
    }

    /// One, or a list of them.
    static func list(_ value: FieldValue) throws(WireError) -> [LimitParameter] {
        if value.isObject { return [try LimitParameter(value)] }
        guard case .list = value.shape else { throw value.error("This is an object or a list of objects.") }
        var elements = try value.elements(maximumCount: ProtocolLimits.propertyLimits)
        var limits: [LimitParameter] = []
        while let element = try elements.next() { limits.append(try LimitParameter(element)) }
        return limits
    }
}

/// An item that has a place whatever it scores.
struct PinnedParameter {
    var itemId = WireString.empty
    /// Counted from 1.
    var place = 0

    static let declared = ParameterSet<Self>([
        .identifier("itemId", required: "A pinned item names its item.") { $0.itemId = $1 },
        Parameter("place", .integer(ProtocolLimits.count), required: "A pinned item has a place, counted from 1.") {
            value, target throws(WireError) in
            target.place = try value.integer(in: ProtocolLimits.count)
        },
    ])

    static let kind = ParameterKind.object(declared.descriptions)

    /// Places and items each once.
    static func list(_ value: FieldValue) throws(WireError) -> [PinnedParameter] {
        var elements = try value.elements(maximumCount: ProtocolLimits.pinnedItems)
        var pinned: [PinnedParameter] = []
        while let element = try elements.next() {
            var item = PinnedParameter()
            try declared.read(try element.object(), into: &item)
            if pinned.contains(where: { $0.place == item.place }) {
                throw element.error("Two items are pinned to this place.")
            }
            if pinned.contains(where: { $0.itemId == item.itemId }) { throw element.error("The item is pinned twice.") }
            pinned.append(item)
        }
        return pinned
    }
}

extension RecommendParameters {
    /// What may be asked of a list's arrangement.
    static var arrangement: [Parameter<Self>] {
        [
            .number("diversity", in: 0...1) { $0.common.diversity = $1 },
            Parameter(
                "maxPer",
                .either(
                    LimitParameter.kind,
                    .list(of: LimitParameter.kind, maximumCount: ProtocolLimits.propertyLimits))
            ) { value, target throws(WireError) in
                target.common.limits = try LimitParameter.list(value)
            },
            Parameter("pinned", .list(of: PinnedParameter.kind, maximumCount: ProtocolLimits.pinnedItems)) {
                value, target throws(WireError) in
                target.common.pinned = try PinnedParameter.list(value)
            },
        ]
    }
}

extension RecommendationOptions {
    mutating func setArrangement(_ wire: CommonParameters, _ context: ServiceContext) throws(WireError) {
        diversity = wire.diversity
        for (place, limit) in wire.limits.enumerated() {
            let names = context.recommender.filters.propertyNames
            let number = try context.number(
                ofProperty: limit.property, among: names,
                field: wire.limits.count == 1 ? "params.maxPer.property" : "params.maxPer[\(place)].property")
            limits.append(PropertyLimit(property: names[number], count: limit.count, window: limit.window))
        }
        for item in wire.pinned {
            // An item that the index does not know gives its place up, as one that may not appear.
            guard let number = unsafe context.view.item(item.itemId.bytes) else { continue }
            pinned.append(PinnedItem(item: number, place: item.place - 1))
        }
    }
}

extension ServiceContext {
    /// The place of a property's name among all; whoever mistypes it is told the nearest.
    func number(ofProperty name: WireString, field: String) throws(WireError) -> Int {
        try number(ofProperty: name, among: view.propertyNames, field: field)
    }

    fileprivate func number(
        ofProperty wire: WireString, among names: [String], field: String
    ) throws(WireError) -> Int {
        let name = wire.string
        if let number = names.firstIndex(of: name) { return number }
        throw WireError(
            .badField, "The catalogue has no such property.", field: field,
            nearest: EditDistance.nearest(to: String(name.prefix(64)), among: names))
    }
}
