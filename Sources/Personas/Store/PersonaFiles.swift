package import StoredFiles

/// The files of a directory of personas.
package enum PersonaFiles {
    package static let storeName = "personas.lmdb"
    package static let partialExtension = ".partial"

    /// Removes the unfinished files that a run which was killed left in the directory, which is locked; their paths.
    package static func removeLeftovers(in directory: String, _ names: [String]) throws(FileError) -> [String] {
        var removed: [String] = []
        for name in names {
            let path = "\(directory)/\(name)\(partialExtension)"
            if try FileSystem.removeLeftover(path) { removed.append(path) }
        }
        return removed
    }
}

/// A directory that one run writes into, until the value is dropped or the process ends, however it ends. The lock file
/// stays.
package struct PersonaDirectoryLock: ~Copyable {
    private let lock: FileLock

    /// Makes the directory where it is missing; throws where another run holds it.
    package init(_ directory: String) throws(PersonaStoreError) {
        let path = "\(directory)/write.lock"
        let held: FileLock?
        do throws(FileError) {
            try FileSystem.makeDirectories(directory)
            held = try FileLock(path, waiting: false)
        } catch {
            throw PersonaStoreError(error)
        }
        guard let lock = held else {
            throw PersonaStoreError(
                .inUse, operation: "lock", path: path, expected: "no other run that writes into this directory",
                found: "one (\(FileLock.holder(of: path)))")
        }
        self.lock = lock
    }

    /// Says where the lock ends; a value that is merely dropped may be dropped earlier.
    package consuming func release() {}
}

extension PersonaStoreError {
    init(_ error: FileError) {
        self.init(
            error.code == .missing ? .missing : error.code == .notOurs ? .foreignFile : .inputOutput,
            operation: error.operation, path: error.path, expected: error.expected, found: error.found)
    }
}
