internal import KeyValueStore

extension LiveStoreReader {
    /// A person's events, the latest arrival first.
    ///
    /// - Parameters:
    ///   - after: only those that arrived later than this sequence: what an index has not consumed.
    ///   - before: only those that arrived earlier: a cursor.
    package func history(
        of actor: LiveActor, after: UInt64 = 0, before: UInt64? = nil, limit: Int
    ) throws(LiveStoreError) -> [HistoryRow] {
        var actor = actor
        if case .user(let id) = actor { actor = .user(try leadingUser(of: id)) }
        let prefix = actor.keyPrefix
        // Keys have the complement, so that ascending keys are descending sequences.
        let start = before.map { LiveKeys.byActor(actor, $0 &- 1) } ?? prefix
        if before == 0 { return [] }
        return unsafe try rows(.byActor, from: start, limit: limit) { key, value throws(DamagedRow) in
            let sequence = unsafe ~LiveKeys.trailingNumber(key)
            guard unsafe LiveKeys.hasPrefix(key, prefix), sequence > after else { return nil }
            return unsafe try HistoryRow(value, sequence: sequence)
        }
    }

    /// The same, as they were sent.
    package func events(
        of actor: LiveActor, before: UInt64? = nil, limit: Int
    ) throws(LiveStoreError) -> [StoredEvent] {
        var events: [StoredEvent] = []
        for entry in try history(of: actor, before: before, limit: limit) {
            if let event = try event(entry.sequence) { events.append(event) }
        }
        return events
    }

    /// Events in the order of arrival, later than `after`; `next` is where the following call begins, nil at the end.
    package func events(
        after: UInt64 = 0, limit: Int
    ) throws(LiveStoreError) -> (events: [StoredEvent], next: UInt64?) {
        var visited = 0
        var last = after
        guard after < .max else { return ([], nil) }
        let rows = unsafe try rows(.events, from: LiveKeys.sequence(after + 1), limit: limit) {
            key, value throws(DamagedRow) -> StoredEvent.Row? in
            visited += 1
            last = unsafe LiveKeys.trailingNumber(key)
            return unsafe try StoredEvent.read(value, sequence: last)
        }
        let events = rows.compactMap { row -> StoredEvent? in
            guard case .kept(let stored) = row else { return nil }
            return stored
        }
        return (events, visited < limit ? nil : last)
    }

    /// Events, the latest arrival first.
    package func latestEvents(before: UInt64? = nil, limit: Int) throws(LiveStoreError) -> [StoredEvent] {
        var events: [StoredEvent] = []
        var cursor = before.map { LiveKeys.sequence($0) }
        while events.count < limit {
            var last: [UInt8]?
            let rows = unsafe try rows(.events, from: cursor, descending: true, limit: limit - events.count) {
                key, value throws(DamagedRow) -> StoredEvent.Row? in
                last = unsafe [UInt8](key)
                return unsafe try StoredEvent.read(value, sequence: LiveKeys.trailingNumber(key))
            }
            for case .kept(let stored) in rows { events.append(stored) }
            guard let last else { break }
            cursor = last
        }
        return events
    }

    /// Items by the bytes of their ids, after `after`; deleted ones too, since an index may have them.
    package func items(after: String? = nil, limit: Int) throws(LiveStoreError) -> [LiveItem] {
        unsafe try rows(.items, from: Self.start(after), limit: limit) { key, value throws(DamagedRow) in
            unsafe try LiveItem(value, itemId: LiveKeys.text(key))
        }
    }

    package func users(after: String? = nil, limit: Int) throws(LiveStoreError) -> [LiveUser] {
        unsafe try rows(.users, from: Self.start(after), limit: limit) { key, value throws(DamagedRow) in
            unsafe try LiveUser(value, userId: LiveKeys.text(key))
        }
    }

    package func merges(after: String? = nil, limit: Int) throws(LiveStoreError) -> [UserMerge] {
        unsafe try rows(.merges, from: Self.start(after), limit: limit) { key, value throws(DamagedRow) in
            unsafe try UserMerge(value, from: LiveKeys.text(key))
        }
    }

    package func erasures(after: String? = nil, limit: Int) throws(LiveStoreError) -> [Erasure] {
        unsafe try rows(.erasures, from: Self.start(after), limit: limit) { key, value throws(DamagedRow) in
            unsafe try Erasure(value, userId: LiveKeys.text(key))
        }
    }

    /// Who was merged into a user, ascending.
    package func mergedUsers(into id: String) throws(LiveStoreError) -> [String] {
        let prefix = Array(id.utf8) + [0]
        return unsafe try rows(.merged, from: prefix, limit: LiveLimits.mergedUsers) {
            key, _ throws(DamagedRow) -> String? in
            guard unsafe LiveKeys.hasPrefix(key, prefix) else { return nil }
            return unsafe String(decoding: key.dropFirst(prefix.count), as: UTF8.self)
        }
    }

    /// Which store this is, and from which ones it came.
    package func lineage() throws(LiveStoreError) -> StoreLineage {
        // Its id first: it never changes, and sequences only grow.
        let id = try number(.meta, LiveKeys.store).map { LiveStoreId($0) }
        let ancestors = unsafe try rows(.meta, from: LiveKeys.ancestors, limit: .max) {
            key, value throws(DamagedRow) -> (LiveStoreId, UInt64)? in
            guard let other = unsafe LiveKeys.ancestor(key) else { return nil }
            return (other, unsafe try NumberRow.read(value))
        }
        return StoreLineage(
            id: id, ancestors: Dictionary(ancestors) { $1 }, lastSequence: try nextSequence() - 1)
    }

    /// What the next change gets.
    package func nextSequence() throws(LiveStoreError) -> UInt64 { try number(.meta, LiveKeys.nextSequence) ?? 1 }

    /// The id that follows: no id has a control character.
    private static func start(_ after: String?) -> [UInt8]? { after.map { Array($0.utf8) + [0] } }

    /// Rows from `start` on, until `read` gives nil or there are enough.
    private func rows<Row>(
        _ table: LiveTable, from start: [UInt8]?, descending: Bool = false, limit: Int,
        _ read: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(DamagedRow) -> Row?
    ) throws(LiveStoreError) -> [Row] {
        guard limit > 0 else { return [] }
        var rows: [Row] = []
        var damage: LiveStoreError?
        let snapshot = try snapshot()
        do {
            unsafe try snapshot.scan(table.table, from: start, descending: descending) { key, value in
                do throws(DamagedRow) {
                    guard let row = unsafe try read(key, value) else { return false }
                    rows.append(row)
                } catch {
                    damage = LiveStoreError(damagedRow: error, table: table, key: unsafe [UInt8](key))
                    return false
                }
                return rows.count < limit
            }
        } catch {
            throw LiveStoreError(error)
        }
        if let damage { throw damage }
        return rows
    }
}
