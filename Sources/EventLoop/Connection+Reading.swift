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
    fileprivate func readRoom() -> UnsafeMutableRawBufferPointer {
        let chunk = loop.configuration.readChunk
        if input.isEmpty || phase == .lingering {
            return unsafe UnsafeMutableRawBufferPointer(rebasing: loop.readBuffer[..<chunk])
        }
        let room = unsafe input.roomAtEnd(atLeast: min(chunk, max(input.count, 4096)))
        return unsafe UnsafeMutableRawBufferPointer(rebasing: room[..<min(chunk, room.count)])
    }

    /// - Parameter count: bytes read into `readRoom`; negative is a libuv status, 0 means nothing was there.
    fileprivate func readEnded(_ count: Int) {
        guard count > 0 else {
            if count < 0 { didEndReading(status: Int32(count)) }
            return
        }
        loop.count(.reads)
        loop.count(.bytesReceived, count)
        guard phase == .open else { return }
        lastActivity = loop.now
        if input.isEmpty {
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count])
            let consumed = unsafe deliver(bytes)
            if phase != .closed { unsafe input.append(UnsafeRawBufferPointer(rebasing: bytes[consumed...])) }
            settle(consumed: consumed)
        } else {
            input.commit(count)
            deliverUnconsumed()
        }
    }

    private func didEndReading(status: Int32) {
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

    func deliverUnconsumed() {
        let consumed = unsafe deliver(input.unconsumed)
        // The memory of a closing connection stays until its close callback.
        if phase != .closed { input.consume(consumed) }
        settle(consumed: consumed)
    }

    /// Calls the handler and flushes, again as long as the handler only stopped for output that is gone now.
    private func deliver(_ bytes: UnsafeRawBufferPointer) -> Int {
        var consumed = 0
        isDelivering = true
        owesDelivery = false
        while consumed < bytes.count, acceptsOutput, let handler {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[consumed...])
            let count = unsafe handler.received(rest.bytes, on: self)
            precondition(count >= 0 && count <= rest.count, "a handler consumes what it was given")
            consumed += count
            let stoppedForOutput = isOutputPaused
            flush()
            guard stoppedForOutput else { break }
            if isOutputPaused {
                owesDelivery = consumed < bytes.count
                break
            }
        }
        isDelivering = false
        return consumed
    }

    /// Brings reading and closing in line with the phase. Called at the end of everything that changes it.
    func settle(consumed: Int) {
        switch phase {
        case .closed:
            return
        case .open:
            if input.isEmpty {
                partialInputSince = nil
            } else if partialInputSince == nil || consumed > 0 || isOutputPaused {
                partialInputSince = loop.now
            }
            if !isOutputPaused && input.count > loop.configuration.maxUnconsumedBytes {
                loop.count(.limitCloses)
                return closeOrderly(.inputLimit)
            }
            if isOutputPaused { stopReading() } else { startReading() }
        case .finishing:
            stopReading()
            if queuedOutputBytes == 0 { finish() }
        case .lingering:
            startReading()
        }
    }

    /// Everything is sent: tells the client so, and waits for its end of the connection.
    private func finish() {
        if case .peerClosed = closeReason { closeReason = .peerClosed(unconsumedBytes: input.count) }
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
    let room = unsafe connection.readRoom()
    unsafe buffer.pointee = uv_buf_init(
        room.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(room.count))
}

private func didRead(_ stream: UnsafeMutablePointer<uv_stream_t>?, _ count: Int) {
    guard let stream = unsafe stream else { return }
    unsafe owner(stream.pointee.data, as: Connection.self)?.readEnded(count)
}

/// The short name of a libuv status, such as `ECONNRESET`.
func errorName(_ status: Int32) -> String {
    unsafe uv_err_name(status).map { unsafe String(cString: $0) } ?? "error \(status)"
}
