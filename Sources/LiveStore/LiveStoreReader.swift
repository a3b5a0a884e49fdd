internal import KeyValueStore
internal import StoredFiles

/// Reads a live store: the server's own, or one that another process writes. From any thread; nobody waits for it.
package final class LiveStoreReader: Sendable {
    /// What this program writes. Another one is refused.
    static let format: UInt64 = 1

    let environment: LiveEnvironment

    init(_ environment: LiveEnvironment) { self.environment = environment }

    /// Opens a store that another process may be writing.
    package convenience init(directory: String, options: LiveStoreOptions = LiveStoreOptions()) throws(LiveStoreError) {
        let files = LiveStoreFiles(directory: directory)
        let path = files.data
        let environment: LiveEnvironment
        do {
            environment = try LiveEnvironment(
                path: path, tables: LiveTable.allCases.map(\.name), mapByteCount: options.mapByteCount,
                sharing: .reading,
                faults: options.faults)
        } catch {
            guard error.code != .pathMissing else {
                throw LiveStoreError(
                    .notAStore,
                    "\(directory) holds no live store: name the directory that the server was given (--live).")
            }
            throw LiveStoreError(error)
        }
        self.init(environment)
        try checkFormat()
    }

    /// Whether there is a format already; throws where it is another.
    @discardableResult
    func checkFormat() throws(LiveStoreError) -> Bool {
        guard let found = try number(.meta, LiveKeys.format) else { return false }
        guard found == Self.format else {
            throw LiveStoreError(
                .format,
                "\(environment.path): the live store has format \(found), this program reads format \(Self.format). Write it "
                    + "out with the program that made it ('foretaste dump') and read it in with this one ('foretaste load')."
            )
        }
        return true
    }

    func snapshot() throws(LiveStoreError) -> LiveSnapshot {
        do { return try environment.beginRead() } catch { throw LiveStoreError(error) }
    }

    // MARK: One row

    package func item(_ id: String) throws(LiveStoreError) -> LiveItem? {
        unsafe try row(.items, Array(id.utf8)) { bytes throws(DamagedRow) in unsafe try LiveItem(bytes, itemId: id) }
    }

    /// By the id of whoever the user was merged into.
    package func user(_ id: String) throws(LiveStoreError) -> LiveUser? {
        let leader = try leadingUser(of: id)
        return unsafe try row(.users, Array(leader.utf8)) { bytes throws(DamagedRow) in
            unsafe try LiveUser(bytes, userId: leader)
        }
    }

    package func event(_ sequence: UInt64) throws(LiveStoreError) -> StoredEvent? {
        let found = unsafe try row(.events, LiveKeys.sequence(sequence)) { bytes throws(DamagedRow) in
            unsafe try StoredEvent.read(bytes, sequence: sequence)
        }
        guard case .kept(let stored)? = found else { return nil }
        return stored
    }

    package func event(id: String) throws(LiveStoreError) -> StoredEvent? {
        guard let sequence = try number(.byId, Array(id.utf8)) else { return nil }
        return try event(sequence)
    }

    package func erasure(of userId: String) throws(LiveStoreError) -> Erasure? {
        unsafe try row(.erasures, Array(userId.utf8)) { bytes throws(DamagedRow) in
            unsafe try Erasure(bytes, userId: userId)
        }
    }

    /// Whom a user was merged into; the user, where into nobody.
    package func leadingUser(of id: String) throws(LiveStoreError) -> String {
        let merge = unsafe try row(.merges, Array(id.utf8)) { bytes throws(DamagedRow) in
            unsafe try UserMerge(bytes, from: id)
        }
        return merge?.into ?? id
    }

    func number(_ table: LiveTable, _ key: [UInt8]) throws(LiveStoreError) -> UInt64? {
        unsafe try row(table, key) { bytes throws(DamagedRow) in unsafe try NumberRow.read(bytes) }
    }

    private func row<Row>(
        _ table: LiveTable, _ key: [UInt8], _ read: (UnsafeRawBufferPointer) throws(DamagedRow) -> Row
    ) throws(LiveStoreError) -> Row? {
        let snapshot = try snapshot()
        let found: Result<Row, DamagedRow>?
        do {
            found = unsafe try snapshot.get(table.table, key) { bytes in
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
}
