import ServiceMethods
import WireProtocol
package import Telemetry

/// One loop's counts of requests, for each method and together; written by its loop, read from anywhere.
package final class RequestCounters: Sendable {
    private enum Place {
        /// Requests that named no method of this server.
        static let refused = 0
        /// Numbers in replies that JSON cannot write: bugs.
        static let nonFinite = 1
        static let methods = 2
    }

    private let block: CounterBlock
    private let latencies: [LatencyRecorder]
    /// Failures by status, for each method, and last for requests that named none.
    private let failures: CounterBlock
    /// What requests in frames waited for their turn.
    private let queued = LatencyRecorder()
    /// In the order of the reasons, each once.
    package static let statuses: [String] = {
        var statuses: [String] = []
        for reason in ErrorReason.allCases where !statuses.contains("\(reason.status)") {
            statuses.append("\(reason.status)")
        }
        return statuses
    }()
    private static let placeOfReason = Dictionary(
        uniqueKeysWithValues: ErrorReason.allCases.map { ($0, statuses.firstIndex(of: "\($0.status)") ?? 0) })

    package init() {
        let methods = MethodTable.names.all
        block = CounterBlock(names: ["refused", "nonFinite"] + methods.flatMap { [$0 + ".answered", $0 + ".failed"] })
        latencies = methods.map { _ in LatencyRecorder() }
        failures = CounterBlock(
            names: (methods + ["refused"]).flatMap { name in Self.statuses.map { name + "." + $0 } })
    }

    func countAnswer(method: Int, nanoseconds: UInt64, nonFiniteNumbers: Int) {
        block.add(at: Place.methods + 2 * method)
        latencies[method].record(nanoseconds: nanoseconds)
        if nonFiniteNumbers > 0 { block.add(nonFiniteNumbers, at: Place.nonFinite) }
    }

    func countQueue(nanoseconds: UInt64) { queued.record(nanoseconds: nanoseconds) }

    func countFailure(_ reason: ErrorReason, method: Int) {
        block.add(at: Place.methods + 2 * method + 1)
        countStatus(reason, at: method)
    }

    /// Of a request that named no method.
    func countFailure(_ reason: ErrorReason) {
        block.add(at: Place.refused)
        countStatus(reason, at: latencies.count)
    }

    private func countStatus(_ reason: ErrorReason, at method: Int) {
        failures.add(at: method * Self.statuses.count + (Self.placeOfReason[reason] ?? 0))
    }

    package var nonFiniteNumbers: Int { block.value(at: Place.nonFinite) }
    package var answered: Int { latencies.indices.reduce(0) { $0 + answered(method: $1) } }
    package var failed: Int { latencies.indices.reduce(block.value(at: Place.refused)) { $0 + failed(method: $1) } }

    package func answered(method: Int) -> Int { block.value(at: Place.methods + 2 * method) }
    package func failed(method: Int) -> Int { block.value(at: Place.methods + 2 * method + 1) }
    /// - Parameters:
    ///   - method: nil for requests that named none.
    ///   - status: its place among `statuses`.
    package func failed(method: Int?, status: Int) -> Int {
        failures.value(at: (method ?? latencies.count) * Self.statuses.count + status)
    }
    package var queueTimes: LatencyHistogram { queued.snapshot() }
    /// Of answered requests.
    package func latency(method: Int) -> LatencyHistogram { latencies[method].snapshot() }
}
