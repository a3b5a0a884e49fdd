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

    /// Per row, what it came to in money, 0 where that is not told; empty where the source has no column of it.
    package private(set) var amounts: [Double] = []
    /// The source's name of the column of values; nil where it has none.
    package internal(set) var valueColumn: String?

    /// At most 256 event types, as a row keeps one byte for it; more is a programmer's error.
    package static let maximalEventTypeCount = 256

    package init(eventTypes: [String], hasTimes: Bool, valueColumn: String? = nil) {
        precondition(eventTypes.count <= Self.maximalEventTypeCount)
        self.eventTypes = eventTypes
        self.hasTimes = hasTimes
        self.valueColumn = valueColumn
    }

    /// No rows, but ids that are known.
    package init(eventTypes: [String], hasTimes: Bool, knowing users: IdentifierTable, items: IdentifierTable) {
        self.init(eventTypes: eventTypes, hasTimes: hasTimes)
        self.users = users
        self.items = items
    }

    package var count: Int { userIndexes.count }
    package var isEmpty: Bool { userIndexes.isEmpty }
    package var hasSessions: Bool { !sessionIndexes.isEmpty }
    package var hasAmounts: Bool { !amounts.isEmpty }

    /// Ids that are written in two ways, which makes two of one: for people.
    package var idWarnings: [String] {
        [WholeNumberIds.warning(users, of: "user"), WholeNumberIds.warning(items, of: "item")].compactMap { $0 }
    }

    /// The time of the newest row; nil when the log is empty.
    package var newestTime: Int64? { times.max() }

    /// Appends a row. `time` is not looked at where `hasTimes` is false. Either every row has a session or none: anything
    /// else is a programmer's error.
    package mutating func append(
        user: Span<UInt8>, item: Span<UInt8>, eventType: UInt8, time: Int64, value: Float = .nan,
        session: Int32? = nil, amount: Double? = nil
    ) {
        precondition(isEmpty || hasSessions == (session != nil))
        if amount != nil || hasAmounts {
            // Rows from elsewhere tell no amount.
            while amounts.count < count { amounts.append(0) }
            amounts.append(amount ?? 0)
        }
        if let session { sessionIndexes.append(session) }
        precondition(Int(eventType) < eventTypes.count)
        userIndexes.append(users.intern(user))
        itemIndexes.append(items.intern(item))
        times.append(hasTimes ? time : Int64(times.count))
        values.append(value)
        eventTypeIndexes.append(eventType)
    }

    package mutating func append(
        user: String, item: String, eventType: UInt8 = 0, time: Int64 = 0, value: Float = .nan, session: Int32? = nil,
        amount: Double? = nil
    ) {
        append(
            user: Array(user.utf8).span, item: Array(item.utf8).span, eventType: eventType, time: time, value: value,
            session: session, amount: amount)
    }

    /// Adds the rows of another file after these. Sessions are those of their own file.
    package mutating func append(_ other: InteractionLog, path: String) throws(ReadError) {
        let isAlike = other.hasSessions == hasSessions && other.hasAmounts == hasAmounts || other.isEmpty || isEmpty
        guard other.hasTimes == hasTimes, isAlike else {
            let part = other.hasTimes != hasTimes ? "times" : other.hasSessions != hasSessions ? "sessions" : "amounts"
            throw ReadError(
                .timesInSomeRowsOnly, operation: "add the rows of the file", path: path,
                expected: "\(part) in all files or in none", found: "\(part) in some",
                remedy: "Map the column by --columns, or leave it out of all files by an empty name (time=).")
        }
        valueColumn = valueColumn ?? other.valueColumn
        let firstSession = (sessionIndexes.max() ?? -1) + 1
        for row in 0..<other.count {
            append(
                user: other.users.bytes(at: Int(other.userIndexes[row])).span,
                item: other.items.bytes(at: Int(other.itemIndexes[row])).span, eventType: other.eventTypeIndexes[row],
                time: other.times[row], value: other.values[row],
                session: other.hasSessions ? firstSession + other.sessionIndexes[row] : nil,
                amount: other.hasAmounts ? other.amounts[row] : nil)
        }
    }

    /// Sets the times that the whole column showed to be others, and takes out the rows that it showed to have none.
    mutating func apply(_ judgement: TimeColumn.Judgement) {
        for change in judgement.changes { times[change.row] = change.milliseconds }
        guard !judgement.refused.isEmpty else { return }
        let refused = Set(judgement.refused.map(\.row))
        self = rewritten { row in refused.contains(row) ? nil : users.bytes(at: Int(userIndexes[row])) }
    }

    /// The rows for which `user` gives somebody's id, as theirs, with all else that they say. Ids that no row has any more are not
    /// known.
    package func rewritten(_ user: (_ row: Int) -> ArraySlice<UInt8>?) -> InteractionLog {
        var kept = InteractionLog(eventTypes: eventTypes, hasTimes: hasTimes, valueColumn: valueColumn)
        for row in 0..<count {
            guard let user = user(row) else { continue }
            kept.append(
                user: user.span, item: items.bytes(at: Int(itemIndexes[row])).span, eventType: eventTypeIndexes[row],
                time: times[row], value: values[row], session: hasSessions ? sessionIndexes[row] : nil,
                amount: hasAmounts ? amounts[row] : nil)
        }
        return kept
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
        if hasAmounts { subset.amounts = rows.map { amounts[$0] } }
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
