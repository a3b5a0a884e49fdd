internal import CLMDB

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension LiveEnvironment {
    /// Address space.
    private static let smallestMapByteCount = 64 << 20

    /// Rows of one commit of a copy, which keep some megabytes of pages in memory.
    private static let copiedRowCount = 20_000

    /// Writes what was committed last to a new file, which only its owner may read, while writes go on; on the disk when this
    /// returns. Row by row, some 300,000 a second: a copy of pages would hold what was removed, in free pages, between the
    /// entries of others, and in the keys that lead to them.
    package func copy(to target: String) throws(KeyValueError) {
        let descriptor = unsafe open(target, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw KeyValueError(status: errno, operation: .copy, path: target) }
        close(descriptor)
        do {
            try call(.copy) { 0 }
            let snapshot = try beginRead()
            // Trees that are written in one go may be a little larger than those that grew.
            let mapByteCount = try statistics().mapByteCount * 2 + Self.smallestMapByteCount
            let copy = try LiveEnvironment(path: target, tables: names, mapByteCount: mapByteCount, sharing: .creating)
            for place in names.indices { try Self.copyRows(of: Table(number: place), snapshot, to: copy) }
            try copy.sync()
            snapshot.end()
        } catch {
            unsafe _ = unlink(target)
            throw KeyValueError(
                code: error.code, operation: .copy, path: target, status: error.status, detail: error.detail)
        }
    }

    private static func copyRows(
        of table: Table, _ snapshot: borrowing LiveSnapshot, to copy: LiveEnvironment
    ) throws(KeyValueError) {
        var last: [UInt8]?
        while true {
            let write = try copy.beginWrite()
            var count = 0
            var status: Int32 = 0
            unsafe try snapshot.scan(table, from: last) { key, value in
                if let last, unsafe key.elementsEqual(last) { return true }
                status = unsafe write.append(table, key, value)
                count += 1
                guard status == 0, count < copiedRowCount else {
                    last = unsafe [UInt8](key)
                    return false
                }
                return true
            }
            guard status == 0 else { throw KeyValueError(status: status, operation: .copy, path: copy.path) }
            try write.commit()
            guard count == copiedRowCount else { return }
        }
    }

    /// Returns when everything committed is on the disk.
    private func sync() throws(KeyValueError) {
        let handle = unsafe try openHandle()
        try call(.sync) { unsafe mdb_env_sync(handle, 1) }
    }

    package func statistics() throws(KeyValueError) -> Statistics {
        let snapshot = try beginRead()
        var facts = unsafe MDB_envinfo()
        let handle = unsafe try openHandle()
        try call(.statistics) { unsafe mdb_env_info(handle, &facts) }
        var counts: [Int] = []
        for place in tables.indices { counts.append(try snapshot.rowCount(of: Table(number: place))) }
        var status = stat()
        let byteCount = unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
        return unsafe Statistics(rowCounts: counts, fileByteCount: byteCount, mapByteCount: facts.me_mapsize)
    }

    /// Walks every page of a file that nobody writes: each tree's structure, not the rows' contents.
    package static func verifyPages(of path: String) throws(KeyValueError) {
        try StoreFileCheck.run(path: path, tables: .all)
    }
}

extension LiveSnapshot {
    /// Says where the snapshot ends; a value that is merely dropped may be dropped earlier.
    package consuming func end() {}

    package borrowing func rowCount(of table: LiveEnvironment.Table) throws(KeyValueError) -> Int {
        unsafe try environment.rowCount(of: table, in: transaction.pointer)
    }
}

extension LiveWrite {
    package borrowing func rowCount(of table: LiveEnvironment.Table) throws(KeyValueError) -> Int {
        unsafe try environment.rowCount(of: table, in: transaction)
    }
}

extension LiveEnvironment {
    fileprivate func rowCount(of table: Table, in transaction: OpaquePointer) throws(KeyValueError) -> Int {
        var facts = MDB_stat()
        try call(.statistics) { unsafe mdb_stat(transaction, tables[table.number], &facts) }
        return Int(facts.ms_entries)
    }
}
