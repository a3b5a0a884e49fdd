internal import CLMDB

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// One LMDB file with one table. It is a class because it owns the map: the file stays mapped until the last
/// reference, those of its transactions included, is gone.
///
/// No lock file is made. A file opened by `init(readingImmutable:)` is never written again by anyone; a file opened
/// by `init(creating:)` belongs to one builder, and whoever calls has seen to that. Without lock files one process may
/// map the same file more than once, which LMDB otherwise forbids. `MDB_WRITEMAP` is never used:
/// on a full disk it kills the process.
@safe package final class Environment {
    package let path: String
    package let isImmutable: Bool
    /// Of the file, in bytes: the machine's page size where the file was made.
    package let pageByteCount: Int
    /// The size of an immutable file; of any other, the room it has at most when it is opened.
    package let mapByteCount: Int
    let handle: OpaquePointer
    let table: MDB_dbi
    let faults: StoreFaults?

    /// Maps a finished file. The page structure is checked first, so that a truncated or damaged file is an error here
    /// and not a fatal signal later; the cost is a few page reads.
    package convenience init(readingImmutable path: String, faults: StoreFaults? = nil) throws(KeyValueError) {
        let facts = try StoreFileCheck.run(path: path)
        try self.init(
            path: path, flags: MDB_RDONLY | MDB_NORDAHEAD, mapByteCount: facts.byteCount, faults: faults)
    }

    /// Makes a file for a build by this thread alone. Nothing is durable before `sync`.
    ///
    /// - Parameter mapByteCount: the most the file can grow to, in address space, not on disk; rounded up to a page.
    package convenience init(
        creating path: String, mapByteCount: Int, faults: StoreFaults? = nil
    ) throws(KeyValueError) {
        try self.init(path: path, flags: MDB_NOSYNC, mapByteCount: mapByteCount, faults: faults)
    }

    private init(path: String, flags: Int32, mapByteCount: Int, faults: StoreFaults?) throws(KeyValueError) {
        func check(_ operation: StoreOperation, _ body: () -> Int32) throws(KeyValueError) {
            let status = faults?(operation) ?? body()
            guard status == 0 else { throw KeyValueError(status: status, operation: operation, path: path) }
        }
        var created: OpaquePointer?
        try check(.createEnvironment) { unsafe mdb_env_create(&created) }
        guard let handle = unsafe created else {
            throw KeyValueError(code: .other, operation: .createEnvironment, path: path)
        }
        do {
            try check(.setMapSize) {
                unsafe mdb_env_set_mapsize(handle, mapByteCount.roundedUp(toMultipleOf: Int(getpagesize())))
            }
            let allFlags = UInt32(flags | MDB_NOSUBDIR | MDB_NOTLS | MDB_NOLOCK)
            try check(.openEnvironment) { unsafe mdb_env_open(handle, path, allFlags, 0o644) }
            var statistics = MDB_stat()
            try check(.openEnvironment) { unsafe mdb_env_stat(handle, &statistics) }
            pageByteCount = Int(statistics.ms_psize)
            table = unsafe try Self.openTable(of: handle, readOnly: flags & MDB_RDONLY != 0, check)
        } catch {
            unsafe mdb_env_close(handle)
            throw error
        }
        unsafe self.handle = handle
        self.path = path
        self.mapByteCount = mapByteCount
        self.isImmutable = flags & MDB_RDONLY != 0
        self.faults = faults
    }

    private static func openTable(
        of handle: OpaquePointer, readOnly: Bool,
        _ check: (StoreOperation, () -> Int32) throws(KeyValueError) -> Void
    ) throws(KeyValueError) -> MDB_dbi {
        var transaction: OpaquePointer?
        try check(.begin) { unsafe mdb_txn_begin(handle, nil, readOnly ? UInt32(MDB_RDONLY) : 0, &transaction) }
        var table = MDB_dbi()
        do {
            try check(.openTable) { unsafe mdb_dbi_open(transaction, nil, 0, &table) }
        } catch {
            unsafe mdb_txn_abort(transaction)
            throw error
        }
        try check(.commit) { unsafe mdb_txn_commit(transaction) }
        return table
    }

    deinit { unsafe mdb_env_close(handle) }

    package func beginRead() throws(KeyValueError) -> ReadTransaction {
        try ReadTransaction(environment: self)
    }

    /// One write transaction at a time; its memory use is the size of what is put.
    package func beginWrite() throws(KeyValueError) -> WriteTransaction {
        precondition(!isImmutable, "a write transaction on an immutable file")
        return try WriteTransaction(environment: self)
    }

    /// Enlarges the map; not while a transaction is open.
    package func grow(toMapByteCount byteCount: Int) throws(KeyValueError) {
        let rounded = byteCount.roundedUp(toMultipleOf: Int(getpagesize()))
        try call(.setMapSize) { unsafe mdb_env_set_mapsize(handle, rounded) }
    }

    /// Returns when everything committed is on the disk.
    package func sync() throws(KeyValueError) {
        try call(.sync) { unsafe mdb_env_sync(handle, 1) }
    }

    /// The one place where an LMDB status becomes an error and where a fault is injected.
    func call(_ operation: StoreOperation, _ body: () -> Int32) throws(KeyValueError) {
        let status = faults?(operation) ?? body()
        guard status == 0 else { throw KeyValueError(status: status, operation: operation, path: path) }
    }
}

extension Int {
    func roundedUp(toMultipleOf unit: Int) -> Int { (self + unit - 1) / unit * unit }
}
