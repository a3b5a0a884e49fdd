/// Something that a person did lately, told by the client. Borrowed: valid while the request is lent.
package struct WireRecentItem {
    package var itemId: WireString
    /// How much it counts; nil leaves it to `type`, and without that to the index's default.
    package var weight: Float?
    /// An event type such as `purchase`, whose weight the index knows.
    package var type: WireString?
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var time: Int64?

    /// An item id, or an object.
    init(_ value: FieldValue) throws(WireError) {
        guard !value.isString else {
            itemId = try value.identifier()
            return
        }
        guard value.isObject else {
            throw value.error("A recent item is an item id (a string) or an object with itemId.")
        }
        var itemId: WireString?
        var reader = try value.object()
        while let (name, member) = reader.next() {
            switch name {
            case .itemId: itemId = try member.identifier()
            case .weight:
                let number = try member.number(in: ProtocolLimits.recentItemWeight)
                weight = number.magnitude < ProtocolLimits.leastRecentItemWeight ? 0 : number
            case .type: type = try member.name(maximumBytes: ProtocolLimits.eventTypeBytes)
            case .time: time = try member.time()
            default: throw member.error("A recent item has itemId, weight or type, and time.")
            }
        }
        guard let itemId else { throw reader.missing(.itemId, "A recent item names its item.") }
        if weight != nil, type != nil { throw value.error("A recent item has a weight or a type, not both.") }
        self.itemId = itemId
    }
}

/// `recommend.user`: at least one of `userId` and `recentItems` is there. Borrowed: valid while the request is lent.
package struct RecommendUserParameters {
    package var common = CommonParameters()
    /// Most recent first: as sent, or by time where the items have one (equal times as sent).
    package var recentItems: [WireRecentItem] = []

    package init(_ request: borrowing Request) throws(WireError) {
        var reader = request.members
        while let (name, value) = reader.next() {
            if try common.read(name, value) { continue }
            guard name == .recentItems else { throw value.unsupported(name, in: .recommendUser) }
            recentItems = try Self.recentItems(value)
        }
        guard common.userId != nil || !recentItems.isEmpty else {
            throw reader.missing(.userId, "Name the user (userId), or what they did lately (recentItems), or both.")
        }
    }
    private static func recentItems(_ value: FieldValue) throws(WireError) -> [WireRecentItem] {
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
