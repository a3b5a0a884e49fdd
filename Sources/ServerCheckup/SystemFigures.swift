#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

enum InstalledMemory {
    static var bytes: Int? {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        let size = sysconf(Int32(_SC_PAGESIZE))
        guard pages > 0, size > 0 else { return nil }
        return pages.multipliedReportingOverflow(by: size).overflow ? nil : pages * size
    }
}

enum FreeSpace {
    /// For who is not root.
    static func bytes(at path: String) -> Int? {
        var facts = statvfs()
        guard unsafe statvfs(path, &facts) == 0 else { return nil }
        let (bytes, isTooMuch) = UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize))
        return isTooMuch ? .max : Int(clamping: bytes)
    }
}

/// Who may do what with a file or a directory, beside its owner.
struct FileMode {
    private let mode: mode_t

    /// Nil where there is nothing at the path, or it cannot be looked at.
    init?(_ path: String) {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { return nil }
        mode = facts.st_mode
    }

    /// A directory with the sticky bit lets nobody replace another's files.
    var isWritableByAll: Bool { mode & 0o002 != 0 && mode & 0o1000 == 0 }
    var isReadableByAll: Bool { mode & 0o004 != 0 }
    var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
}

enum FileAccess {
    static func canWrite(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }
}
