internal import CUV

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Connection {
    /// Gives the output to the operating system. What it does not take is copied to memory of its own, which libuv
    /// writes when the client makes room; meanwhile new output gathers in `output`.
    func flush() {
        guard unsafe inFlight == nil, phase != .closed else { return }
        guard let tls else { return writeOutput() }
        var text = seal(tls)
        if phase != .closed { writeOutput() }
        if !text.isEmpty { swap(&text, &output) }
    }

    private func writeOutput() {
        guard !output.isEmpty else { return }
        let total = output.count
        let status = unsafe output.withUnsafeMutableBytes { bytes in
            unsafe tryWrite(bytes)
        }
        if status < 0 && status != UV_EAGAIN.rawValue { return close(.failed(name: errorName(status))) }
        let written = Int(max(status, 0))
        if written > 0 { didWrite(written) }
        if written < total {
            startWriting(from: written)
        } else {
            recycleOutput()
        }
        updatePause()
    }

    /// At the end of a turn, and when libuv has written all it had.
    func flushAndContinue() {
        guard phase != .closed else { return }
        flush()
        // Brings a connection whose output is not paused any more back to the round.
        settle(consumed: 0)
    }

    private func tryWrite(_ bytes: UnsafeMutableRawBufferPointer) -> Int32 {
        // A length is 32 bits in libuv; output above the limit of 32 MiB never gets here.
        var buffer = unsafe uv_buf_init(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(bytes.count))
        return unsafe uv_try_write(tcp.asStream, &buffer, 1)
    }

    private func startWriting(from offset: Int) {
        let count = output.count - offset
        guard let memory = unsafe loop.configuration.memory.allocate(count) else { return close(.gaveWay) }
        let rest = unsafe UnsafeMutableRawBufferPointer(start: memory, count: count)
        unsafe output.withUnsafeBytes { bytes in
            unsafe rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        }
        recycleOutput()
        unsafe inFlight = rest
        var buffer = unsafe uv_buf_init(rest.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(rest.count))
        let status = unsafe uv_write(writeRequest, tcp.asStream, &buffer, 1) { request, status in
            unsafe didFinishWriting(request, status)
        }
        guard status == 0 else { return close(.failed(name: errorName(status))) }
        lastWriteProgress = loop.now
        lastQueuedInUV = rest.count
    }

    fileprivate func writeEnded(status: Int32) {
        let written = unsafe inFlight?.count ?? 0
        unsafe free(inFlight?.baseAddress)
        unsafe inFlight = nil
        guard phase != .closed else { return }
        guard status == 0 else { return close(.failed(name: errorName(status))) }
        didWrite(written)
        updatePause()
        flushAndContinue()
    }

    private func didWrite(_ count: Int) {
        loop.count(.bytesSent, count)
        lastActivity = loop.now
    }

    private func updatePause() {
        if isOutputPaused && queuedOutputBytes <= loop.configuration.outputLowWater { isOutputPaused = false }
    }

    private func recycleOutput() {
        var bytes: [UInt8] = []
        swap(&bytes, &output)
        loop.returnSpareBuffer(&bytes)
    }

    /// More waits than is allowed: perhaps the system takes some of it now; if not, the client is too slow to keep.
    func enforceOutputLimit() {
        flush()
        guard queuedOutputBytes > loop.configuration.outputBufferLimit else { return }
        loop.count(.limitCloses)
        close(.outputLimit)
    }

    func shutDownSending() {
        // Refused only where the client has reset the connection, which the next read reports.
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }
}

private func didFinishWriting(_ request: UnsafeMutablePointer<uv_write_t>?, _ status: Int32) {
    guard let stream = unsafe request?.pointee.handle else { return }
    unsafe owner(stream.pointee.data, as: Connection.self)?.writeEnded(status: status)
}
