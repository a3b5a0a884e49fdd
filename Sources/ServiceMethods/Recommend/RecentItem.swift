import WireProtocol

/// Something that a person did lately, told by the client. Borrowed: valid while the request is lent.
struct WireRecentItem {
    var itemId = WireString.empty
    /// How much it counts; nil leaves it to `type`, and without that to the index's default.
    var weight: Float?
    /// An event type such as `purchase`, whose weight the index knows.
    var type: WireString?
    /// Milliseconds since 1970-01-01T00:00:00Z.
    var time: Int64?

    static let declared = ParameterSet<Self>([
        .identifier("itemId", required: "A recent item names its item.") { $0.itemId = $1 },
        .number("weight", in: ProtocolLimits.recentItemWeight) { item, weight in
            item.weight = weight.magnitude < ProtocolLimits.leastRecentItemWeight ? 0 : weight
        },
        .name("type", maximumBytes: ProtocolLimits.eventTypeBytes) { $0.type = $1 },
        Parameter("time", .time) { value, item throws(WireError) in item.time = try value.time() },
    ])

    static let kind = ParameterKind.either(.identifier, .object(declared.descriptions))

    /// An item id, or an object.
    init(_ value: FieldValue) throws(WireError) {
        guard !value.isString else {
            itemId = try value.identifier()
            return
        }
        guard value.isObject else {
            throw value.error("A recent item is an item id (a string) or an object with itemId.")
        }
        try Self.declared.read(try value.object(), into: &self)
        if weight != nil, type != nil { throw value.error("A recent item has a weight or a type, not both.") }
    }

    /// Most recent first: as sent, or by time where the items have one (equal times as sent).
    static func list(_ value: FieldValue) throws(WireError) -> [WireRecentItem] {
        var elements = try value.elements(maximumCount: ProtocolLimits.recentItems)
        var items: [WireRecentItem] = []
        var timedCount = 0
        while let element = try elements.next() {
            let item = try WireRecentItem(element)
            if item.time != nil { timedCount += 1 }
            items.append(item)
        }
        guard timedCount > 0 else { return items }
        guard timedCount == items.count else {
            throw value.error(
                "Either all recent items have a time, or none has; without times they come most recent first.")
        }
        return items.enumerated().sorted { left, right in
            let (leftTime, rightTime) = (left.element.time ?? 0, right.element.time ?? 0)
            return leftTime == rightTime ? left.offset < right.offset : leftTime > rightTime
        }.map(\.element)
    }
}
