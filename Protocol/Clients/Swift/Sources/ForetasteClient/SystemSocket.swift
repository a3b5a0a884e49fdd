// The system's sockets: the one file that knows which system this is.

import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A connected TCP socket that never blocks, its descriptor closed when nobody holds it any more.
final class SystemSocket: Sendable {
    enum Transfer {
        case bytes(Int)
        case wouldBlock
        /// The other side sends nothing more.
        case end
        case failed(String)
    }

    let descriptor: Int32

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        _ = close(descriptor)
    }

    /// Nothing travels any more in either direction; who waits for the socket is woken.
    func shutDown() {
        _ = shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Blocks while it looks up the name and connects; tries each of the name's addresses.
    static func connect(to address: ServerAddress, timeout: Duration) throws(ConnectionFailed) -> SystemSocket {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = streamType
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(address.host, String(address.port), &hints, &list)
        guard status == 0 else {
            throw failure(address, unsafe String(cString: gai_strerror(status)))
        }
        defer { unsafe freeaddrinfo(list) }
        var last = "the name has no address"
        var next = unsafe list
        while let info = unsafe next {
            switch unsafe attempt(info.pointee, timeout) {
            case .success(let socket): return socket
            case .failure(let problem): last = problem.text
            }
            unsafe next = info.pointee.ai_next
        }
        throw failure(address, last)
    }

    func read(into buffer: inout [UInt8]) -> Transfer {
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count > 0 { return .bytes(count) }
        if count == 0 { return .end }
        return Self.isForLater(errno) ? .wouldBlock : .failed(Self.text(errno))
    }

    func write(_ bytes: ArraySlice<UInt8>) -> Transfer {
        let count = unsafe bytes.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, Self.noSignal) }
        if count >= 0 { return .bytes(count) }
        return Self.isForLater(errno) ? .wouldBlock : .failed(Self.text(errno))
    }

    private struct Problem: Error {
        let text: String
    }

    private static func attempt(_ info: addrinfo, _ timeout: Duration) -> Result<SystemSocket, Problem> {
        let descriptor = unsafe socket(info.ai_family, info.ai_socktype, info.ai_protocol)
        guard descriptor >= 0 else { return .failure(Problem(text: text(errno))) }
        let made = SystemSocket(descriptor)
        made.configure()
        if unsafe systemConnect(descriptor, info.ai_addr, info.ai_addrlen) == 0 { return .success(made) }
        guard errno == EINPROGRESS else { return .failure(Problem(text: text(errno))) }
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&waiting, 1, Int32(clamping: timeout.wholeMilliseconds + 1)) > 0 else {
            return .failure(Problem(text: "no answer within \(timeout)"))
        }
        var problem: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
        return problem == 0 ? .success(made) : .failure(Problem(text: text(problem)))
    }

    private func configure() {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe setsockopt(descriptor, Int32(Self.tcp), TCP_NODELAY, &yes, size)
        #if canImport(Darwin)
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, size)
        #endif
    }

    private static func failure(_ address: ServerAddress, _ text: String) -> ConnectionFailed {
        ConnectionFailed(.connect, "cannot connect to \(address): \(text)", wasNotReceived: true)
    }

    private static func isForLater(_ number: Int32) -> Bool {
        number == EAGAIN || number == EWOULDBLOCK || number == EINTR
    }

    private static func text(_ number: Int32) -> String {
        unsafe String(cString: strerror(number))
    }

    private static let tcp = IPPROTO_TCP

    #if canImport(Glibc)
        private static let streamType = Int32(SOCK_STREAM.rawValue)
    #else
        private static let streamType = Int32(SOCK_STREAM)
    #endif

    #if canImport(Darwin)
        private static let noSignal: Int32 = 0
    #else
        private static let noSignal = Int32(MSG_NOSIGNAL)
    #endif
}

/// `connect` by a name that no method hides.
private func systemConnect(
    _ descriptor: Int32, _ address: UnsafeMutablePointer<sockaddr>?, _ size: socklen_t
) -> Int32 {
    unsafe connect(descriptor, address, size)
}
