#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What tells that a file is another one than before, or was written to.
package struct FileChange: Sendable, Equatable {
    private let device: UInt64
    private let number: UInt64
    private let byteCount: Int
    private let seconds: Int
    private let nanoseconds: Int

    /// Nil where there is no file, or none that can be looked at.
    package init?(of path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
        byteCount = Int(status.st_size)
        #if canImport(Glibc)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        #else
            seconds = status.st_mtimespec.tv_sec
            nanoseconds = status.st_mtimespec.tv_nsec
        #endif
    }
}
