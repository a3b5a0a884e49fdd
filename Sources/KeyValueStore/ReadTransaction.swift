internal import CLMDB

/// A consistent view of the table, ended when the value is dropped.
@safe package struct ReadTransaction: ~Copyable {
    private let environment: Environment
    private let handle: OpaquePointer

    init(environment: Environment) throws(KeyValueError) {
        var started: OpaquePointer?
        try environment.call(.begin) {
            unsafe mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &started)
        }
        guard let handle = unsafe started else {
            throw KeyValueError(code: .other, operation: .begin, path: environment.path)
        }
        self.environment = environment
        unsafe self.handle = handle
    }

    deinit { unsafe mdb_txn_abort(handle) }

    /// Lends the value's bytes to `body`; nil where there is no such key. The bytes are the map itself: no copy.
    package borrowing func get<Result>(
        _ key: String, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(KeyValueError) -> Result? {
        guard let bytes = unsafe try find(key) else { return nil }
        return unsafe body(bytes)
    }

    /// The value's bytes, valid until the environment is gone and not only until this transaction ends: nobody writes
    /// to an immutable file, so its map never changes. A programmer's error on any other file.
    package borrowing func lastingValue(of key: String) throws(KeyValueError) -> UnsafeRawBufferPointer? {
        precondition(environment.isImmutable, "only an immutable file's bytes outlive a transaction")
        return unsafe try find(key)
    }

    /// Visits every key in ascending byte order, with the byte count of its value, until `body` returns false.
    package borrowing func forEachKey(
        _ body: (_ key: UnsafeRawBufferPointer, _ valueByteCount: Int) -> Bool
    ) throws(KeyValueError) {
        var opened: OpaquePointer?
        try environment.call(.cursor) { unsafe mdb_cursor_open(handle, environment.table, &opened) }
        let cursor = unsafe opened
        defer { unsafe mdb_cursor_close(cursor) }
        var key = unsafe MDB_val()
        var value = unsafe MDB_val()
        while true {
            let status = unsafe environment.faults?(.cursor) ?? mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
            if status == MDB_NOTFOUND { return }
            guard status == 0 else {
                throw KeyValueError(status: status, operation: .cursor, path: environment.path)
            }
            let bytes = unsafe UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size)
            guard unsafe body(bytes, value.mv_size) else { return }
        }
    }

    private borrowing func find(_ key: String) throws(KeyValueError) -> UnsafeRawBufferPointer? {
        var value = unsafe MDB_val()
        let status = unsafe withKey(key) { key in
            unsafe environment.faults?(.get) ?? mdb_get(handle, environment.table, key, &value)
        }
        if status == MDB_NOTFOUND { return nil }
        guard status == 0 else { throw KeyValueError(status: status, operation: .get, path: environment.path) }
        return unsafe UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
    }
}

/// Lends a key in LMDB's form; the bytes live as long as the call.
func withKey(_ key: String, _ body: (UnsafeMutablePointer<MDB_val>) -> Int32) -> Int32 {
    var key = key
    return key.withUTF8 { bytes in
        var value = unsafe MDB_val(
            mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
        return unsafe body(&value)
    }
}
