// One TCP connection, confined to its loop's thread.
//
//     open ──(client's end, shutdown, closeAfterFlush)──> finishing ──(output flushed)──> lingering ──> closed
//      └──────────────(error, stall, limit, close)───────────┴───────────────────────────────┘
//
// open       reads, except while more than `outputHighWater` bytes of answers wait for the client.
// finishing  reads nothing more; gives the handler what was read (unless it is the handler that closes); flushes.
// lingering  everything is sent and our side shut down; input is thrown away until the client closes too.
// closed     libuv is closing the handle; the handler hears of it in the close callback, never from inside a call.

internal import CUV
internal import TransportSecurity

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@safe
package final class Connection {
    /// Readable bytes behind the bytes lent to a handler: what a JSON parser's vector loads may overrun.
    package static let readableSlack = 64

    /// A new connection counts as if it had been served for so long, in nanoseconds: who comes anew for each costly request does
    /// not go before those who stay and ask for little.
    static let delayOfNewcomer: UInt64 = 20_000_000

    enum Phase: Equatable {
        case open
        case finishing(deliversInput: Bool)
        case lingering
        case closed
    }

    /// Unique in the server's life.
    package let id: UInt64
    /// `nil` where the client was gone before it could be asked.
    package let peerAddress: SocketAddress?
    package let loop: ServerLoop

    /// Nil: bytes go as they are.
    let tls: TLSSession?
    let tcp: UnsafeMutablePointer<uv_tcp_t>
    let descriptor: Int32
    var handler: (any ConnectionHandler)?
    /// Counts towards `maxConnections`; false for a client that is only told that there are too many.
    let isAdmitted: Bool
    /// Where the loop's table holds this connection.
    var tableIndex = 0

    var phase = Phase.open
    var closeReason = CloseReason.handler
    var isReading = false
    var isDelivering = false
    /// The handler must be called again: it stopped with input left because the output was paused or its turn was over, or
    /// bytes came that wait for their turn.
    var owesDelivery = false
    /// It is the handler that stopped, so that whole messages may wait.
    var leftMessages = false
    var turnBudget: TurnBudget
    var causedDelay: CausedDelay
    /// The loop's turn that the budget is of.
    var budgetTurn: UInt64 = 0
    /// Waits in one of the loop's queues.
    var isInBacklog = false
    /// Asked for more than a turn's worth: one of those that pipeline, until one turn is enough.
    var isHeavy = false
    var arrivals = ArrivalTimes()
    /// Bytes since the connection was opened.
    var receivedBytes = 0
    /// As many of them were done with when the handler was called.
    var deliveredFrom = 0
    /// In the loop's list of connections to flush at the end of this turn.
    var isMarkedForFlush = false
    var clientEnded = false
    /// The system had no memory for what the client sends; it gives way.
    var lacksMemory = false

    var input: InputBuffer
    var output: [UInt8] = []
    private var isAppending = false
    /// The part of earlier output that libuv is writing; memory of `malloc`.
    var inFlight: UnsafeMutableRawBufferPointer?
    let writeRequest: UnsafeMutablePointer<uv_write_t>

    /// What its buffers hold, as the budget of all of them knows it.
    var heldBytes = 0

    /// Whether the handler should stop: more than `outputHighWater` bytes wait. Turns false at `outputLowWater`.
    package internal(set) var isOutputPaused = false

    // Loop times in milliseconds, looked at by `checkTimes`.
    var lastActivity: UInt64
    var lastWriteProgress: UInt64 = 0
    var lastQueuedInUV = 0
    var partialInputSince: UInt64?
    var deadline: UInt64?
    var lingerUntil: UInt64 = 0
    /// A handshake is over by then.
    let handshakeUntil: UInt64

    private init(
        id: UInt64, descriptor: Int32, peer: SocketAddress?, isAdmitted: Bool, tls: TLSSession?, loop: ServerLoop
    ) {
        self.tls = tls
        handshakeUntil = loop.now + UInt64(loop.configuration.handshakeTimeout)
        self.id = id
        self.descriptor = descriptor
        peerAddress = peer
        self.isAdmitted = isAdmitted
        self.loop = loop
        lastActivity = loop.now
        turnBudget = TurnBudget(
            messages: loop.configuration.turnMessages, nanoseconds: loop.configuration.turnNanoseconds)
        causedDelay = CausedDelay(nanoseconds: Self.delayOfNewcomer, at: loop.configuration.clock())
        input = InputBuffer(
            limit: loop.configuration.maxUnconsumedBytes + loop.configuration.readChunk,
            memory: loop.configuration.memory)
        unsafe tcp = allocateHandle(uv_tcp_t.self)
        unsafe writeRequest = allocateHandle(uv_write_t.self)
    }

    /// Takes over the descriptor; on an error it stays the caller's.
    static func open(
        id: UInt64, descriptor: Int32, peer: SocketAddress?, isAdmitted: Bool, tls: TLSSession?, loop: ServerLoop
    ) throws(ServerError) -> Connection {
        let connection = Connection(
            id: id, descriptor: descriptor, peer: peer, isAdmitted: isAdmitted, tls: tls, loop: loop)
        let tcp = unsafe connection.tcp
        let initialised = unsafe uv_tcp_init(loop.uvLoop, tcp)
        guard initialised == 0 else {
            unsafe UnsafeMutableRawPointer(tcp).deallocate()
            throw .libuv("uv_tcp_init", status: initialised)
        }
        unsafe tcp.pointee.data = Unmanaged.passRetained(connection).toOpaque()
        let opened = unsafe uv_tcp_open(tcp, descriptor)
        guard opened == 0 else {
            unsafe closeHandle(tcp.asHandle)
            throw .libuv("uv_tcp_open", status: opened)
        }
        return connection
    }

    deinit {
        unsafe free(inFlight?.baseAddress)
        unsafe writeRequest.deallocate()
    }

    /// Bytes that the operating system has not taken yet.
    package var queuedOutputBytes: Int {
        output.count + (unsafe inFlight == nil ? 0 : Int(unsafe uv_stream_get_write_queue_size(tcp.asStream)))
    }

    package var unconsumedInputBytes: Int { input.count }

    /// Whether `send` has an effect: false once the handler or the loop has decided to close.
    package var acceptsOutput: Bool {
        phase == .open || phase == .finishing(deliversInput: true)
    }

    /// Answers that the handler will send later, from outside of `received`: an orderly close waits for them.
    package private(set) var owedAnswers = 0
    /// The handler owes as many as it may.
    private(set) var isHeld = false

    /// Whether the handler should go on with the next message: not while too much output waits for the client, not when
    /// its turn is over, and not while it owes too much.
    package var mayContinue: Bool { !isOutputPaused && !turnBudget.isOver && !isHeld }

    /// Bytes that the handler keeps for this connection, such as answers that wait for others.
    private(set) var handlerBytes = 0

    /// A handler tells this when it puts an answer off, and when it has sent one that it had put off.
    /// - Parameters:
    ///   - holdsInput: it takes no more messages before that changes.
    ///   - heldBytes: what it keeps meanwhile, to be counted with the connection's buffers.
    package func setOwedAnswers(_ count: Int, holdsInput: Bool, heldBytes: Int = 0) {
        precondition(count >= 0 && heldBytes >= 0)
        owedAnswers = count
        isHeld = holdsInput
        handlerBytes = heldBytes
        lastActivity = loop.now
        if !isDelivering { markForFlush() }
    }

    /// Nanoseconds of the monotonic clock when the handler was called.
    package var calledAt: UInt64 { turnBudget.startedAt }

    /// Nanoseconds of the monotonic clock when a message had arrived, that is its last byte.
    /// - Parameter end: where it ends in the bytes that the handler was called with; call with ascending ends.
    package func arrivalTime(ofMessageEndingAt end: Int) -> UInt64 {
        arrivals.time(ofMessageEndingAt: deliveredFrom + end)
    }

    /// A handler tells this after each message, so that its turn can end.
    /// - Parameter now: nanoseconds of the monotonic clock.
    package func didHandleMessage(at now: UInt64) { turnBudget.didHandleMessage(at: now) }

    /// Lets `append` add bytes to the output, which leaves at the end of this turn of the loop (inside
    /// `ConnectionHandler.received`: right after it). Without effect unless `acceptsOutput`. Not to be nested.
    package func send(_ append: (_ output: inout [UInt8]) -> Void) {
        precondition(!isAppending, "send must not be called inside send")
        guard acceptsOutput else { return }
        isAppending = true
        // Moved out, so that the closure may ask this connection anything.
        var bytes = output.capacity == 0 ? loop.takeSpareBuffer() : []
        if output.capacity != 0 { swap(&bytes, &output) }
        append(&bytes)
        swap(&bytes, &output)
        isAppending = false
        let queued = queuedOutputBytes
        if queued > loop.configuration.outputHighWater && !isOutputPaused {
            isOutputPaused = true
            loop.count(.outputPauses)
        }
        if queued > loop.configuration.outputBufferLimit { enforceOutputLimit() }
        if !isDelivering { markForFlush() }
    }

    /// Sends what is in the output, then closes. Unconsumed input and later sends are thrown away.
    package func closeAfterFlush() { closeAfterFlush(.handler) }

    /// Closes now; output that was not flushed is lost.
    package func close() { close(.handler) }

    /// Closes the connection in an orderly way (`willClose(.deadline)`) unless called again before; `nil` cancels.
    package func setDeadline(afterMilliseconds time: Int?) {
        deadline = time.map { loop.now + UInt64(max($0, 0)) }
    }

    func closeAfterFlush(_ reason: CloseReason) {
        guard phase == .open || phase == .finishing(deliversInput: true) else { return }
        // Nothing could be said to it.
        if isHandshaking { return close(reason) }
        if phase == .open { closeReason = reason }
        phase = .finishing(deliversInput: false)
        stopReading()
        if !isDelivering { markForFlush() }
    }

    func close(_ reason: CloseReason) {
        guard phase != .closed else { return }
        phase = .closed
        closeReason = reason
        isReading = false
        loop.forget(self)
        accountBuffers()
        unsafe uv_close(tcp.asHandle) { handle in unsafe connectionDidClose(handle) }
    }

    private func markForFlush() {
        guard !isMarkedForFlush else { return }
        isMarkedForFlush = true
        loop.flushLater(self)
    }

    fileprivate func didClose() {
        input.removeAll()
        output = []
        handler?.closed(self, reason: closeReason)
        handler = nil
        loop.connectionDidClose(self)
    }
}

private func connectionDidClose(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    if let handle = unsafe handle { unsafe owner(handle.pointee.data, as: Connection.self)?.didClose() }
    unsafe freeClosedHandle(handle)
}
