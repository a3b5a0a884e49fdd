internal import Synchronization

/// A fixed row of 64-bit cells: one thread writes, any thread reads.
///
/// Because there is one writer, adding is a relaxed load and a relaxed store: plain instructions, no bus lock. The row
/// starts and ends on its own cache lines, so that rows of different threads never share one.
// SAFETY: every access goes through `Atomic`; the memory lives as long as the object.
@safe
final class AtomicCells: @unchecked Sendable {
    /// The largest cache line of the supported processors (Apple silicon; x86 fetches pairs of 64).
    private static let cacheLineBytes = 128

    let count: Int
    private let cells: UnsafeMutablePointer<Atomic<UInt64>>

    init(count: Int) {
        precondition(count > 0)
        self.count = count
        let lines = (count * MemoryLayout<UInt64>.stride + Self.cacheLineBytes - 1) / Self.cacheLineBytes
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: lines * Self.cacheLineBytes, alignment: Self.cacheLineBytes)
        unsafe cells = memory.bindMemory(to: Atomic<UInt64>.self, capacity: count)
        for index in 0..<count { unsafe (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe cells.deinitialize(count: count)
        unsafe UnsafeMutableRawPointer(cells).deallocate()
    }

    /// Only on the writing thread. Wraps at 2^64.
    func add(_ amount: UInt64, at index: Int) {
        precondition(index >= 0 && index < count)
        let sum = unsafe cells[index].load(ordering: .relaxed) &+ amount
        unsafe cells[index].store(sum, ordering: .relaxed)
    }

    /// Only on the writing thread.
    func store(_ value: UInt64, at index: Int) {
        precondition(index >= 0 && index < count)
        unsafe cells[index].store(value, ordering: .relaxed)
    }

    func load(at index: Int) -> UInt64 {
        precondition(index >= 0 && index < count)
        return unsafe cells[index].load(ordering: .relaxed)
    }
}
