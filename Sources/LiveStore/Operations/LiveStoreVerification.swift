internal import KeyValueStore

/// What a look at every row found.
package struct LiveStoreVerification: Sendable, Equatable {
    package var eventCount = 0
    package var historyCount = 0
    package var itemCount = 0
    package var userCount = 0
    package var erasureCount = 0
    /// The first of them, in words; empty: all is well.
    package var problems: [String] = []

    package var isIntact: Bool { problems.isEmpty }

    /// As many as anybody reads.
    static let problemLimit = 100

    mutating func note(_ problem: String) {
        if problems.count < Self.problemLimit { problems.append(problem) }
    }
}

extension LiveStoreReader {
    /// Reads every row of one snapshot, and checks that the tables agree: each event lies under its people and its id, and what
    /// lies there leads to an event. While the store is written, too.
    package func verify() throws(LiveStoreError) -> LiveStoreVerification {
        var found = LiveStoreVerification()
        let snapshot = try snapshot()
        let check = RowsCheck()
        do {
            try check.events(snapshot, &found)
            try check.histories(snapshot, &found)
            try check.ids(snapshot, &found)
            try check.others(snapshot, &found)
        } catch {
            throw LiveStoreError(error)
        }
        snapshot.end()
        return found
    }
}

private struct RowsCheck {
    /// Reads all rows of a table; a damaged one is noted, and the next follows.
    private func rows(
        _ snapshot: borrowing LiveSnapshot, _ table: LiveTable, _ found: inout LiveStoreVerification,
        _ read: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(DamagedRow) -> Void
    ) throws(KeyValueError) {
        unsafe try snapshot.scan(table.table) { key, value in
            do throws(DamagedRow) {
                unsafe try read(key, value)
            } catch {
                found.note("\(table.name), key \(LiveKeys.shown(unsafe [UInt8](key))): \(error.text)")
            }
            return true
        }
    }

    func events(_ snapshot: borrowing LiveSnapshot, _ found: inout LiveStoreVerification) throws(KeyValueError) {
        var count = 0
        var last: UInt64 = 0
        var notes = Notes()
        unsafe try rows(snapshot, .events, &found) { key, value throws(DamagedRow) in
            let sequence = unsafe LiveKeys.trailingNumber(key)
            last = max(last, sequence)
            switch unsafe try StoredEvent.read(value, sequence: sequence) {
            case .deleted(_, let eventId):
                notes.check { () throws(KeyValueError) in
                    try id(eventId, leadsTo: sequence, snapshot)
                }
            case .kept(let stored):
                count += 1
                notes.check { () throws(KeyValueError) in try event(stored, snapshot) }
            }
        }
        let next = try number(snapshot, .meta, LiveKeys.nextSequence) ?? 1
        if last >= next { found.note("the next sequence is \(next), but event \(last) is there") }
        found.eventCount = count
        try notes.add(to: &found)
    }

    private func id(
        _ eventId: String, leadsTo sequence: UInt64, _ snapshot: borrowing LiveSnapshot
    ) throws(KeyValueError) -> String? {
        let known = try number(snapshot, .byId, Array(eventId.utf8))
        return known == sequence ? nil : "event \(sequence) is not found by its id"
    }

    private func event(_ stored: StoredEvent, _ snapshot: borrowing LiveSnapshot) throws(KeyValueError) -> String? {
        if let eventId = stored.event.eventId, let problem = try id(eventId, leadsTo: stored.sequence, snapshot) {
            return problem
        }
        for actor in try lyingUnder(snapshot, stored.event) {
            let key = LiveKeys.byActor(actor, stored.sequence)
            let isThere = unsafe try snapshot.get(LiveTable.byActor.table, key) { _ in true }
            if isThere != true { return "event \(stored.sequence) is missing in a history" }
        }
        return nil
    }

    func histories(_ snapshot: borrowing LiveSnapshot, _ found: inout LiveStoreVerification) throws(KeyValueError) {
        var count = 0
        var notes = Notes()
        unsafe try rows(snapshot, .byActor, &found) { key, value throws(DamagedRow) in
            count += 1
            let sequence = unsafe ~LiveKeys.trailingNumber(key)
            let entry = unsafe try HistoryRow(value, sequence: sequence)
            notes.check { () throws(KeyValueError) in
                let event = unsafe try snapshot.get(LiveTable.events.table, LiveKeys.sequence(sequence)) { bytes in
                    Result { () throws(DamagedRow) in unsafe try StoredEvent.read(bytes, sequence: sequence) }
                }
                guard case .success(.kept(let stored))? = event, HistoryRow(stored) == entry else {
                    return "a history has event \(sequence), which is not there, or another one"
                }
                return nil
            }
        }
        found.historyCount = count
        try notes.add(to: &found)
    }

    func ids(_ snapshot: borrowing LiveSnapshot, _ found: inout LiveStoreVerification) throws(KeyValueError) {
        var notes = Notes()
        unsafe try rows(snapshot, .byId, &found) { _, value throws(DamagedRow) in
            let sequence = unsafe try NumberRow.read(value)
            notes.check { () throws(KeyValueError) in
                let isThere = unsafe try snapshot.get(LiveTable.events.table, LiveKeys.sequence(sequence)) { _ in true }
                return isThere == true ? nil : "an event id leads to event \(sequence), which is not there"
            }
        }
        try notes.add(to: &found)
    }

    func others(_ snapshot: borrowing LiveSnapshot, _ found: inout LiveStoreVerification) throws(KeyValueError) {
        var itemCount = 0
        unsafe try rows(snapshot, .items, &found) { key, value throws(DamagedRow) in
            itemCount += 1
            _ = unsafe try LiveItem(value, itemId: LiveKeys.text(key))
        }
        var userCount = 0
        unsafe try rows(snapshot, .users, &found) { key, value throws(DamagedRow) in
            userCount += 1
            _ = unsafe try LiveUser(value, userId: LiveKeys.text(key))
        }
        var erasureCount = 0
        unsafe try rows(snapshot, .erasures, &found) { key, value throws(DamagedRow) in
            erasureCount += 1
            _ = unsafe try Erasure(value, userId: LiveKeys.text(key))
        }
        unsafe try rows(snapshot, .meta, &found) { _, value throws(DamagedRow) in _ = unsafe try NumberRow.read(value) }
        var merges: [UserMerge] = []
        unsafe try rows(snapshot, .merges, &found) { key, value throws(DamagedRow) in
            merges.append(unsafe try UserMerge(value, from: LiveKeys.text(key)))
        }
        for merge in merges {
            let key = LiveKeys.merged(into: merge.into, from: merge.from)
            if unsafe try snapshot.get(LiveTable.merged.table, key, { _ in true }) != true {
                found.note("a merge is not found by whom it leads to")
            }
        }
        (found.itemCount, found.userCount, found.erasureCount) = (itemCount, userCount, erasureCount)
    }

    private func lyingUnder(
        _ snapshot: borrowing LiveSnapshot, _ event: UserEvent
    ) throws(KeyValueError) -> [LiveActor] {
        var actors: [LiveActor] = []
        if let userId = event.userId {
            let merge = unsafe try snapshot.get(LiveTable.merges.table, Array(userId.utf8)) { bytes in
                Result { () throws(DamagedRow) in unsafe try UserMerge(bytes, from: userId) }
            }
            if case .success(let merge)? = merge {
                actors.append(.user(merge.into))
            } else {
                actors.append(.user(userId))
            }
        }
        if let sessionId = event.sessionId { actors.append(.session(sessionId)) }
        return actors
    }

    private func number(
        _ snapshot: borrowing LiveSnapshot, _ table: LiveTable, _ key: [UInt8]
    ) throws(KeyValueError) -> UInt64? {
        let found = unsafe try snapshot.get(table.table, key) { bytes in
            Result { () throws(DamagedRow) in unsafe try NumberRow.read(bytes) }
        }
        guard case .success(let value)? = found else { return nil }
        return value
    }
}

/// What the looks from one table into others found, while the first is read.
private struct Notes {
    private var problems: [String] = []
    private var failure: KeyValueError?

    mutating func check(_ look: () throws(KeyValueError) -> String?) {
        guard failure == nil else { return }
        do throws(KeyValueError) {
            if let problem = try look(), problems.count < LiveStoreVerification.problemLimit {
                problems.append(problem)
            }
        } catch {
            failure = error
        }
    }

    func add(to found: inout LiveStoreVerification) throws(KeyValueError) {
        if let failure { throw failure }
        for problem in problems { found.note(problem) }
    }
}
