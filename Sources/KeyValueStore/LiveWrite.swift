internal import CLMDB

/// A change of the tables: all of it by `commit`, nothing of it when dropped without. It sees its own changes.
@safe
package struct LiveWrite: ~Copyable {
    let environment: LiveEnvironment
    let transaction: OpaquePointer
    private var isOpen = true

    init(environment: LiveEnvironment) throws(KeyValueError) {
        let handle = unsafe try environment.openHandle()
        var started: OpaquePointer?
        try environment.call(.begin) { unsafe mdb_txn_begin(handle, nil, 0, &started) }
        guard let transaction = unsafe started else {
            throw KeyValueError(code: .other, operation: .begin, path: environment.path)
        }
        self.environment = environment
        unsafe self.transaction = transaction
    }

    deinit { if isOpen { unsafe mdb_txn_abort(transaction) } }

    package borrowing func get<Result>(
        _ table: LiveEnvironment.Table, _ key: [UInt8], _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(KeyValueError) -> Result? {
        unsafe try environment.get(transaction, table, key, body)
    }

    /// As a snapshot's; the rows must not be changed meanwhile.
    package borrowing func scan(
        _ table: LiveEnvironment.Table, from start: [UInt8]? = nil, descending: Bool = false,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool
    ) throws(KeyValueError) {
        unsafe try environment.scan(transaction, table, from: start, descending: descending, body)
    }

    /// Copies `bytes` under `key`, over what is there.
    package mutating func put(
        _ table: LiveEnvironment.Table, _ key: [UInt8], _ bytes: [UInt8]
    ) throws(KeyValueError) {
        try environment.call(.put) {
            unsafe bytes.withUnsafeBytes { bytes in
                var value = unsafe MDB_val(
                    mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
                return unsafe withBytes(key) { key in
                    unsafe mdb_put(transaction, environment.tables[table.number], key, &value, 0)
                }
            }
        }
    }

    /// Adds a row behind all of its table; LMDB's status.
    borrowing func append(
        _ table: LiveEnvironment.Table, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) -> Int32 {
        var key = unsafe MDB_val(mv_size: key.count, mv_data: UnsafeMutableRawPointer(mutating: key.baseAddress))
        var value = unsafe MDB_val(mv_size: value.count, mv_data: UnsafeMutableRawPointer(mutating: value.baseAddress))
        return unsafe mdb_put(transaction, environment.tables[table.number], &key, &value, UInt32(MDB_APPEND))
    }

    /// Whether there was such a key.
    @discardableResult
    package mutating func delete(_ table: LiveEnvironment.Table, _ key: [UInt8]) throws(KeyValueError) -> Bool {
        var isMissing = false
        try environment.call(.delete) {
            let status = unsafe withBytes(key) { key in
                unsafe mdb_del(transaction, environment.tables[table.number], key, nil)
            }
            isMissing = status == MDB_NOTFOUND
            return isMissing ? 0 : status
        }
        return !isMissing
    }

    /// Returns when the change is on the disk. Whether it succeeds or throws, the transaction is over; where it throws, nothing
    /// was changed, but for the one case that LMDB cannot tell: a last page that was written and not confirmed.
    package consuming func commit() throws(KeyValueError) {
        if let status = environment.faults?(.commit) {
            throw KeyValueError(status: status, operation: .commit, path: environment.path)
        }
        isOpen = false
        let status = unsafe mdb_txn_commit(transaction)
        guard status == 0 else { throw KeyValueError(status: status, operation: .commit, path: environment.path) }
    }
}
