#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Which file a path leads to, whatever links are on the way: paths of one file are equal here.
package struct FileIdentity: Sendable, Hashable {
    private let device: UInt64
    private let number: UInt64

    /// Nil where there is no file, or none that can be looked at.
    package init?(of path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }
}
