internal import CLMDB

/// A consistent view of all tables, from any thread; ended when the value is dropped.
@safe
package struct LiveSnapshot: ~Copyable {
    let environment: LiveEnvironment
    let transaction: LiveEnvironment.ReaderTransaction

    init(environment: LiveEnvironment, transaction: LiveEnvironment.ReaderTransaction) {
        self.environment = environment
        self.transaction = transaction
    }

    deinit {
        unsafe mdb_txn_reset(transaction.pointer)
        environment.leave(transaction)
    }

    /// Lends the value's bytes, which are the map itself, to `body`; nil where there is no such key.
    package borrowing func get<Result>(
        _ table: LiveEnvironment.Table, _ key: [UInt8], _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(KeyValueError) -> Result? {
        unsafe try environment.get(transaction.pointer, table, key, body)
    }

    /// Visits rows in ascending order of keys from the first that is not less than `start` (from the first of all where nil), or
    /// in descending order from the last that is less than it, until `body` returns false.
    package borrowing func scan(
        _ table: LiveEnvironment.Table, from start: [UInt8]? = nil, descending: Bool = false,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool
    ) throws(KeyValueError) {
        unsafe try environment.scan(transaction.pointer, table, from: start, descending: descending, body)
    }
}

extension LiveEnvironment {
    func get<Result>(
        _ transaction: OpaquePointer, _ table: Table, _ key: [UInt8], _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(KeyValueError) -> Result? {
        var value = unsafe MDB_val()
        let status = unsafe withBytes(key) { key in
            unsafe faults?(.get) ?? mdb_get(transaction, tables[table.number], key, &value)
        }
        if status == MDB_NOTFOUND { return nil }
        guard status == 0 else { throw KeyValueError(status: status, operation: .get, path: path) }
        return unsafe body(UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size))
    }

    func scan(
        _ transaction: OpaquePointer, _ table: Table, from start: [UInt8]?, descending: Bool,
        _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Bool
    ) throws(KeyValueError) {
        var opened: OpaquePointer?
        try call(.cursor) { unsafe mdb_cursor_open(transaction, tables[table.number], &opened) }
        let cursor = unsafe opened
        defer { unsafe mdb_cursor_close(cursor) }
        var key = unsafe MDB_val()
        var value = unsafe MDB_val()
        func move(_ operation: MDB_cursor_op) throws(KeyValueError) -> Bool {
            let status = unsafe faults?(.cursor) ?? mdb_cursor_get(cursor, &key, &value, operation)
            if status == MDB_NOTFOUND { return false }
            guard status == 0 else { throw KeyValueError(status: status, operation: .cursor, path: path) }
            return true
        }
        func moveToStart() throws(KeyValueError) -> Bool {
            guard let start else { return try move(descending ? MDB_LAST : MDB_FIRST) }
            var found = MDB_NOTFOUND
            unsafe start.withUnsafeBytes { bytes in
                unsafe key = MDB_val(
                    mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
                found = unsafe faults?(.cursor) ?? mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE)
            }
            guard found == 0 || found == MDB_NOTFOUND else {
                throw KeyValueError(status: found, operation: .cursor, path: path)
            }
            guard descending else { return found == 0 }
            return try move(found == 0 ? MDB_PREV : MDB_LAST)
        }
        var isThere = try moveToStart()
        while isThere {
            let keyBytes = unsafe UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size)
            let valueBytes = unsafe UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
            guard unsafe body(keyBytes, valueBytes) else { return }
            isThere = try move(descending ? MDB_PREV : MDB_NEXT)
        }
    }
}

/// Lends a key in LMDB's form; the bytes live as long as the call.
func withBytes(_ key: [UInt8], _ body: (UnsafeMutablePointer<MDB_val>) -> Int32) -> Int32 {
    unsafe key.withUnsafeBytes { bytes in
        var value = unsafe MDB_val(
            mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
        return unsafe body(&value)
    }
}
