#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What changes when a file is replaced or written.
struct FileStamp: Equatable {
    private let device: UInt64
    private let number: UInt64
    private let byteCount: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// Nil where there is no file.
    private init?(_ path: String) {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { return nil }
        device = UInt64(truncatingIfNeeded: facts.st_dev)
        number = UInt64(truncatingIfNeeded: facts.st_ino)
        byteCount = Int64(facts.st_size)
        #if canImport(Glibc)
            seconds = facts.st_mtim.tv_sec
            nanoseconds = facts.st_mtim.tv_nsec
        #else
            seconds = facts.st_mtimespec.tv_sec
            nanoseconds = facts.st_mtimespec.tv_nsec
        #endif
    }

    static func all(of files: TLSFiles) -> [FileStamp?] {
        [files.certificate, files.key, files.clientAuthorities].compactMap { $0 }.map { FileStamp($0) }
    }
}
