internal import CUV

extension Connection {
    func startReading() {
        guard !isReading else { return }
        let status = unsafe uv_read_start(
            tcp.asStream, { handle, _, buffer in unsafe lendReadRoom(handle, buffer) },
            { stream, count, _ in unsafe didRead(stream, count) })
        guard status == 0 else { return close(.failed(name: errorName(status))) }
        isReading = true
    }

    func stopReading() {
        guard isReading else { return }
        isReading = false
        unsafe uv_read_stop(tcp.asStream)
    }

    /// Into the loop's shared buffer while nothing is left over; else behind what is, in steps that grow with what has
    /// really arrived, never with what a length announces.
    func readRoom() -> UnsafeMutableRawBufferPointer {
        let chunk = loop.configuration.readChunk
        if input.isEmpty || phase == .lingering {
            return unsafe UnsafeMutableRawBufferPointer(rebasing: loop.readBuffer[..<chunk])
        }
        guard let room = unsafe input.roomAtEnd(atLeast: min(chunk, max(input.count, 4096))) else {
            lacksMemory = true
            return unsafe UnsafeMutableRawBufferPointer(rebasing: loop.readBuffer[..<chunk])
        }
        return unsafe UnsafeMutableRawBufferPointer(rebasing: room[..<min(chunk, room.count)])
    }

    /// - Parameter count: bytes read into `readRoom`; negative is a libuv status, 0 means nothing was there.
    func readEnded(_ count: Int) {
        guard count > 0 else {
            if count < 0 { didEndReading(status: Int32(count)) }
            return
        }
        loop.count(.reads)
        loop.count(.bytesReceived, count)
        guard phase == .open else { return }
        guard !lacksMemory else { return giveWay() }
        lastActivity = loop.now
        receivedBytes += count
        // What came behind messages that wait, waits too.
        let mustWait = owesDelivery || isHeavy || !loop.servesAtOnce(self)
        arrivals.didRead(upTo: receivedBytes, at: loop.arrivalTime, keeps: mustWait)
        if mustWait { owesDelivery = true }
        if !input.isEmpty {
            input.commit(count)
            if mustWait { settle(consumed: 0) } else { deliverUnconsumed() }
        } else {
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count])
            let consumed = mustWait ? 0 : unsafe deliver(bytes)
            if phase != .closed, unsafe !input.append(UnsafeRawBufferPointer(rebasing: bytes[consumed...])) {
                return giveWay()
            }
            settle(consumed: consumed)
        }
    }

    /// Its turn among those that wait.
    func takeBacklogTurn() {
        guard waitsForTurn else { return settle(consumed: 0) }
        budgetTurn = 0
        deliverUnconsumed()
        if !owesDelivery { isHeavy = false }
    }

    func didEndReading(status: Int32) {
        isReading = false
        clientEnded = true
        guard status == UV_EOF.rawValue else { return close(.failed(name: errorName(status))) }
        switch phase {
        case .open:
            phase = .finishing(deliversInput: true)
            closeReason = .peerClosed(unconsumedBytes: 0)
            settle(consumed: 0)
        case .finishing: settle(consumed: 0)
        case .lingering: close(closeReason)
        case .closed: break
        }
    }

    private func deliverUnconsumed() {
        let consumed = unsafe deliver(input.unconsumed)
        // The memory of a closing connection stays until its close callback.
        if phase != .closed { input.consume(consumed) }
        settle(consumed: consumed)
    }

    /// Calls the handler and flushes, again as long as the handler only stopped for output that is gone now and its turn
    /// is not over.
    private func deliver(_ bytes: UnsafeRawBufferPointer) -> Int {
        var consumed = 0
        isDelivering = true
        owesDelivery = false
        let unreadBefore = receivedBytes - bytes.count
        beginTurn()
        while consumed < bytes.count, acceptsOutput, !turnBudget.isOver, !isHeld, let handler {
            deliveredFrom = unreadBefore + consumed
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[consumed...])
            let count = unsafe handler.received(rest.bytes, on: self)
            precondition(count >= 0 && count <= rest.count, "a handler consumes what it was given")
            consumed += count
            let stoppedForOutput = isOutputPaused
            flush()
            if isOutputPaused || !stoppedForOutput { break }
        }
        isDelivering = false
        loop.didServe(
            self, nanoseconds: turnBudget.usedNanoseconds, until: turnBudget.startedAt + turnBudget.usedNanoseconds)
        let stopped = isOutputPaused || turnBudget.isOver || isHeld
        owesDelivery = stopped && consumed < bytes.count && acceptsOutput
        leftMessages = owesDelivery
        if owesDelivery {
            if turnBudget.isOver { isHeavy = true }
            arrivals.keepLatest(upTo: receivedBytes)
        } else {
            arrivals.forget()
        }
        return consumed
    }

    /// A connection that is read more than once in a turn of the loop has one budget for all of it.
    private func beginTurn() {
        let now = loop.configuration.clock()
        if budgetTurn == loop.turn {
            turnBudget.resume(at: now)
        } else {
            budgetTurn = loop.turn
            turnBudget.renew(at: now)
        }
    }

    /// Brings reading and closing in line with the phase. Called at the end of everything that changes it.
    func settle(consumed: Int) {
        accountBuffers()
        switch phase {
        case .closed:
            return
        case .open:
            if input.isEmpty {
                partialInputSince = nil
            } else if partialInputSince == nil || consumed > 0 || isOutputPaused || leftMessages {
                partialInputSince = loop.now
            }
            if !isOutputPaused && !owesDelivery && input.count > loop.configuration.maxUnconsumedBytes {
                loop.count(.limitCloses)
                return closeOrderly(.inputLimit)
            }
            if waitsForTurn { loop.addToBacklog(self) }
            let hasEnough = owesDelivery && input.count >= loop.configuration.readAheadBytes
            if isOutputPaused || hasEnough { stopReading() } else { startReading() }
        case .finishing:
            stopReading()
            if waitsForTurn { return loop.addToBacklog(self) }
            if owedAnswers > 0 && acceptsOutput { return }
            if queuedOutputBytes == 0 { finish() }
        case .lingering:
            startReading()
        }
    }

    private var waitsForTurn: Bool { owesDelivery && !isOutputPaused && !isHeld && acceptsOutput }

    /// Everything is sent: tells the client so, and waits for its end of the connection.
    private func finish() {
        if case .peerClosed = closeReason { closeReason = .peerClosed(unconsumedBytes: input.count) }
        sealEnd()
        guard phase != .closed else { return }
        guard !clientEnded else { return close(closeReason) }
        phase = .lingering
        input.removeAll()
        lingerUntil = loop.now + UInt64(loop.configuration.lingerTimeout)
        shutDownSending()
        settle(consumed: 0)
    }
}

private func lendReadRoom(_ handle: UnsafeMutablePointer<uv_handle_t>?, _ buffer: UnsafeMutablePointer<uv_buf_t>?) {
    guard let handle = unsafe handle, let buffer = unsafe buffer,
        let connection = unsafe owner(handle.pointee.data, as: Connection.self)
    else { return }
    let room = unsafe connection.networkRoom
    unsafe buffer.pointee = uv_buf_init(
        room.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(room.count))
}

private func didRead(_ stream: UnsafeMutablePointer<uv_stream_t>?, _ count: Int) {
    guard let stream = unsafe stream else { return }
    unsafe owner(stream.pointee.data, as: Connection.self)?.networkRead(count)
}

/// The short name of a libuv status, such as `ECONNRESET`.
func errorName(_ status: Int32) -> String {
    unsafe uv_err_name(status).map { unsafe String(cString: $0) } ?? "error \(status)"
}
