internal import KeyValueStore

/// One transaction of the writer: applies changes one after the other, each seeing those before it.
struct ChangeApplier: ~Copyable {
    var write: LiveWrite
    /// What the next change gets.
    private(set) var nextSequence: UInt64
    /// The server's clock, in milliseconds.
    let now: Int64

    private init(write: consuming LiveWrite, now: Int64) {
        self.write = write
        self.now = now
        nextSequence = 1
    }

    static func begin(_ environment: LiveEnvironment, now: Int64) throws(LiveStoreError) -> ChangeApplier {
        var applier: ChangeApplier
        do { applier = ChangeApplier(write: try environment.beginWrite(), now: now) } catch {
            throw LiveStoreError(error)
        }
        if let stored = try applier.number(.meta, LiveKeys.nextSequence) { applier.nextSequence = stored }
        return applier
    }

    mutating func apply(_ change: LiveChange) throws(LiveStoreError) -> LiveOutcome {
        switch change {
        case .putEvents(let events): .elements(try put(events))
        case .deleteEvents(let selection): .elements(try delete(selection))
        case .upsertItems(let items): .elements(try upsert(items))
        case .deleteItems(let ids): .elements(try deleteItems(ids))
        case .upsertUsers(let users): .elements(try upsert(users))
        case .mergeUsers(let from, let into): try merge(from, into: into)
        case .eraseUser(let id, let copies): .erased(try erase(id, copies: copies))
        case .adoptErasures(let erasures): .elements(try adopt(erasures))
        case .follow(let other): .elements(try follow(other))
        }
    }

    /// Returns when all of it is on the disk.
    consuming func commit() throws(LiveStoreError) {
        try setNumber(.meta, LiveKeys.nextSequence, nextSequence)
        do { try write.commit() } catch { throw LiveStoreError(error) }
    }

    mutating func takeSequence() -> UInt64 {
        defer { nextSequence += 1 }
        return nextSequence
    }

    private mutating func follow(_ other: LiveStoreId) throws(LiveStoreError) -> [ElementOutcome] {
        guard nextSequence == 1 else {
            throw LiveStoreError(.refused, "The live store is not empty any more: nothing is known of store \(other).")
        }
        try setNumber(.meta, LiveKeys.ancestor(other), 0)
        return []
    }

    /// Makes another store of the one that it was until now.
    mutating func beginAnew(as id: LiveStoreId, after lineage: StoreLineage) throws(LiveStoreError) {
        if let earlier = lineage.id { try setNumber(.meta, LiveKeys.ancestor(earlier), lineage.lastSequence) }
        try setNumber(.meta, LiveKeys.store, id.number)
    }

    // MARK: Rows

    mutating func put(_ table: LiveTable, _ key: [UInt8], _ row: [UInt8]) throws(LiveStoreError) {
        do { try write.put(table.table, key, row) } catch { throw LiveStoreError(error) }
    }

    @discardableResult
    mutating func delete(_ table: LiveTable, _ key: [UInt8]) throws(LiveStoreError) -> Bool {
        do { return try write.delete(table.table, key) } catch { throw LiveStoreError(error) }
    }

    borrowing func row<Row>(
        _ table: LiveTable, _ key: [UInt8], _ read: (UnsafeRawBufferPointer) throws(DamagedRow) -> Row
    ) throws(LiveStoreError) -> Row? {
        let found: Result<Row, DamagedRow>?
        do {
            found = unsafe try write.get(table.table, key) { bytes in
                Result { () throws(DamagedRow) in unsafe try read(bytes) }
            }
        } catch {
            throw LiveStoreError(error)
        }
        switch found {
        case nil: return nil
        case .success(let row): return row
        case .failure(let damage): throw LiveStoreError(damagedRow: damage, table: table, key: key)
        }
    }

    /// The keys that begin with `prefix`, ascending, at most `limit`.
    borrowing func keys(
        _ table: LiveTable, prefix: [UInt8], limit: Int = .max
    ) throws(LiveStoreError) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        do {
            unsafe try write.scan(table.table, from: prefix.isEmpty ? nil : prefix) { key, _ in
                guard keys.count < limit, unsafe LiveKeys.hasPrefix(key, prefix) else { return false }
                keys.append(unsafe [UInt8](key))
                return true
            }
        } catch {
            throw LiveStoreError(error)
        }
        return keys
    }

    borrowing func number(_ table: LiveTable, _ key: [UInt8]) throws(LiveStoreError) -> UInt64? {
        unsafe try row(table, key) { bytes throws(DamagedRow) in unsafe try NumberRow.read(bytes) }
    }

    mutating func setNumber(_ table: LiveTable, _ key: [UInt8], _ value: UInt64) throws(LiveStoreError) {
        try put(table, key, NumberRow.bytes(value))
    }
}

/// A row that is one number: layout 1, u64.
enum NumberRow {
    static func bytes(_ value: UInt64) -> [UInt8] {
        var row = RowWriter(layout: 1, capacity: 16)
        row.fixed(value)
        return row.finished()
    }

    static func read(_ bytes: UnsafeRawBufferPointer) throws(DamagedRow) -> UInt64 {
        var row = unsafe try RowReader(bytes, layouts: 1...1)
        let value = try row.fixed()
        try row.finish()
        return value
    }
}
