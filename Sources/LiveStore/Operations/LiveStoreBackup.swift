internal import KeyValueStore
internal import StoredFiles

// Design note. A backup is one file: the rows of one commit, written anew, so that nothing that was removed is in it. It is
// written under another name, walked page by page, read row by row, and takes its name only then. It has this machine's page size
// and this program's format; what goes to another machine or version is a dump.

/// What a backup holds.
package struct LiveStoreBackup: Sendable, Equatable {
    package var path: String
    package var byteCount: Int
    package var verification: LiveStoreVerification
}

extension LiveStoreReader {
    /// Writes a backup while the store is written, and verifies it. The target must not exist. Takes as long as the disk does:
    /// not on a thread that serves.
    package func backUp(to path: String) throws(LiveStoreError) -> LiveStoreBackup {
        let partial = path + ".partial"
        try LiveStoreError.ofFiles { () throws(FileError) in
            guard try FileSystem.kind(of: path, followingLinks: false) == .missing else {
                throw FileError(
                    .notOurs, operation: "write the backup", path: path, expected: "no such file", found: "one")
            }
            try FileSystem.removeLeftover(partial)
        }
        try LiveStoreError.ofStore { () throws(KeyValueError) in try environment.copy(to: partial) }
        let verification = try LiveDataStore.verifyBackup(partial)
        try LiveStoreError.ofFiles { () throws(FileError) in
            try FileSystem.move(partial, to: path)
            try FileSystem.syncDirectory(FileSystem.directory(of: path))
        }
        return LiveStoreBackup(path: path, byteCount: FileSystem.byteCount(of: path), verification: verification)
    }
}

extension LiveDataStore {
    /// Walks a backup's pages, then its rows; one that is not intact is an error.
    package static func verifyBackup(_ path: String) throws(LiveStoreError) -> LiveStoreVerification {
        let verification = try openBackup(path).verify()
        guard let problem = verification.problems.first else { return verification }
        throw LiveStoreError(.damaged, "\(path): the backup is not intact: \(problem). Take another one.")
    }

    private static func openBackup(_ path: String) throws(LiveStoreError) -> LiveStoreReader {
        let environment = try LiveStoreError.ofStore { () throws(KeyValueError) in
            try LiveEnvironment.verifyPages(of: path)
            return try LiveEnvironment(
                path: path, tables: LiveTable.allCases.map(\.name), mapByteCount: FileSystem.byteCount(of: path),
                sharing: .finished)
        }
        let reader = LiveStoreReader(environment)
        guard try reader.checkFormat() else {
            throw LiveStoreError(.notAStore, "\(path): this is no backup of a live store. Check the path.")
        }
        return reader
    }

    /// Puts a backup in the place of a store that no process writes, or of none. It is another store from then on, which knows what
    /// it has of the one that was backed up (`StoreLineage`). Erasures of the store that was there are kept, so
    /// that who was forgotten since the backup stays forgotten; where that store cannot be read, nothing is done unless
    /// `keepingErasures` is false. Returns how many those are.
    @discardableResult
    package static func restore(
        backup path: String, into directory: String, keepingErasures: Bool = true
    ) throws(LiveStoreError) -> Int {
        _ = try verifyBackup(path)
        let files = LiveStoreFiles(directory: directory)
        try LiveStoreError.ofFiles { () throws(FileError) in try files.prepare() }
        let lock = try LockHolder(files)
        let erasures = keepingErasures ? try erasures(in: files) : []
        try LiveStoreError.ofFiles { () throws(FileError) in
            try FileSystem.removeLeftover(files.partial)
            try FileSystem.removeLeftover(files.partial + "-lock")
        }
        let backup = try openBackup(path)
        try LiveStoreError.ofStore { () throws(KeyValueError) in try backup.environment.copy(to: files.partial) }
        try beginAnew(in: files.partial, with: erasures)
        try LiveStoreError.ofFiles { () throws(FileError) in
            try FileSystem.removeLeftover(files.partial + "-lock")
            // Who still reads the old file keeps its lock file too; the new one gets its own.
            try FileSystem.removeLeftover(files.readers)
            try FileSystem.move(files.partial, to: files.data)
            try FileSystem.syncDirectory(directory)
        }
        lock.release()
        return erasures.count
    }

    private static func erasures(in files: LiveStoreFiles) throws(LiveStoreError) -> [Erasure] {
        let kind = try LiveStoreError.ofFiles { () throws(FileError) in try FileSystem.kind(of: files.data) }
        guard kind != .missing else { return [] }
        do {
            return try LiveStoreReader(directory: files.directory).erasures(limit: .max)
        } catch {
            throw LiveStoreError(
                error.code,
                "\(error.text) Its erasures are to be kept and cannot be read. To restore without them, and bring back people "
                    + "who were forgotten since the backup, say so (--without-erasures).")
        }
    }

    private static func beginAnew(in path: String, with erasures: [Erasure]) throws(LiveStoreError) {
        let options = LiveStoreOptions()
        let environment = try LiveStoreError.ofStore { () throws(KeyValueError) in
            try LiveEnvironment(
                path: path, tables: LiveTable.allCases.map(\.name), mapByteCount: options.mapByteCount)
        }
        let lineage = try LiveStoreReader(environment).lineage()
        var applier = try ChangeApplier.begin(environment, now: options.clock())
        try applier.beginAnew(as: LiveStoreId(options.makeId()), after: lineage)
        if !erasures.isEmpty { _ = try applier.apply(.adoptErasures(erasures)) }
        try applier.commit()
    }
}
