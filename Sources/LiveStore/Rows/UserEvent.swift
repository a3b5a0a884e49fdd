/// Something that a person did.
package struct UserEvent: Sendable, Equatable {
    /// The sender's own: two events with one id are one event.
    package var eventId: String?
    package var type: String
    /// One of both is there at least.
    package var userId: String?
    package var sessionId: String?
    /// Absent only where somebody searched.
    package var itemId: String?
    package var value: Double?
    /// Milliseconds since 1970-01-01T00:00:00Z; nil: when it arrived.
    package var time: Int64?
    package var query: String?
    package var recommendationId: String?
    /// A JSON object as it came; empty: none.
    package var context: [UInt8] = []

    package init(type: String, userId: String? = nil, sessionId: String? = nil, itemId: String? = nil) {
        self.type = type
        self.userId = userId
        self.sessionId = sessionId
        self.itemId = itemId
    }

    /// - Parameter now: the server's clock, in milliseconds.
    package func check(now: Int64) throws(RefusedElement) {
        guard !type.isEmpty else { throw RefusedElement("type", "Name what happened, such as view or purchase.") }
        try ElementRules.text(type, "type", maximumBytes: LiveLimits.typeBytes)
        guard userId != nil || sessionId != nil else {
            throw RefusedElement("userId", "Say who it was: userId, or sessionId, or both.")
        }
        guard itemId != nil || query != nil else {
            throw RefusedElement("itemId", "Name the item (itemId), or for a search its text (query).")
        }
        if let eventId { try ElementRules.identifier(eventId, "eventId") }
        if let userId { try ElementRules.identifier(userId, "userId") }
        if let sessionId { try ElementRules.identifier(sessionId, "sessionId") }
        if let itemId { try ElementRules.identifier(itemId, "itemId") }
        try ElementRules.number(value, "value")
        try ElementRules.time(time, "time")
        if let time, time > now, time - now > LiveLimits.futureMilliseconds {
            throw RefusedElement("time", "It lies more than a day ahead of the server's clock: check both clocks.")
        }
        try ElementRules.text(query, "query", maximumBytes: LiveLimits.queryBytes)
        try ElementRules.text(recommendationId, "recommId", maximumBytes: LiveLimits.recommendationIdBytes)
        guard context.count <= LiveLimits.contextBytes else {
            throw RefusedElement(
                "context", "It has \(context.count) bytes; at most \(LiveLimits.contextBytes) are taken.")
        }
    }
}

/// An event as it is kept.
package struct StoredEvent: Sendable, Equatable {
    /// Its place in the order of arrival; never used twice.
    package var sequence: UInt64
    /// By the server's clock, in milliseconds.
    package var receivedTime: Int64
    /// With its time.
    package var event: UserEvent

    package init(sequence: UInt64, receivedTime: Int64, event: UserEvent) {
        self.sequence = sequence
        self.receivedTime = receivedTime
        self.event = event
    }

    package var time: Int64 { event.time ?? receivedTime }
}

// The row of an event, layout 1:
//
//     flags u8 | received time u64 | time u64 | type | those of the flags, in their order
//
// A deleted event keeps its row with the event id alone, so that a sender who repeats it does not bring it back.
extension StoredEvent {
    static let layout: UInt8 = 1
    static let deletedLayout: UInt8 = 2

    private enum Part {
        static let eventId: UInt8 = 1
        static let user: UInt8 = 2
        static let session: UInt8 = 4
        static let item: UInt8 = 8
        static let value: UInt8 = 16
        static let query: UInt8 = 32
        static let recommendation: UInt8 = 64
        static let context: UInt8 = 128
    }

    func row() -> [UInt8] {
        var flags: UInt8 = 0
        if event.eventId != nil { flags |= Part.eventId }
        if event.userId != nil { flags |= Part.user }
        if event.sessionId != nil { flags |= Part.session }
        if event.itemId != nil { flags |= Part.item }
        if event.value != nil { flags |= Part.value }
        if event.query != nil { flags |= Part.query }
        if event.recommendationId != nil { flags |= Part.recommendation }
        if !event.context.isEmpty { flags |= Part.context }
        var row = RowWriter(layout: Self.layout, capacity: 128 + event.context.count)
        row.byte(flags)
        row.time(receivedTime)
        row.time(time)
        row.text(event.type)
        if let eventId = event.eventId { row.text(eventId) }
        if let userId = event.userId { row.text(userId) }
        if let sessionId = event.sessionId { row.text(sessionId) }
        if let itemId = event.itemId { row.text(itemId) }
        if let value = event.value { row.number(value) }
        if let query = event.query { row.text(query) }
        if let recommendationId = event.recommendationId { row.text(recommendationId) }
        if !event.context.isEmpty { row.raw(event.context) }
        return row.finished()
    }

    static func deletedRow(receivedTime: Int64, eventId: String) -> [UInt8] {
        var row = RowWriter(layout: deletedLayout)
        row.time(receivedTime)
        row.text(eventId)
        return row.finished()
    }

    /// What a row of the table of events holds.
    enum Row: Equatable {
        case kept(StoredEvent)
        case deleted(receivedTime: Int64, eventId: String)
    }

    static func read(_ bytes: UnsafeRawBufferPointer, sequence: UInt64) throws(DamagedRow) -> Row {
        var row = unsafe try RowReader(bytes, layouts: layout...deletedLayout)
        guard row.layout == layout else {
            let deleted = Row.deleted(receivedTime: try row.time(), eventId: try row.text())
            try row.finish()
            return deleted
        }
        let flags = try row.byte()
        let receivedTime = try row.time()
        let time = try row.time()
        var event = UserEvent(type: try row.text())
        event.time = time
        if flags & Part.eventId != 0 { event.eventId = try row.text() }
        if flags & Part.user != 0 { event.userId = try row.text() }
        if flags & Part.session != 0 { event.sessionId = try row.text() }
        if flags & Part.item != 0 { event.itemId = try row.text() }
        if flags & Part.value != 0 { event.value = try row.number() }
        if flags & Part.query != 0 { event.query = try row.text() }
        if flags & Part.recommendation != 0 { event.recommendationId = try row.text() }
        if flags & Part.context != 0 { event.context = try row.raw() }
        try row.finish()
        return .kept(StoredEvent(sequence: sequence, receivedTime: receivedTime, event: event))
    }
}

/// What a person's history needs of an event, beside the key so that no second look-up is needed.
package struct HistoryRow: Sendable, Equatable {
    package var sequence: UInt64
    package var time: Int64
    package var type: String
    package var itemId: String?
    package var value: Double?

    init(_ stored: StoredEvent) {
        sequence = stored.sequence
        time = stored.time
        type = stored.event.type
        itemId = stored.event.itemId
        value = stored.event.value
    }

    // Layout 1: flags u8 (1 item, 2 value) | time u64 | type | item | value
    private static let layout: UInt8 = 1

    func row() -> [UInt8] {
        var row = RowWriter(layout: Self.layout)
        row.byte((itemId == nil ? 0 : 1) | (value == nil ? 0 : 2))
        row.time(time)
        row.text(type)
        if let itemId { row.text(itemId) }
        if let value { row.number(value) }
        return row.finished()
    }

    init(_ bytes: UnsafeRawBufferPointer, sequence: UInt64) throws(DamagedRow) {
        var row = unsafe try RowReader(bytes, layouts: Self.layout...Self.layout)
        self.sequence = sequence
        let flags = try row.byte()
        time = try row.time()
        type = try row.text()
        itemId = flags & 1 != 0 ? try row.text() : nil
        value = flags & 2 != 0 ? try row.number() : nil
        try row.finish()
    }
}
