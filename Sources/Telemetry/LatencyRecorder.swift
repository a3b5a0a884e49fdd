/// A latency histogram that one thread records into while others take snapshots, without a lock.
///
/// A snapshot may miss records of the moment it is taken in; it never shows a value that was not recorded.
package final class LatencyRecorder: Sendable {
    private static let sumCell = LatencyBuckets.count
    private static let greatestCell = LatencyBuckets.count + 1
    private let cells = AtomicCells(count: LatencyBuckets.count + 2)

    package init() {}

    /// Only on the owning thread. O(1); the limits are those of `LatencyHistogram.record`.
    package func record(nanoseconds: UInt64) {
        let value = min(nanoseconds, LatencyBuckets.greatestValue)
        cells.add(1, at: LatencyBuckets.index(of: value))
        cells.add(value, at: Self.sumCell)
        if value > cells.load(at: Self.greatestCell) { cells.store(value, at: Self.greatestCell) }
    }

    package func snapshot() -> LatencyHistogram {
        let counts = (0..<LatencyBuckets.count).map { cells.load(at: $0) }
        return LatencyHistogram(
            counts: counts, sum: cells.load(at: Self.sumCell), greatest: cells.load(at: Self.greatestCell))
    }
}
