/// TLS between bytes of the socket and bytes of the protocol, without sockets of its own:
///
///     socket ─▶ decrypt ─▶ replies        requests ─▶ encrypt ─▶ takeOutgoing ─▶ socket
///
/// SAFETY: made on one thread, then handed to the engine's queue and touched there only.
@safe final class TLSStage: @unchecked Sendable {
    // Numbers of OpenSSL's interface, which stay the same within version 3.
    private static let setServerName: Int32 = 55
    private static let wantsRead: Int32 = 2
    private static let wantsWrite: Int32 = 3
    private static let hasEnded: Int32 = 6
    private static let chunkBytes = 1 << 14

    private let library: OpenSSL
    private let context: TLSContext
    private let session: OpaquePointer
    // The session's, and freed with it.
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    private var chunk = [UInt8](repeating: 0, count: chunkBytes)
    private(set) var isEstablished = false

    /// - Parameter host: what the certificate must be for, where the options name nothing else.
    init(_ options: TLSOptions, host: String) throws(ConnectionFailed) {
        library = try OpenSSL.shared.get()
        context = try TLSContext(library, options)
        guard let session = unsafe library.newSession(context.pointer),
            let incoming = unsafe library.newBuffer(library.memoryMethod()),
            let outgoing = unsafe library.newBuffer(library.memoryMethod())
        else { throw library.failure("no memory for TLS") }
        unsafe self.session = session
        unsafe self.incoming = incoming
        unsafe self.outgoing = outgoing
        unsafe library.setBuffers(session, incoming, outgoing)
        unsafe library.becomeClient(session)
        try expect(options.serverName ?? host)
    }

    static func make(_ options: TLSOptions?, host: String) throws(ConnectionFailed) -> TLSStage? {
        guard let options else { return nil }
        return try TLSStage(options, host: host)
    }

    deinit {
        unsafe library.freeSession(session)
    }

    /// True once it is done; what it has to say is in `takeOutgoing`, also where it fails.
    func handshake() throws(ConnectionFailed) -> Bool {
        library.clearErrors()
        let status = unsafe library.handshake(session)
        if status == 1 {
            isEstablished = true
            return true
        }
        let reason = unsafe library.errorOfSession(session, status)
        if reason == Self.wantsRead || reason == Self.wantsWrite { return false }
        let verdict = unsafe library.verifyResult(session)
        guard verdict != 0, let text = unsafe library.verifyText(verdict) else {
            throw library.failure("the handshake failed")
        }
        throw ConnectionFailed(
            .connect, "the server's certificate is refused: \(unsafe String(cString: text))", wasNotReceived: true)
    }

    /// What is to go to the socket.
    func takeOutgoing() -> [UInt8] {
        var bytes: [UInt8] = []
        while unsafe library.pendingInBuffer(outgoing) > 0 {
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in
                unsafe library.readBuffer(outgoing, buffer.baseAddress, Int32(buffer.count))
            }
            guard count > 0 else { break }
            bytes += chunk[..<Int(count)]
        }
        return bytes
    }

    func encrypt(_ bytes: [UInt8]) throws(ConnectionFailed) {
        library.clearErrors()
        // A frame has 4 MiB at most; a buffer in memory takes all of it.
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe library.write(session, buffer.baseAddress, Int32(buffer.count))
        }
        guard count == bytes.count else { throw library.failure("TLS cannot encrypt", .closed) }
    }

    /// The protocol's bytes, once there is a session; before, the handshake takes what came.
    func decrypt(_ bytes: ArraySlice<UInt8>) throws(ConnectionFailed) -> [UInt8] {
        library.clearErrors()
        let taken = unsafe bytes.withUnsafeBytes { buffer in
            unsafe buffer.isEmpty ? 0 : unsafe library.writeBuffer(incoming, buffer.baseAddress, Int32(buffer.count))
        }
        guard Int(taken) == bytes.count else { throw library.failure("no memory for TLS", .closed) }
        var found: [UInt8] = []
        while isEstablished {
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in
                unsafe library.read(session, buffer.baseAddress, Int32(buffer.count))
            }
            if count > 0 {
                found += chunk[..<Int(count)]
                continue
            }
            let reason = unsafe library.errorOfSession(session, count)
            // After its farewell the server closes the socket, which is seen there.
            if reason == Self.wantsRead || reason == Self.wantsWrite || reason == Self.hasEnded { break }
            throw library.failure("TLS broke", .closed)
        }
        return found
    }

    /// The certificate must be for this address or name; a name is also told to the server.
    private func expect(_ host: String) throws(ConnectionFailed) {
        if unsafe library.expectAddress(library.verifyParameters(session), host) == 1 { return }
        guard unsafe library.expectHost(session, host) == 1 else { throw library.failure("\(host) is no name for TLS") }
        var name = Array(host.utf8CString)
        _ = unsafe name.withUnsafeMutableBytes { buffer in
            unsafe library.controlSession(session, Self.setServerName, 0, buffer.baseAddress)
        }
    }
}

/// Whom to trust, and who the client is.
@safe private final class TLSContext {
    private static let setLeastVersion: Int32 = 123
    private static let version12 = 0x0303
    private static let verifyPeer: Int32 = 1
    private static let formatPEM: Int32 = 1

    let pointer: OpaquePointer
    private let library: OpenSSL

    init(_ library: OpenSSL, _ options: TLSOptions) throws(ConnectionFailed) {
        self.library = library
        library.clearErrors()
        guard let made = unsafe library.newContext(library.clientMethod()) else {
            throw library.failure("no memory for TLS")
        }
        unsafe pointer = made
        unsafe library.setVerify(made, Self.verifyPeer, nil)
        _ = unsafe library.controlContext(made, Self.setLeastVersion, Self.version12, nil)
        let status =
            if let file = options.authorities { unsafe library.trustFile(made, file) } else {
                unsafe library.trustSystem(made)
            }
        guard status == 1 else {
            throw library.failure("the authorities in \(options.authorities ?? "the system") cannot be read")
        }
        guard let certificate = options.certificate else { return }
        guard unsafe library.useCertificate(made, certificate) == 1 else {
            throw library.failure("the certificate in \(certificate) cannot be read")
        }
        let key = options.privateKey ?? certificate
        guard unsafe library.useKey(made, key, Self.formatPEM) == 1 else {
            throw library.failure("the private key in \(key) cannot be read, or is not the certificate's")
        }
    }

    deinit {
        unsafe library.freeContext(pointer)
    }
}

extension OpenSSL {
    fileprivate func failure(_ what: String, _ kind: ConnectionFailed.Kind = .connect) -> ConnectionFailed {
        var text = [CChar](repeating: 0, count: 256)
        let number = nextError()
        unsafe text.withUnsafeMutableBufferPointer { unsafe errorText(number, $0.baseAddress, $0.count) }
        let reason = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return ConnectionFailed(kind, number == 0 ? what : "\(what): \(reason)", wasNotReceived: kind == .connect)
    }
}
