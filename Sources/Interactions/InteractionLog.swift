/// Interactions in columns, in the order they were appended; 21 bytes a row beside the id tables,
/// 4 more where the source has sessions.
package struct InteractionLog: Sendable {
    package private(set) var users = IdentifierTable()
    package private(set) var items = IdentifierTable()
    /// The names that `eventTypeIndexes` points into.
    package let eventTypes: [String]
    /// False when the source has no time column: the order of the rows is then the order of time, and `times` holds
    /// the row's number, counted from 0.
    package private(set) var hasTimes: Bool

    /// Per row, an index of `users`.
    package private(set) var userIndexes: [Int32] = []
    /// Per row, an index of `items`.
    package private(set) var itemIndexes: [Int32] = []
    /// Per row, milliseconds since 1970-01-01T00:00:00Z, or the row's number where `hasTimes` is false.
    package private(set) var times: [Int64] = []
    /// Per row, a quantity or a rating; NaN where there is none.
    package private(set) var values: [Float] = []
    package private(set) var eventTypeIndexes: [UInt8] = []

    /// Per row, a number that the rows of one session share, from 0; empty where the source has no sessions.
    package private(set) var sessionIndexes: [Int32] = []

    /// At most 256 event types, as a row keeps one byte for it; more is a programmer's error.
    package static let maximalEventTypeCount = 256

    package init(eventTypes: [String], hasTimes: Bool) {
        precondition(eventTypes.count <= Self.maximalEventTypeCount)
        self.eventTypes = eventTypes
        self.hasTimes = hasTimes
    }

    package var count: Int { userIndexes.count }
    package var isEmpty: Bool { userIndexes.isEmpty }
    package var hasSessions: Bool { !sessionIndexes.isEmpty }

    /// The time of the newest row; nil when the log is empty.
    package var newestTime: Int64? { times.max() }

    /// Appends a row. `time` is not looked at where `hasTimes` is false. Either every row has a session or none: anything
    /// else is a programmer's error.
    package mutating func append(
        user: Span<UInt8>, item: Span<UInt8>, eventType: UInt8, time: Int64, value: Float = .nan,
        session: Int32? = nil
    ) {
        precondition(isEmpty || hasSessions == (session != nil))
        if let session { sessionIndexes.append(session) }
        precondition(Int(eventType) < eventTypes.count)
        userIndexes.append(users.intern(user))
        itemIndexes.append(items.intern(item))
        times.append(hasTimes ? time : Int64(times.count))
        values.append(value)
        eventTypeIndexes.append(eventType)
    }

    package mutating func append(
        user: String, item: String, eventType: UInt8 = 0, time: Int64 = 0, value: Float = .nan, session: Int32? = nil
    ) {
        append(
            user: Array(user.utf8).span, item: Array(item.utf8).span, eventType: eventType, time: time, value: value,
            session: session)
    }

    /// The same rows where the order of the rows is known to be the order of time: row numbers count as times, in
    /// milliseconds. A log that has times stays as it is.
    package func takingOrderAsTime() -> InteractionLog {
        var log = self
        log.hasTimes = true
        return log
    }

    /// The given rows in the given order, with the same id tables: indexes mean the same in both logs.
    package func subset(rows: some Collection<Int>) -> InteractionLog {
        var subset = self
        subset.userIndexes = rows.map { userIndexes[$0] }
        subset.itemIndexes = rows.map { itemIndexes[$0] }
        subset.times = rows.map { times[$0] }
        subset.values = rows.map { values[$0] }
        if hasSessions { subset.sessionIndexes = rows.map { sessionIndexes[$0] } }
        subset.eventTypeIndexes = rows.map { eventTypeIndexes[$0] }
        return subset
    }

    /// The rows for which `isIncluded` holds, in order, with the same id tables.
    package func filter(_ isIncluded: (_ row: Int) -> Bool) -> InteractionLog {
        subset(rows: (0..<count).filter(isIncluded))
    }

    /// The rows oldest first; rows of equal time keep their order. Linear time.
    package func sortedByTime() -> InteractionLog {
        if zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }) { return self }
        return subset(rows: TimeOrder.ascending(times).map { Int($0) })
    }
}
