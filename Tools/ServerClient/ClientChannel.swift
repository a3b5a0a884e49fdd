import TransportSecurity

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A connected socket, and TLS over it where the server speaks it. One thread's. Closed when the last reference goes.
package final class ClientChannel {
    /// What one wait for bytes takes at most.
    private static let chunkByteCount = 64 << 10

    package let descriptor: Int32
    let server: String
    private let tls: TLSSession?
    private var chunk = [UInt8](repeating: 0, count: ClientChannel.chunkByteCount)
    private var plain = [UInt8](repeating: 0, count: 16 << 10)
    private var encrypted: [UInt8] = []
    /// The TLS session's end has come, or the socket's.
    private var hasEnded = false

    /// Connects, and speaks TLS where it is asked for: the server's certificate has been looked at when this returns.
    init(host: String, port: UInt16, tls: TLSReach?, deadline: Deadline) throws(ServerConnectionError) {
        server = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        descriptor = try Self.connect(host: host, port: port, server: server, deadline: deadline)
        guard let tls else {
            self.tls = nil
            return
        }
        guard let session = TLSSession(tls.identity, serverName: tls.name ?? host) else {
            close(descriptor)
            throw ServerConnectionError(description: "no memory for TLS")
        }
        self.tls = session
        try shakeHands(session, deadline)
    }

    deinit { close(descriptor) }

    /// Sends all of it, however long the server takes, until the deadline.
    func send(_ bytes: [UInt8], deadline: Deadline?) throws(ServerConnectionError) {
        guard let tls else { return try sendAsIs(bytes, deadline) }
        guard unsafe bytes.withUnsafeBytes({ buffer in unsafe tls.write(buffer) }) else {
            throw ServerConnectionError(description: "sending to \(server) failed: TLS has ended")
        }
        try flush(tls, deadline)
    }

    /// Puts what there is behind `bytes`, without waiting where `waits` is false.
    ///
    /// - Returns: false once the server sends nothing more. It may give no bytes all the same, before a deadline has come.
    func receive(into bytes: inout [UInt8], waits: Bool) throws(ServerConnectionError) -> Bool {
        if hasEnded { return false }
        let got = unsafe chunk.withUnsafeMutableBytes { buffer in
            unsafe recv(descriptor, buffer.baseAddress, buffer.count, waits ? 0 : Int32(MSG_DONTWAIT))
        }
        if got < 0 {
            if errno == EINTR || errno == EAGAIN { return true }
            // A server that closes while something is on its way to it resets the connection.
            if errno == ECONNRESET {
                hasEnded = true
                return false
            }
            throw ServerConnectionError(description: "no answer from \(server): \(Self.text(errno))")
        }
        if got == 0 { hasEnded = true }
        guard let tls else {
            bytes += chunk.prefix(got)
            return !hasEnded
        }
        encrypted += chunk.prefix(got)
        try decrypt(tls, into: &bytes)
        return !hasEnded || !bytes.isEmpty
    }

    /// Says that nothing more will be sent; replies can still be read.
    func finishSending() {
        if let tls {
            tls.end()
            // Who has gone needs no farewell.
            try? flush(tls, nil)
        }
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    private func shakeHands(_ session: TLSSession, _ deadline: Deadline) throws(ServerConnectionError) {
        var early: [UInt8] = []
        try decrypt(session, into: &early)
        while !session.isEstablished {
            guard !deadline.isOver else { throw deadline.failure(server) }
            deadline.limitWaits(of: descriptor)
            guard try receive(into: &early, waits: true) || session.isEstablished else {
                throw ServerConnectionError(
                    description: "\(server) ended the connection before TLS was agreed on: does it speak TLS there?")
            }
        }
    }

    /// What has come, as text; what TLS has to say to the server is sent.
    private func decrypt(_ session: TLSSession, into bytes: inout [UInt8]) throws(ServerConnectionError) {
        var outcome = TLSSession.Outcome.needsMore
        repeat {
            var used = 0
            (outcome, used) = unsafe encrypted.withUnsafeBytes { source in
                var rest = unsafe source
                let outcome = unsafe plain.withUnsafeMutableBytes { room in unsafe session.read(&rest, into: room) }
                return (outcome, source.count - rest.count)
            }
            encrypted.removeFirst(used)
            if case .text(let count) = outcome { bytes += plain.prefix(count) }
        } while outcome.isText
        try flush(session, nil)
        switch outcome {
        case .text, .needsMore: break
        case .ended: hasEnded = true
        case .failed(let reason):
            throw ServerConnectionError(
                description:
                    "TLS with \(server) failed: \(reason). --tls-ca names the certificates to trust, --tls-name "
                    + "the server's name in its certificate.")
        }
    }

    private func flush(_ session: TLSSession, _ deadline: Deadline?) throws(ServerConnectionError) {
        guard session.hasOutput else { return }
        var output: [UInt8] = []
        session.takeOutput(appendingTo: &output)
        try sendAsIs(output, deadline)
    }

    private func sendAsIs(_ bytes: [UInt8], _ deadline: Deadline?) throws(ServerConnectionError) {
        var sent = 0
        while sent < bytes.count {
            if let deadline {
                guard !deadline.isOver else { throw deadline.failure(server) }
                deadline.limitWaits(of: descriptor)
            }
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
            }
            // Without a deadline a wait of the whole time that a question has is the end.
            if count < 0 && (errno == EINTR || errno == EAGAIN && deadline != nil) { continue }
            guard count > 0 else {
                throw ServerConnectionError(description: "sending to \(server) failed: \(Self.text(errno))")
            }
            sent += count
        }
    }

    private static func connect(
        host: String, port: UInt16, server: String, deadline: Deadline
    ) throws(ServerConnectionError) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = streamSocket
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
                if unsafe systemConnect(socket, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 {
                    sendAtOnce(socket)
                    return socket
                }
                failure = errno
                close(socket)
            } else {
                failure = errno
            }
            unsafe candidate = address.pointee.ai_next
        }
        throw ServerConnectionError(
            description: "cannot connect to \(server): \(text(failure)); "
                + "is the server running, and is --server its address?")
    }

    /// A refusal costs a little time and no correctness.
    private static func sendAtOnce(_ socket: Int32) {
        var one: Int32 = 1
        _ = unsafe setsockopt(
            socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    static func text(_ code: Int32) -> String {
        code == EAGAIN ? "timed out" : unsafe String(cString: strerror(code))
    }

    #if canImport(Glibc)
        private static let streamSocket = Int32(SOCK_STREAM.rawValue)
        private static let systemConnect = unsafe Glibc.connect
    #else
        private static let streamSocket = SOCK_STREAM
        private static let systemConnect = unsafe Darwin.connect
    #endif
}

extension TLSSession.Outcome {
    fileprivate var isText: Bool {
        if case .text = self { return true }
        return false
    }
}
