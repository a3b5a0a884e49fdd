import Telemetry

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One connection with `depth` requests on their way: every reply is followed by the next request. Owned by the thread
/// that runs the load.
///
///     sentAt      ring of `depth` clocks: replies come in the order of their requests
///     received    bytes read and not yet understood, at most one reply and one read
final class LoadConnection {
    private static let readByteCount = 256 << 10

    let descriptor: Int32
    private let plan: RequestPlan
    private let depth: Int
    private var nextFrame: Int
    private var firstInFlight = 0
    private var inFlight: [(frame: Int, sentAt: UInt64)] = []
    private var received: [UInt8]
    private var receivedCount = 0
    private var outgoing: [UInt8] = []

    private(set) var replyByteCount = 0
    private(set) var errorCount = 0
    private(set) var latencies = LatencyHistogram()
    /// Until the warm-up is over nothing is counted.
    var counts = false

    init(_ address: ServerAddress, _ plan: RequestPlan, depth: Int, firstFrame: Int) throws {
        descriptor = try address.connect()
        self.plan = plan
        self.depth = depth
        nextFrame = firstFrame % plan.ranges.count
        received = Array(repeating: 0, count: Self.readByteCount)
        inFlight.reserveCapacity(depth)
    }

    deinit { close(descriptor) }

    func start() throws { try send(count: depth) }

    /// Takes what has arrived, counts the replies in it, and sends as many requests.
    /// - Parameter waits: whether to wait for bytes where there are none.
    func advance(waits: Bool) throws {
        try receive(waits: waits)
        let now = MonotonicClock.nanoseconds()
        var offset = 0
        var replyCount = 0
        while let end = frameEnd(from: offset) {
            take(offset + (plan.isOfRedis ? 0 : 4)..<end, at: now)
            replyCount += 1
            offset = end
        }
        if offset > 0 {
            unsafe received.withUnsafeMutableBytes { buffer in
                guard let base = buffer.baseAddress else { return }
                unsafe memmove(base, base + offset, receivedCount - offset)
            }
            receivedCount -= offset
        }
        if replyCount > 0 { try send(count: replyCount) }
    }

    private func frameEnd(from offset: Int) -> Int? {
        if plan.isOfRedis { return redisEnd(from: offset) }
        guard receivedCount - offset >= 4 else { return nil }
        var length = 0
        for position in offset..<offset + 4 { length = length << 8 | Int(received[position]) }
        return receivedCount - offset - 4 >= length ? offset + 4 + length : nil
    }

    /// The end of a reply of Redis: a line, or a line with a length and so many bytes, and two more.
    private func redisEnd(from offset: Int) -> Int? {
        guard let end = received[offset..<receivedCount].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        guard received[offset] == UInt8(ascii: "$") else { return end + 1 }
        var length = 0
        for position in offset + 1..<end - 1 { length = length * 10 + Int(received[position]) - 48 }
        return receivedCount >= end + 1 + length + 2 ? end + 1 + length + 2 : nil
    }

    private func take(_ payload: Range<Int>, at now: UInt64) {
        let (frame, sentAt) = inFlight[firstInFlight]
        let expected = plan.replyBeginnings[frame]
        let isGood = payload.count >= expected.count && received[payload.lowerBound...].starts(with: expected)
        firstInFlight = (firstInFlight + 1) % depth
        guard counts else { return }
        if !isGood { errorCount += 1 }
        replyByteCount += payload.count + 4
        latencies.record(nanoseconds: now - sentAt)
    }

    private func send(count: Int) throws {
        outgoing.removeAll(keepingCapacity: true)
        let now = MonotonicClock.nanoseconds()
        // A place is free again once its reply was taken, so the oldest request always stands at `firstInFlight`.
        for position in 0..<count {
            outgoing += plan.bytes[plan.ranges[nextFrame]]
            let entry = (frame: nextFrame, sentAt: now)
            if inFlight.count < depth {
                inFlight.append(entry)
            } else {
                inFlight[(firstInFlight + depth - count + position) % depth] = entry
            }
            nextFrame = (nextFrame + 1) % plan.ranges.count
        }
        var sent = 0
        while sent < outgoing.count {
            let written = unsafe outgoing.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
            }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw LoadFailure(description: "sending failed: \(ServerAddress.errorText)") }
            sent += written
        }
    }

    private func receive(waits: Bool) throws {
        if received.count - receivedCount < Self.readByteCount / 2 {
            received += Array(repeating: 0, count: Self.readByteCount)
        }
        let got = unsafe received.withUnsafeMutableBytes { buffer in
            unsafe recv(
                descriptor, buffer.baseAddress?.advanced(by: receivedCount), buffer.count - receivedCount,
                waits ? 0 : Int32(MSG_DONTWAIT))
        }
        if got < 0 && (errno == EINTR || errno == EAGAIN) { return }
        guard got > 0 else {
            throw LoadFailure(
                description: got == 0 ? "the server closed the connection" : "no reply: \(ServerAddress.errorText)")
        }
        receivedCount += got
    }
}
