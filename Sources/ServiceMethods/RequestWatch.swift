import Synchronization
package import Telemetry
package import WireProtocol

/// What is kept of requests for whoever looks after a server: those that took long, and with the log at `debug` those that failed.
/// Parameters are in neither. All loops share it; only a request that is slow takes its lock.
package final class RequestWatch: Sendable {
    /// So many slow requests are kept, the latest.
    package static let capacity = 128

    package struct SlowRequest: Sendable, Equatable {
        /// When it was answered, milliseconds since 1970-01-01T00:00:00Z.
        package var time: Int64
        package var method: Int
        /// From its last byte to its answer.
        package var microseconds: Int
        /// Of these, what it waited for its turn.
        package var queueMicroseconds: Int
        /// Nil where the answer came later than the request could be kept.
        package var requestBytes: Int?
        /// As `hello` named it.
        package var client: String?
        package var traceparent: String?
    }

    private let thresholdNanoseconds: Atomic<UInt64>
    private let log: Log?
    private let now: @Sendable () -> Int64
    private let slow = Mutex<(requests: [SlowRequest], count: Int)>(([], 0))

    package init(
        slowMilliseconds: Int, log: Log? = nil,
        now: @escaping @Sendable () -> Int64 = { WallClock.milliseconds() }
    ) {
        thresholdNanoseconds = Atomic(Self.nanoseconds(slowMilliseconds))
        self.log = log
        self.now = now
    }

    /// Nanoseconds from which a request is slow.
    package var threshold: UInt64 { thresholdNanoseconds.load(ordering: .relaxed) }

    /// For requests that are answered from now on.
    package func setThreshold(milliseconds: Int) {
        thresholdNanoseconds.store(Self.nanoseconds(milliseconds), ordering: .relaxed)
    }

    private static func nanoseconds(_ milliseconds: Int) -> UInt64 { UInt64(max(milliseconds, 0)) * 1_000_000 }

    /// - Parameter nanoseconds: from its last byte until now.
    package func answered(
        _ method: Int, nanoseconds: UInt64, queueNanoseconds: UInt64, requestBytes: Int?,
        client: @autoclosure () -> String?, traceparent: @autoclosure () -> WireString?
    ) {
        guard nanoseconds >= threshold else { return }
        let request = SlowRequest(
            time: now(), method: method, microseconds: Int(nanoseconds / 1000),
            queueMicroseconds: Int(queueNanoseconds / 1000), requestBytes: requestBytes, client: client(),
            traceparent: traceparent()?.string)
        slow.withLock { slow in
            if slow.requests.count == Self.capacity { slow.requests.removeFirst() }
            slow.requests.append(request)
            slow.count += 1
        }
    }

    package func failed(
        _ method: Int, _ error: WireError, client: String?, traceparent: @autoclosure () -> WireString?
    ) {
        guard let log, log.isEnabled(.debug) else { return }
        log.debug(
            "request failed",
            [
                "method": .text("\(MethodTable.all[method].name)"), "reason": .text(error.reason.rawValue),
                "field": .text(error.field ?? ""), "message": .text(error.message), "client": .text(client ?? ""),
                "traceparent": .text(traceparent()?.string ?? ""),
            ])
    }

    /// The latest first, at most so many; and how many there were since the start.
    package func latest(_ count: Int) -> (requests: [SlowRequest], total: Int) {
        slow.withLock { ($0.requests.suffix(count).reversed(), $0.count) }
    }
}
