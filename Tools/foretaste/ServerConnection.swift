#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a question could not be put to a server.
struct ServerConnectionError: Error, CustomStringConvertible {
    let description: String
}

/// A blocking connection to a server. Closed when it goes out of scope.
struct ServerConnection: ~Copyable {
    /// The protocol's limit for one reply.
    private static let replyByteLimit = 16 << 20
    private let descriptor: Int32
    private let server: String
    private let deadline: Deadline

    /// - Parameter timeoutSeconds: how long all of it may take: connecting, sending, and every wait for bytes. (Looking up a name
    ///   takes what the system's resolver takes.)
    init(host: String, port: UInt16, timeoutSeconds: Int) throws(ServerConnectionError) {
        server = "\(host):\(port)"
        deadline = Deadline(seconds: timeoutSeconds)
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Self.streamSocket
        var found: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, String(port), &hints, &found)
        guard status == 0, let first = unsafe found else {
            throw ServerConnectionError(
                description: "cannot resolve \(host): \(unsafe String(cString: gai_strerror(status)))")
        }
        defer { unsafe freeaddrinfo(first) }
        var failure: Int32 = 0
        var candidate: UnsafeMutablePointer<addrinfo>? = unsafe first
        while let address = unsafe candidate {
            let socket = unsafe socket(address.pointee.ai_family, address.pointee.ai_socktype, 0)
            if socket >= 0 {
                deadline.limitWaits(of: socket)
                if unsafe connect(socket, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 {
                    descriptor = socket
                    return
                }
                failure = errno
                close(socket)
            }
            unsafe candidate = address.pointee.ai_next
        }
        throw ServerConnectionError(
            description: "cannot connect to \(server): \(Self.text(failure)); "
                + "is the server running, and is --server its address?")
    }

    deinit { close(descriptor) }

    /// Says that nothing more will be sent; replies can still be read.
    func finishSending() {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// All that comes until the server closes. What ends the wait is the deadline: nil then.
    func receiveUntilClose() throws(ServerConnectionError) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while !deadline.isOver {
            deadline.limitWaits(of: descriptor)
            let count = unsafe read(descriptor, &chunk, chunk.count)
            // A server that closes while something is on its way to it resets the connection.
            if count == 0 || (count < 0 && errno == ECONNRESET) { return bytes }
            if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
            guard count > 0, bytes.count <= Self.replyByteLimit else {
                throw ServerConnectionError(description: "reading from \(server) failed: \(Self.text(errno))")
            }
            bytes += chunk.prefix(count)
        }
        return nil
    }

    /// The JSON text of the next frame that comes.
    func receiveFrame() throws(ServerConnectionError) -> [UInt8] {
        let header = try receive(4)
        let replyLength = header.reduce(0) { $0 << 8 | Int($1) }
        guard replyLength > 0, replyLength <= Self.replyByteLimit else {
            throw ServerConnectionError(
                description: "\(server) does not speak this protocol: a frame of \(replyLength) bytes was announced")
        }
        return try receive(replyLength)
    }

    func send(_ bytes: [UInt8]) throws(ServerConnectionError) {
        var sent = 0
        while sent < bytes.count {
            try checkDeadline()
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
            }
            if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
            guard count > 0 else {
                throw ServerConnectionError(description: "sending to \(server) failed: \(Self.text(errno))")
            }
            sent += count
        }
    }

    private func receive(_ count: Int) throws(ServerConnectionError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var received = 0
        while received < count {
            try checkDeadline()
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe read(descriptor, buffer.baseAddress?.advanced(by: received), count - received)
            }
            if got < 0 && errno == EINTR { continue }
            if got < 0 && errno == EAGAIN { continue }
            guard got > 0 else {
                let reason = got == 0 ? "the server closed the connection" : Self.text(errno)
                throw ServerConnectionError(description: "no answer from \(server): \(reason)")
            }
            received += got
        }
        return bytes
    }

    /// Bytes that come one by one do not put the end off.
    private func checkDeadline() throws(ServerConnectionError) {
        guard !deadline.isOver else {
            throw ServerConnectionError(
                description: "no answer from \(server) within \(deadline.seconds) s; --timeout may be longer")
        }
        deadline.limitWaits(of: descriptor)
    }

    private static func text(_ code: Int32) -> String {
        code == EAGAIN ? "timed out" : unsafe String(cString: strerror(code))
    }

    #if canImport(Glibc)
        private static let streamSocket = Int32(SOCK_STREAM.rawValue)
    #else
        private static let streamSocket = SOCK_STREAM
    #endif
}

/// When a whole conversation ends.
private struct Deadline {
    let seconds: Int
    private let end: ContinuousClock.Instant

    init(seconds: Int) {
        self.seconds = seconds
        end = .now + .seconds(seconds)
    }

    var isOver: Bool { end <= .now }

    /// Lets no wait of the socket outlast the end.
    func limitWaits(of socket: Int32) {
        let left = max(.milliseconds(1), end - .now).components
        var limit = timeval()
        limit.tv_sec = numericCast(left.seconds)
        limit.tv_usec = numericCast(left.attoseconds / 1_000_000_000_000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        // A refusal leaves the system's default: the question may then wait longer, and is still answered.
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }
}
