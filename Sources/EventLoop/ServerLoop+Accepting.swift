// Accepting is done here rather than by uv_listen, because of the three things that go wrong at the door: too many
// connections (the client is told), no descriptors left (the loop waits instead of spinning), and one loop that
// accepts for all.

internal import CUV
internal import Synchronization
internal import Telemetry

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension ServerLoop {
    /// One turn accepts at most this many, so that a storm of clients does not keep the present ones waiting.
    private static let acceptBatch = 64
    /// Clients over the limit that are told in good order at a time; others get the message and an immediate close.
    static let lingeringRejectionLimit = 64
    /// Accept failures are logged at most this often.
    private static let acceptReportInterval: UInt64 = 1000

    func startAccepting() throws(ServerError) {
        spareDescriptor.take()
        guard let listener else { return }
        let loop = unsafe uvLoop
        let poll = unsafe try makeHandle(uv_poll_t.self, owner: self, operation: "uv_poll_init") {
            unsafe uv_poll_init(loop, $0, listener.descriptor)
        }
        unsafe acceptPoll = poll
        unsafe watchListener(poll)
    }

    private func watchListener(_ poll: UnsafeMutablePointer<uv_poll_t>) {
        isAcceptPaused = false
        unsafe uv_poll_start(poll, Int32(UV_READABLE.rawValue)) { handle, _, _ in
            if let handle = unsafe handle { unsafe owner(handle.pointee.data, as: ServerLoop.self)?.acceptWaiting() }
        }
    }

    /// Closes the listening socket: nobody else holds it.
    func stopAccepting() {
        if let poll = unsafe acceptPoll { unsafe closeHandle(poll.asHandle) }
        unsafe acceptPoll = nil
        listener = nil
    }

    func resumeAccepting() {
        if isAcceptPaused, let poll = unsafe acceptPoll { unsafe watchListener(poll) }
    }

    private func acceptWaiting() {
        guard let listener else { return }
        for _ in 0..<Self.acceptBatch {
            switch listener.acceptNext() {
            case .nothingWaiting: return
            case .clientLeft: continue
            case .accepted(let descriptor, let peer): place(descriptor, peer)
            case .failed(let number):
                guard tellOneOfTooMany(listener, errorNumber: number) else {
                    return pauseAccepting(errorNumber: number)
                }
            }
        }
    }

    /// Without a descriptor for one more client, the spare one is given up for it, so that it is told and closed rather than left
    /// waiting. False where that is not possible.
    private func tellOneOfTooMany(_ listener: ListeningSocket, errorNumber: Int32) -> Bool {
        guard errorNumber == EMFILE || errorNumber == ENFILE, let message = configuration.overLimitMessage?(),
            spareDescriptor.isThere
        else { return false }
        spareDescriptor.giveUp()
        defer { spareDescriptor.take() }
        guard case .accepted(let descriptor, _) = listener.acceptNext() else { return false }
        count(.rejected)
        reportAcceptTrouble(errorNumber: errorNumber)
        tellAndClose(descriptor, message)
        return true
    }

    /// Out of descriptors or memory: the listening socket stays readable, so watching it would spin. Tried again when a
    /// connection closes and at every check of the times.
    private func pauseAccepting(errorNumber: Int32) {
        count(.acceptFailures)
        if let poll = unsafe acceptPoll { unsafe uv_poll_stop(poll) }
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

    private func place(_ descriptor: Int32, _ peer: SocketAddress?) {
        guard configuration.acceptStrategy == .oneAcceptor, configuration.loopCount > 1 else {
            return adopt(descriptor, peer)
        }
        let target = nextLoop
        nextLoop = (nextLoop + 1) % configuration.loopCount
        if target == index { return adopt(descriptor, peer) }
        let isPosted = shared.mailboxes[target].post { loop in loop.adopt(descriptor, peer) }
        if !isPosted { closeDescriptor(descriptor) }
    }

    /// Makes a connection of an accepted descriptor, or tells the client that there are too many.
    private func adopt(_ descriptor: Int32, _ peer: SocketAddress?) {
        guard phase == .running else { return closeDescriptor(descriptor) }
        let open = shared.openConnections.add(1, ordering: .relaxed).newValue
        guard open <= configuration.maxConnections else {
            shared.openConnections.subtract(1, ordering: .relaxed)
            return reject(descriptor, peer)
        }
        guard let connection = makeConnection(descriptor, peer, isAdmitted: true) else {
            shared.openConnections.subtract(1, ordering: .relaxed)
            return
        }
        count(.accepted)
        connection.handler = context?.makeHandler(for: connection)
        connection.settle(consumed: 0)
    }

    private func reject(_ descriptor: Int32, _ peer: SocketAddress?) {
        count(.rejected)
        let message = configuration.overLimitMessage?() ?? []
        guard lingeringRejections < Self.lingeringRejectionLimit else { return tellAndClose(descriptor, message) }
        guard let connection = makeConnection(descriptor, peer, isAdmitted: false) else { return }
        lingeringRejections += 1
        connection.send { $0.append(contentsOf: message) }
        connection.closeAfterFlush(.overConnectionLimit)
    }

    /// Takes over the descriptor, or closes it and returns `nil`.
    private func makeConnection(_ descriptor: Int32, _ peer: SocketAddress?, isAdmitted: Bool) -> Connection? {
        // A small answer must not wait for the acknowledgement of the one before.
        var yes: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        do {
            let connection = try Connection.open(
                id: shared.nextConnectionID.add(1, ordering: .relaxed).newValue, descriptor: descriptor, peer: peer,
                isAdmitted: isAdmitted, loop: self)
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
