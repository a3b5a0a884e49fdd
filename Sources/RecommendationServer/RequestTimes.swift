import Telemetry

/// Since when a request is here, in nanoseconds of the monotonic clock.
package struct RequestTimes: Sendable {
    /// Its last byte had arrived: deadlines count from here.
    package var receivedAt: UInt64
    /// Its turn came.
    var startedAt: UInt64

    package init(receivedAt: UInt64, startedAt: UInt64) {
        self.receivedAt = receivedAt
        self.startedAt = startedAt
    }

    /// What it waited for its turn.
    var queueNanoseconds: UInt64 { startedAt - min(receivedAt, startedAt) }
    var queueMicroseconds: Int { Int(queueNanoseconds / 1000) }

    /// Until now.
    var sinceReceipt: UInt64 {
        let now = MonotonicClock.nanoseconds()
        return now - min(receivedAt, now)
    }
}
