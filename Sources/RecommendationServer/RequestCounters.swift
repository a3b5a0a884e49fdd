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

    package init() {
        let methods = MethodTable.names.all
        block = CounterBlock(names: ["refused", "nonFinite"] + methods.flatMap { [$0 + ".answered", $0 + ".failed"] })
        latencies = methods.map { _ in LatencyRecorder() }
    }

    func countAnswer(method: Int, nanoseconds: UInt64, nonFiniteNumbers: Int) {
        block.add(at: Place.methods + 2 * method)
        latencies[method].record(nanoseconds: nanoseconds)
        if nonFiniteNumbers > 0 { block.add(nonFiniteNumbers, at: Place.nonFinite) }
    }

    func countFailure(method: Int) { block.add(at: Place.methods + 2 * method + 1) }

    func countFailure() { block.add(at: Place.refused) }

    package var nonFiniteNumbers: Int { block.value(at: Place.nonFinite) }
    package var answered: Int { latencies.indices.reduce(0) { $0 + answered(method: $1) } }
    package var failed: Int { latencies.indices.reduce(block.value(at: Place.refused)) { $0 + failed(method: $1) } }

    package func answered(method: Int) -> Int { block.value(at: Place.methods + 2 * method) }
    package func failed(method: Int) -> Int { block.value(at: Place.methods + 2 * method + 1) }
    /// Of answered requests.
    package func latency(method: Int) -> LatencyHistogram { latencies[method].snapshot() }
}
