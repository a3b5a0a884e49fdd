// Accepting is done here rather than by uv_listen, because of the three things that go wrong at the door: too many
// connections (the client is told), no descriptors left (the loop waits instead of spinning), and one loop that
// accepts for all.

internal import CUV
internal import Synchronization
internal import Telemetry
internal import TransportSecurity

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One of a loop's listening sockets.
@safe
final class LoopListener {
    /// Nil once the loop has stopped accepting.
    var socket: ListeningSocket?
    let tls: TLSIdentitySource?
    unowned let loop: ServerLoop
    var poll: UnsafeMutablePointer<uv_poll_t>?

    init(_ socket: ListeningSocket, tls: TLSIdentitySource?, loop: ServerLoop) {
        self.socket = socket
        self.tls = tls
        self.loop = loop
    }
}

extension ServerLoop {
    /// One turn accepts at most this many, so that a storm of clients does not keep the present ones waiting.
    private static let acceptBatch = 64
    /// As many clients over the limit as a loop tells so in good order where descriptors are plenty.
    static let lingeringRejectionLimit = 64
    /// Accept failures are logged at most this often.
    private static let acceptReportInterval: UInt64 = 1000

    func startAccepting() throws(ServerError) {
        spareDescriptor.take()
        let loop = unsafe uvLoop
        for listener in listeners {
            guard let socket = listener.socket else { continue }
            let poll = unsafe try makeHandle(uv_poll_t.self, owner: listener, operation: "uv_poll_init") {
                unsafe uv_poll_init(loop, $0, socket.descriptor)
            }
            unsafe listener.poll = unsafe poll
            unsafe watchListener(poll)
        }
    }

    private func watchListener(_ poll: UnsafeMutablePointer<uv_poll_t>) {
        isAcceptPaused = false
        unsafe uv_poll_start(poll, Int32(UV_READABLE.rawValue)) { handle, _, _ in
            if let handle = unsafe handle, let listener = unsafe owner(handle.pointee.data, as: LoopListener.self) {
                listener.loop.acceptWaiting(listener)
            }
        }
    }

    /// Closes the listening socket: nobody else holds it.
    func stopAccepting() {
        for listener in listeners {
            if let poll = unsafe listener.poll { unsafe closeHandle(poll.asHandle) }
            unsafe listener.poll = nil
            listener.socket = nil
        }
        listeners = []
    }

    func resumeAccepting() {
        guard isAcceptPaused else { return }
        for listener in listeners {
            if let poll = unsafe listener.poll { unsafe watchListener(poll) }
        }
    }

    fileprivate func acceptWaiting(_ listener: LoopListener) {
        guard let socket = listener.socket else { return }
        for _ in 0..<Self.acceptBatch {
            switch socket.acceptNext() {
            case .nothingWaiting: return
            case .clientLeft: continue
            case .accepted(let descriptor, let peer): place(descriptor, peer, listener.tls)
            case .failed(let number):
                guard tellOneOfTooMany(listener, errorNumber: number) else {
                    return pauseAccepting(errorNumber: number)
                }
            }
        }
    }

    /// Without a descriptor for one more client, the spare one is given up for it, so that it is told and closed rather than left
    /// waiting. False where that is not possible.
    private func tellOneOfTooMany(_ listener: LoopListener, errorNumber: Int32) -> Bool {
        guard errorNumber == EMFILE || errorNumber == ENFILE, let message = configuration.overLimitMessage?(),
            spareDescriptor.isThere, let socket = listener.socket
        else { return false }
        spareDescriptor.giveUp()
        defer { spareDescriptor.take() }
        guard case .accepted(let descriptor, _) = socket.acceptNext() else { return false }
        count(.rejected)
        reportAcceptTrouble(errorNumber: errorNumber)
        tellAndClose(descriptor, listener.tls == nil ? message : [])
        return true
    }

    /// Out of descriptors or memory: the listening socket stays readable, so watching it would spin. Tried again when a
    /// connection closes and at every check of the times.
    private func pauseAccepting(errorNumber: Int32) {
        count(.acceptFailures)
        for listener in listeners {
            if let poll = unsafe listener.poll { unsafe uv_poll_stop(poll) }
        }
        isAcceptPaused = true
        reportAcceptTrouble(errorNumber: errorNumber)
    }

    private func reportAcceptTrouble(errorNumber: Int32) {
        if let last = lastAcceptReport, now < last + Self.acceptReportInterval { return }
        lastAcceptReport = now
        log.error(
            "cannot accept connections",
            [
                "loop": .integer(index), "error": .text(describeErrorNumber(errorNumber)),
                "openConnections": .integer(shared.openConnections.load(ordering: .relaxed)),
            ])
    }

    private func place(_ descriptor: Int32, _ peer: SocketAddress?, _ tls: TLSIdentitySource?) {
        guard configuration.acceptStrategy == .oneAcceptor, configuration.loopCount > 1 else {
            return adopt(descriptor, peer, tls)
        }
        let target = nextLoop
        nextLoop = (nextLoop + 1) % configuration.loopCount
        if target == index { return adopt(descriptor, peer, tls) }
        let isPosted = shared.mailboxes[target].post { loop in loop.adopt(descriptor, peer, tls) }
        if !isPosted { closeDescriptor(descriptor) }
    }

    /// Makes a connection of an accepted descriptor, or tells the client that there are too many.
    private func adopt(_ descriptor: Int32, _ peer: SocketAddress?, _ tls: TLSIdentitySource?) {
        guard phase == .running else { return closeDescriptor(descriptor) }
        let open = shared.openConnections.add(1, ordering: .relaxed).newValue
        guard open <= configuration.maxConnections else {
            shared.openConnections.subtract(1, ordering: .relaxed)
            return reject(descriptor, peer, isPlain: tls == nil)
        }
        guard let connection = makeConnection(descriptor, peer, isAdmitted: true, tls) else {
            shared.openConnections.subtract(1, ordering: .relaxed)
            return
        }
        count(.accepted)
        connection.handler = context?.makeHandler(for: connection)
        connection.settle(consumed: 0)
    }

    private func reject(_ descriptor: Int32, _ peer: SocketAddress?, isPlain: Bool) {
        count(.rejected)
        // A word would need a handshake first, which costs more than the connection.
        guard isPlain else { return closeDescriptor(descriptor) }
        let message = configuration.overLimitMessage?() ?? []
        guard lingeringRejections < configuration.lingeringRejections else { return tellAndClose(descriptor, message) }
        guard let connection = makeConnection(descriptor, peer, isAdmitted: false, nil) else { return }
        lingeringRejections += 1
        connection.send { $0.append(contentsOf: message) }
        connection.closeAfterFlush(.overConnectionLimit)
    }

    /// Takes over the descriptor, or closes it and returns `nil`.
    private func makeConnection(
        _ descriptor: Int32, _ peer: SocketAddress?, isAdmitted: Bool, _ tls: TLSIdentitySource?
    ) -> Connection? {
        let session = tls.flatMap { TLSSession($0.current) }
        guard tls == nil || session != nil else {
            log.error("no memory for TLS", ["loop": .integer(index)])
            closeDescriptor(descriptor)
            return nil
        }
        // A small answer must not wait for the acknowledgement of the one before.
        var yes: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        do {
            let connection = try Connection.open(
                id: shared.nextConnectionID.add(1, ordering: .relaxed).newValue, descriptor: descriptor, peer: peer,
                isAdmitted: isAdmitted, tls: session, loop: self)
            add(connection)
            return connection
        } catch {
            log.error("cannot open an accepted connection", ["loop": .integer(index), "error": .text("\(error)")])
            closeDescriptor(descriptor)
            return nil
        }
    }
}

private func tellAndClose(_ descriptor: Int32, _ message: [UInt8]) {
    _ = unsafe message.withUnsafeBytes { bytes in unsafe systemSend(descriptor, bytes) }
    closeDescriptor(descriptor)
}

private func closeDescriptor(_ descriptor: Int32) {
    close(descriptor)
}

/// At most once and without waiting: the client is closed right after.
private func systemSend(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
        unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    #else
        unsafe send(descriptor, bytes.baseAddress, bytes.count, MSG_DONTWAIT)
    #endif
}
