// How several loops listen on one port.
//
// On Linux every loop has its own listening socket with SO_REUSEPORT, and the kernel spreads new connections over them
// by a hash. SO_REUSEPORT alone would also let a second server of the same user take half of the connections by
// mistake, so the first socket binds and listens without it, which fails with EADDRINUSE where anybody listens.
// Only then does it join the group; from that moment on another server's first socket meets a listening one.
//
// Where the kernel does not spread (Darwin), one socket is made, loop 0 accepts and hands the descriptors round.

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Owns a listening descriptor; closed with the last reference.
// SAFETY: `pathToRemove` is set before anybody else has the socket.
package final class ListeningSocket: @unchecked Sendable {
    package let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// Of a socket of the file system.
    var pathToRemove: String?

    deinit {
        close(descriptor)
        if let pathToRemove { _ = unsafe unlink(pathToRemove) }
    }

    /// One socket, or `count` sockets on the same port.
    /// - Returns: the sockets and the address they are bound to, with the real port.
    package static func open(
        at address: ListenAddress, count: Int, backlog: Int32, onlyLoopback: Bool = false
    ) throws(ServerError) -> (sockets: [ListeningSocket], bound: SocketAddress) {
        var (storage, length) = try address.resolve()
        // Before anything is bound: others must not be able to connect even for a moment.
        if onlyLoopback, let meant = SocketAddress(storage), !meant.isLoopback { throw .notLoopback(meant) }
        let first = try make(family: Int32(storage.ss_family))
        try first.bindAndListen(&storage, length, backlog: backlog, requested: address)
        let bound = try first.boundAddress()
        var sockets = [first]
        guard count > 1 else { return (sockets, bound.address) }
        storage = bound.storage
        try first.enable(SO_REUSEPORT, name: "SO_REUSEPORT")
        for _ in 1..<count {
            let next = try make(family: Int32(storage.ss_family))
            try next.enable(SO_REUSEPORT, name: "SO_REUSEPORT")
            try next.bindAndListen(&storage, length, backlog: backlog, requested: address)
            sockets.append(next)
        }
        return (sockets, bound.address)
    }

    static func make(family: Int32) throws(ServerError) -> ListeningSocket {
        #if canImport(Glibc)
            let type = Int32(SOCK_STREAM.rawValue)
        #else
            let type = SOCK_STREAM
        #endif
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { throw .systemCall("socket", number: errno, subject: "a TCP socket") }
        let made = ListeningSocket(descriptor: descriptor)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        // Without it a restart would wait for the old connections' TIME_WAIT; it does not share a listening port.
        try made.enable(SO_REUSEADDR, name: "SO_REUSEADDR")
        return made
    }

    private func enable(_ option: Int32, name: String) throws(ServerError) {
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe setsockopt(descriptor, SOL_SOCKET, option, &yes, size) == 0 else {
            throw .systemCall("setsockopt \(name)", number: errno, subject: "a listening socket")
        }
    }

    private func bindAndListen(
        _ storage: inout sockaddr_storage, _ length: socklen_t, backlog: Int32, requested: ListenAddress
    ) throws(ServerError) {
        let subject = "\(requested.host) port \(requested.port)"
        let bound = unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, length)
            }
        }
        guard bound == 0 else { throw .systemCall("bind", number: errno, subject: subject) }
        guard listen(descriptor, backlog) == 0 else { throw .systemCall("listen", number: errno, subject: subject) }
    }

    private func boundAddress() throws(ServerError) -> (storage: sockaddr_storage, address: SocketAddress) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(descriptor, address, &length)
            }
        }
        guard result == 0, let address = SocketAddress(storage) else {
            throw .systemCall("getsockname", number: errno, subject: "a listening socket")
        }
        return (storage, address)
    }

    enum AcceptResult {
        case accepted(descriptor: Int32, peer: SocketAddress?)
        case nothingWaiting
        /// The client is gone already; others may wait.
        case clientLeft
        case failed(errorNumber: Int32)
    }

    /// Never blocks once the socket is non-blocking. The descriptor is the caller's, closed on exec.
    func acceptNext() -> AcceptResult {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let accepted = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe accept(descriptor, address, &length)
            }
        }
        guard accepted >= 0 else {
            switch errno {
            case EAGAIN, EWOULDBLOCK: return .nothingWaiting
            case EINTR, ECONNABORTED, EPROTO: return .clientLeft
            default: return .failed(errorNumber: errno)
            }
        }
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        return .accepted(descriptor: accepted, peer: SocketAddress(storage))
    }
}
