#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension ListeningSocket {
    /// A socket of the file system, for the owner and the group of whoever runs the server. It is removed when the last reference goes.
    static func open(path: String, backlog: Int32) throws(ServerError) -> ListeningSocket {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard !path.isEmpty, path.utf8.count < room, !path.utf8.contains(0) else {
            throw .invalidAddress(
                path, operation: "read the path to listen on", found: "a path of 1 to \(room - 1) bytes is needed")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in unsafe target.copyBytes(from: path.utf8) }
        try removeLeftOver(path, &address)
        let listening = try make(family: AF_UNIX)
        let before = umask(0o117)
        let bound = unsafe withAddress(&address) { unsafe bind(listening.descriptor, $0, $1) }
        let number = errno
        umask(before)
        guard bound == 0 else { throw .systemCall("bind", number: number, subject: path) }
        listening.pathToRemove = path
        guard listen(listening.descriptor, backlog) == 0 else {
            throw .systemCall("listen", number: errno, subject: path)
        }
        return listening
    }

    /// A server that was killed leaves its socket, which nobody answers. Anything else stays.
    private static func removeLeftOver(_ path: String, _ address: inout sockaddr_un) throws(ServerError) {
        var facts = stat()
        guard unsafe lstat(path, &facts) == 0 else { return }
        guard facts.st_mode & S_IFMT == S_IFSOCK else {
            throw .systemCall("bind", number: EEXIST, subject: "\(path), which is no socket")
        }
        let probe = try make(family: AF_UNIX)
        let status = unsafe withAddress(&address) { unsafe connect(probe.descriptor, $0, $1) }
        if status == 0 {
            throw .systemCall("bind", number: EADDRINUSE, subject: path)
        }
        if errno == ECONNREFUSED { _ = unsafe unlink(path) }
    }

    private static func withAddress<Result>(
        _ address: inout sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
