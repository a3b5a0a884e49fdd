/// What users did, told with circumstances that recommenders do not need: rows in columns, in the order of the file,
/// 25 bytes a row beside the id tables, 12 more where it was read for visits, and 12 again for trends. -1 where a row lacks something.
package struct BehaviourLog: Sendable {
    package private(set) var users = IdentifierTable()
    package private(set) var items = IdentifierTable()
    package private(set) var queries = IdentifierTable()
    package private(set) var channels = IdentifierTable()
    package private(set) var genders = IdentifierTable()
    package private(set) var cityTiers = IdentifierTable()
    package private(set) var sessions = IdentifierTable()
    package private(set) var categories = IdentifierTable()
    /// The names that `eventTypeIndexes` points into.
    package internal(set) var eventTypes: [String]

    package private(set) var userIndexes: [Int32] = []
    package private(set) var itemIndexes: [Int32] = []
    package private(set) var queryIndexes: [Int32] = []
    package private(set) var channelIndexes: [Int32] = []
    package private(set) var genderIndexes: [Int32] = []
    package private(set) var cityTierIndexes: [Int32] = []
    package private(set) var eventTypeIndexes: [UInt8] = []
    /// Milliseconds since 1970-01-01T00:00:00Z; empty unless the file was read for visits, as `sessionIndexes` is.
    package private(set) var times: [Int64] = []
    package private(set) var sessionIndexes: [Int32] = []
    /// What a row came to, NaN where it does not say; empty unless the file was read for trends, as `categoryIndexes` is.
    package private(set) var amounts: [Double] = []
    package private(set) var categoryIndexes: [Int32] = []

    package init(eventTypes: [String]) {
        precondition(eventTypes.count <= InteractionLog.maximalEventTypeCount)
        self.eventTypes = eventTypes
    }

    package var count: Int { userIndexes.count }

    /// Appends a row; what is empty is absent, the user never is.
    mutating func append(
        user: Span<UInt8>, item: Span<UInt8>, query: Span<UInt8>, channel: Span<UInt8>, gender: Span<UInt8>,
        cityTier: Span<UInt8>, eventType: Int
    ) {
        userIndexes.append(users.intern(user))
        itemIndexes.append(item.isEmpty ? -1 : items.intern(item))
        queryIndexes.append(query.isEmpty ? -1 : queries.intern(query))
        channelIndexes.append(channel.isEmpty ? -1 : channels.intern(channel))
        genderIndexes.append(gender.isEmpty ? -1 : genders.intern(gender))
        cityTierIndexes.append(cityTier.isEmpty ? -1 : cityTiers.intern(cityTier))
        eventTypeIndexes.append(UInt8(eventType))
    }

    /// Of the row appended last.
    mutating func append(time: Int64, session: Span<UInt8>) {
        times.append(time)
        sessionIndexes.append(session.isEmpty ? -1 : sessions.intern(session))
    }

    /// Of the row appended last.
    mutating func append(amount: Double, category: Span<UInt8>) {
        amounts.append(amount)
        categoryIndexes.append(category.isEmpty ? -1 : categories.intern(category))
    }

    /// Adds the rows of another file after these, whose event types are told by their names; 256 types at most.
    package mutating func append(_ other: BehaviourLog, path: String) throws(ReadError) {
        var types: [Int] = []
        for name in other.eventTypes {
            if !eventTypes.contains(name) { eventTypes.append(name) }
            types.append(eventTypes.firstIndex(of: name) ?? 0)
        }
        guard eventTypes.count <= InteractionLog.maximalEventTypeCount else {
            throw ReadError(
                .badOption, operation: "add the rows of the file", path: path,
                expected: "at most \(InteractionLog.maximalEventTypeCount) event types", found: "\(eventTypes.count)",
                remedy: "Map the type to another column by --columns.")
        }
        func text(_ table: IdentifierTable, _ index: Int32) -> ArraySlice<UInt8> {
            index < 0 ? [] : table.bytes(at: Int(index))
        }
        for row in 0..<other.count {
            append(
                user: text(other.users, other.userIndexes[row]).span,
                item: text(other.items, other.itemIndexes[row]).span,
                query: text(other.queries, other.queryIndexes[row]).span,
                channel: text(other.channels, other.channelIndexes[row]).span,
                gender: text(other.genders, other.genderIndexes[row]).span,
                cityTier: text(other.cityTiers, other.cityTierIndexes[row]).span,
                eventType: types[Int(other.eventTypeIndexes[row])])
            if !other.times.isEmpty {
                append(time: other.times[row], session: text(other.sessions, other.sessionIndexes[row]).span)
            }
            if !other.amounts.isEmpty {
                append(amount: other.amounts[row], category: text(other.categories, other.categoryIndexes[row]).span)
            }
        }
    }

    /// Sets the times that the whole column showed to be others, and takes out the rows that it showed to have none.
    mutating func apply(_ judgement: TimeColumn.Judgement) {
        for change in judgement.changes { times[change.row] = change.milliseconds }
        guard !judgement.refused.isEmpty else { return }
        let refused = Set(judgement.refused.map(\.row))
        func text(_ table: IdentifierTable, _ index: Int32) -> ArraySlice<UInt8> {
            index < 0 ? [] : table.bytes(at: Int(index))
        }
        var kept = BehaviourLog(eventTypes: eventTypes)
        for row in 0..<count where !refused.contains(row) {
            kept.append(
                user: text(users, userIndexes[row]).span, item: text(items, itemIndexes[row]).span,
                query: text(queries, queryIndexes[row]).span, channel: text(channels, channelIndexes[row]).span,
                gender: text(genders, genderIndexes[row]).span, cityTier: text(cityTiers, cityTierIndexes[row]).span,
                eventType: Int(eventTypeIndexes[row]))
            kept.append(time: times[row], session: text(sessions, sessionIndexes[row]).span)
            if !amounts.isEmpty {
                kept.append(amount: amounts[row], category: text(categories, categoryIndexes[row]).span)
            }
        }
        self = kept
    }
}
