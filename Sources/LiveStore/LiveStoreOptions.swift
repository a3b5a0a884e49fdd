package import KeyValueStore
internal import Telemetry

package struct LiveStoreOptions: Sendable {
    /// Address space, not memory: larger than a store becomes, so that it hardly ever has to grow while readers wait.
    package var mapByteCount = 16 << 30
    /// Elements that wait to be written: at 200 bytes each, some 13 MB. What is more is refused, and may be sent again.
    package var queueElementLimit = 65_536
    /// Elements of one transaction: a commit of so many takes some 0.3 s.
    package var groupElementLimit = 16_384
    /// After a write that failed, what was acknowledged from memory is tried again so much later.
    package var retryMilliseconds = 500
    /// Rows that one step of a compaction removes; writers wait for one step at most.
    package var compactionStepCount = 500
    package var clock: @Sendable () -> Int64 = { WallClock.milliseconds() }
    /// Which store a new one is: no two are to be the same.
    package var makeId: @Sendable () -> UInt64 = { UInt64.random(in: 1...UInt64.max) }
    package var faults: StoreFaults?

    package init() {}
}
