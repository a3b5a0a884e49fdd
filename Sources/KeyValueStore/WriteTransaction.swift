internal import CLMDB

/// A change of the table: all of it by `commit`, nothing of it when dropped without.
@safe package struct WriteTransaction: ~Copyable {
    private let environment: Environment
    private let handle: OpaquePointer
    private var isOpen = true

    init(environment: Environment) throws(KeyValueError) {
        var started: OpaquePointer?
        try environment.call(.begin) { unsafe mdb_txn_begin(environment.handle, nil, 0, &started) }
        guard let handle = unsafe started else {
            throw KeyValueError(code: .other, operation: .begin, path: environment.path)
        }
        self.environment = environment
        unsafe self.handle = handle
    }

    deinit { if isOpen { unsafe mdb_txn_abort(handle) } }

    /// Copies `bytes` under `key`; an existing key is an error.
    package mutating func put(_ key: String, _ bytes: UnsafeRawBufferPointer) throws(KeyValueError) {
        var value = unsafe MDB_val(
            mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
        try environment.call(.put) {
            unsafe withKey(key) { key in
                unsafe mdb_put(handle, environment.table, key, &value, UInt32(MDB_NOOVERWRITE))
            }
        }
    }

    /// Makes room for `byteCount` bytes under `key` and lends it to `fill`, which must write every byte of it:
    /// the room is not cleared. An existing key is an error.
    package mutating func reserve(
        _ key: String, byteCount: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void
    ) throws(KeyValueError) {
        var value = unsafe MDB_val(mv_size: byteCount, mv_data: nil)
        try environment.call(.reserve) {
            unsafe withKey(key) { key in
                unsafe mdb_put(handle, environment.table, key, &value, UInt32(MDB_NOOVERWRITE | MDB_RESERVE))
            }
        }
        unsafe fill(UnsafeMutableRawBufferPointer(start: value.mv_data, count: value.mv_size))
    }

    /// Whether it succeeds or throws, the transaction is over; where it throws, nothing was changed.
    package consuming func commit() throws(KeyValueError) {
        if let status = environment.faults?(.commit) {
            throw KeyValueError(status: status, operation: .commit, path: environment.path)
        }
        isOpen = false
        let status = unsafe mdb_txn_commit(handle)
        guard status == 0 else { throw KeyValueError(status: status, operation: .commit, path: environment.path) }
    }
}
