import Telemetry

/// One loop's counts of requests; written by its loop, read from anywhere.
final class RequestCounters: Sendable {
    private enum Place {
        static let answered = 0
        static let failed = 1
    }

    private let block = CounterBlock(names: ["answered", "failed"])
    let latency = LatencyRecorder()

    func countAnswer(nanoseconds: UInt64) {
        block.add(at: Place.answered)
        latency.record(nanoseconds: nanoseconds)
    }

    func countFailure() { block.add(at: Place.failed) }

    var answered: Int { block.value(at: Place.answered) }
    var failed: Int { block.value(at: Place.failed) }
}
