#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// An advisory lock on a file, held until the value is dropped or the process ends, however it ends. The file stays, and
/// says who has the lock, or had it last: `process 4711 since 2026-01-31T23:59:59Z`. Nobody but its owner may open it, so
/// that nobody else can hold it.
package struct FileLock: ~Copyable {
    package let descriptor: Int32

    /// - Parameter waiting: whether to wait for the holder; otherwise nil where there is one.
    package init?(_ path: String, waiting: Bool) throws(FileError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileSystem.failure("lock", path) }
        while flock(descriptor, LOCK_EX | (waiting ? 0 : LOCK_NB)) != 0 {
            if errno == EINTR { continue }
            let error = FileSystem.failure("lock", path)
            let isHeld = errno == EWOULDBLOCK
            close(descriptor)
            guard isHeld else { throw error }
            return nil
        }
        self.descriptor = descriptor
        // An older version made it readable for all. Another user's file stays as it is.
        _ = fchmod(descriptor, 0o600)
        note("process \(getpid()) since \(Self.now())\n")
    }

    /// Says where the lock ends; a value that is merely dropped may be dropped earlier.
    package consuming func release() {}

    deinit {
        note("")
        // A child process that is just being started has a copy of the descriptor, which would keep the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Who has the lock, as far as the file tells; to be asked where it is held.
    package static func holder(of path: String) -> String {
        let read = Result { () throws(FileError) in try FileSystem.readSmallFile(path) }
        guard case .success(let bytes) = read,
            let line = String(validating: bytes, as: UTF8.self), line.hasPrefix("process "), line.hasSuffix("\n")
        else { return "a process that is not known" }
        return String(line.dropLast())
    }

    /// What cannot be noted is only missing from another's error.
    private func note(_ text: String) {
        guard ftruncate(descriptor, 0) == 0 else { return }
        let bytes = Array(text.utf8)
        _ = unsafe pwrite(descriptor, bytes, bytes.count, 0)
    }

    private static func now() -> String {
        var seconds = time_t()
        unsafe time(&seconds)
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = unsafe strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
