import Telemetry

/// Since when a request is here, in nanoseconds of the monotonic clock.
struct RequestTimes: Sendable {
    /// Its last byte had arrived: deadlines count from here.
    var receivedAt: UInt64
    /// Its turn came.
    var startedAt: UInt64

    /// What it waited for its turn.
    var queueMicroseconds: Int { Int((startedAt - min(receivedAt, startedAt)) / 1000) }

    /// Until now.
    var sinceReceipt: UInt64 {
        let now = MonotonicClock.nanoseconds()
        return now - min(receivedAt, now)
    }
}
