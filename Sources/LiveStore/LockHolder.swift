internal import StoredFiles

/// Holds a lock for as long as it is referenced.
final class LockHolder: Sendable {
    private let lock: FileLock

    /// Says where the lock ends; a reference that is merely dropped may be dropped earlier.
    func release() {}

    init(_ files: LiveStoreFiles) throws(LiveStoreError) {
        do throws(FileError) {
            guard let lock = try FileLock(files.lock, waiting: false) else {
                throw FileError(
                    .permissionDenied, operation: "lock", path: files.directory, expected: "no other process",
                    found: FileLock.holder(of: files.lock))
            }
            self.lock = lock
        } catch {
            guard error.expected == "no other process" else { throw LiveStoreError(error) }
            throw LiveStoreError(
                .locked,
                "\(files.directory): the live store is in use by \(error.found). Stop that one first, or name another "
                    + "directory: two processes cannot write one live store.")
        }
    }
}
