internal import CLMDB

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

// Design note. The second kind of environment: one that is written while it is read.
//
//     one thread writes ──▶ LiveWrite ──commit = data, fdatasync, meta page──▶ file
//     any thread reads  ──▶ LiveSnapshot: a reader transaction from a pool, renewed (11 ns), reset and put back
//
// - Commits are synced by LMDB itself; `MDB_WRITEMAP` is never used, and `MDB_NOSYNC` only for a copy that is being made.
// - LMDB's lock file holds the readers of all processes; that only one process writes is its caller's to see to.
// - The map is address space, not memory. When it is full, or when LMDB wants to be opened again after a failed write of a meta
//   page (`MDB_PANIC`), the readers are let out, their transactions ended, and the map is changed with nobody inside: new readers
//   wait for microseconds, or for as long as the longest reader that is in.
// - No table has duplicates, so that every tree of the file can be walked by `StoreFileCheck`.

/// One LMDB file with named tables, written by one thread and read by many.
// SAFETY: `handle` and `tables` change only inside `exclusively`, when no transaction is open and none can begin; the rest is
// constant or behind the monitor.
@safe
package final class LiveEnvironment: @unchecked Sendable {
    /// A named table, by its place in the list of names.
    package struct Table: Sendable, Equatable {
        let number: Int

        package init(number: Int) { self.number = number }
    }

    /// What `statistics` tells.
    package struct Statistics: Sendable, Equatable {
        /// In the order of the tables' names.
        package var rowCounts: [Int]
        package var fileByteCount: Int
        package var mapByteCount: Int
    }

    /// Who is inside.
    private struct Gate {
        var activeCount = 0
        var isClosed = false
        /// Reset transactions that wait to be renewed; the last one in is the first one out.
        var idle: [ReaderTransaction] = []
    }

    @safe struct ReaderTransaction {
        let pointer: OpaquePointer

        init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

        func abort() { unsafe mdb_txn_abort(pointer) }
    }

    /// Of one process: LMDB's default of 126 is more than a server's threads, but not by much. A slot takes 64 bytes.
    private static let readerLimit: UInt32 = 1024

    package let path: String
    package var isReadOnly: Bool { flags & MDB_RDONLY != 0 }
    let faults: StoreFaults?
    let names: [String]
    private let gate = Monitor(Gate())
    /// Nil where `reopen` has failed.
    private(set) var handle: OpaquePointer?
    private let flags: Int32
    private(set) var tables: [MDB_dbi]
    /// What the map was enlarged to last.
    private var mapByteCount: Int

    /// Who else has the file open.
    package enum Sharing: Sendable {
        /// This process writes it; others may read.
        case writing
        /// Another process may be writing it.
        case reading
        /// Nobody does, and no lock file is made: a finished copy.
        case finished
        /// Nobody does, and nothing of it is durable yet: a copy that is being made.
        case creating
    }

    /// Opens or makes the file, which only its owner may read. Its skeleton is looked at first, so that a truncated file is an
    /// error here and not a fatal signal later; `verify` walks all of it.
    ///
    /// - Parameters:
    ///   - tables: names, each used once; the file may have more.
    ///   - mapByteCount: address space for the file, which grows when it is full.
    package init(
        path: String, tables names: [String], mapByteCount: Int, sharing: Sharing = .writing, faults: StoreFaults? = nil
    ) throws(KeyValueError) {
        let flags: Int32 =
            switch sharing {
            case .writing: 0
            case .reading: MDB_RDONLY
            case .finished: MDB_RDONLY | MDB_NOLOCK
            case .creating: MDB_NOSYNC | MDB_NOLOCK
            }

        if sharing != .creating, unsafe access(path, F_OK) == 0 { try StoreFileCheck.run(path: path, tables: .roots) }
        let opened = unsafe try Self.open(
            path: path, tables: names, mapByteCount: mapByteCount, flags: flags, faults)
        unsafe handle = opened.handle
        unsafe tables = opened.tables
        self.path = path
        self.names = names
        self.mapByteCount = mapByteCount
        self.flags = flags
        self.faults = faults
    }

    deinit {
        for transaction in gate.withLock({ gate in gate.idle }) { transaction.abort() }
        if let handle = unsafe handle { unsafe mdb_env_close(handle) }
    }

    private static func open(
        path: String, tables names: [String], mapByteCount: Int, flags: Int32, _ faults: StoreFaults?
    ) throws(KeyValueError) -> (handle: OpaquePointer, tables: [MDB_dbi]) {
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
            try check(.openEnvironment) { unsafe mdb_env_set_maxdbs(handle, UInt32(names.count)) }
            try check(.openEnvironment) { unsafe mdb_env_set_maxreaders(handle, readerLimit) }
            let allFlags = UInt32(MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD | flags)
            try check(.openEnvironment) { unsafe mdb_env_open(handle, path, allFlags, 0o600) }
            // Slots of readers that were killed; they would keep old pages from being used again.
            var staleCount: Int32 = 0
            try check(.openEnvironment) { unsafe mdb_reader_check(handle, &staleCount) }
            return unsafe (handle, try openTables(names, of: handle, readOnly: flags & MDB_RDONLY != 0, check))
        } catch {
            unsafe mdb_env_close(handle)
            throw error
        }
    }

    private static func openTables(
        _ names: [String], of handle: OpaquePointer, readOnly: Bool,
        _ check: (StoreOperation, () -> Int32) throws(KeyValueError) -> Void
    ) throws(KeyValueError) -> [MDB_dbi] {
        var transaction: OpaquePointer?
        try check(.begin) { unsafe mdb_txn_begin(handle, nil, readOnly ? UInt32(MDB_RDONLY) : 0, &transaction) }
        var tables: [MDB_dbi] = []
        do {
            for name in names {
                var table = MDB_dbi()
                try check(.openTable) {
                    unsafe mdb_dbi_open(transaction, name, readOnly ? 0 : UInt32(MDB_CREATE), &table)
                }
                tables.append(table)
            }
        } catch {
            unsafe mdb_txn_abort(transaction)
            throw error
        }
        try check(.commit) { unsafe mdb_txn_commit(transaction) }
        return tables
    }

    /// The one place where an LMDB status becomes an error and where a fault is injected.
    func call(_ operation: StoreOperation, _ body: () -> Int32) throws(KeyValueError) {
        let status = faults?(operation) ?? body()
        guard status == 0 else { throw KeyValueError(status: status, operation: operation, path: path) }
    }

    // MARK: Transactions

    /// On the writing thread only, one at a time; its snapshots of the time are other threads' business.
    package func beginWrite() throws(KeyValueError) -> LiveWrite {
        precondition(!isReadOnly, "a write transaction on a file that was opened to be read")
        return try LiveWrite(environment: self)
    }

    /// What was committed last. From any thread; not to be kept long, since its pages cannot be used again meanwhile.
    package func beginRead() throws(KeyValueError) -> LiveSnapshot {
        while true {
            do throws(KeyValueError) {
                return LiveSnapshot(environment: self, transaction: try enter())
            } catch {
                guard error.code == .mapResized else { throw error }
                // Another process has enlarged the file.
                try exclusively { environment throws(KeyValueError) in
                    let handle = unsafe try environment.openHandle()
                    try environment.call(.setMapSize) { unsafe mdb_env_set_mapsize(handle, 0) }
                }
            }
        }
    }

    private func enter() throws(KeyValueError) -> ReaderTransaction {
        let waiting = gate.wait { gate -> ReaderTransaction?? in
            guard !gate.isClosed else { return nil }
            gate.activeCount += 1
            return .some(gate.idle.popLast())
        }
        do throws(KeyValueError) {
            guard let transaction = waiting else { return try startReading() }
            do throws(KeyValueError) {
                try call(.begin) { unsafe mdb_txn_renew(transaction.pointer) }
            } catch {
                transaction.abort()
                throw error
            }
            return transaction
        } catch {
            leave(nil)
            throw error
        }
    }

    private func startReading() throws(KeyValueError) -> ReaderTransaction {
        let handle = unsafe try openHandle()
        var started: OpaquePointer?
        try call(.begin) { unsafe mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &started) }
        guard let pointer = unsafe started else { throw KeyValueError(code: .other, operation: .begin, path: path) }
        return unsafe ReaderTransaction(pointer)
    }

    func leave(_ transaction: ReaderTransaction?) {
        gate.change { gate in
            gate.activeCount -= 1
            if let transaction { gate.idle.append(transaction) }
        }
    }

    // MARK: With nobody inside

    private func exclusively(
        _ body: (LiveEnvironment) throws(KeyValueError) -> Void
    ) throws(KeyValueError) {
        gate.wait { gate -> Void? in
            guard !gate.isClosed else { return nil }
            gate.isClosed = true
            return ()
        }
        let idle = gate.wait { gate -> [ReaderTransaction]? in
            guard gate.activeCount == 0 else { return nil }
            defer { gate.idle.removeAll() }
            return gate.idle
        }
        for transaction in idle { transaction.abort() }
        defer { gate.change { gate in gate.isClosed = false } }
        try body(self)
    }

    /// Enlarges the map. On the writing thread, which has no transaction open.
    package func grow(toMapByteCount byteCount: Int) throws(KeyValueError) {
        let rounded = byteCount.roundedUp(toMultipleOf: Int(getpagesize()))
        try exclusively { environment throws(KeyValueError) in
            let handle = unsafe try environment.openHandle()
            try environment.call(.setMapSize) { unsafe mdb_env_set_mapsize(handle, rounded) }
            environment.mapByteCount = rounded
        }
    }

    /// Opens the file anew, which LMDB asks for after a meta page could not be written. On the writing thread, which has no
    /// transaction open. LMDB must not have a file open twice in one process, so the old environment goes first: where the file
    /// cannot be opened, reads fail too, until a later call succeeds.
    package func reopen() throws(KeyValueError) {
        try exclusively { environment throws(KeyValueError) in
            if let old = unsafe environment.handle {
                unsafe environment.handle = nil
                unsafe mdb_env_close(old)
            }
            let opened = unsafe try Self.open(
                path: environment.path, tables: environment.names, mapByteCount: environment.mapByteCount,
                flags: environment.flags, environment.faults)
            unsafe environment.handle = opened.handle
            unsafe environment.tables = opened.tables
        }
    }

    func openHandle() throws(KeyValueError) -> OpaquePointer {
        guard let handle = unsafe handle else {
            throw KeyValueError(
                code: .closed, operation: .begin, path: path, detail: "the file could not be opened again")
        }
        return unsafe handle
    }
}
