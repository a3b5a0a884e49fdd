internal import Synchronization

/// What the input and output buffers of all connections of all loops hold, and how much they may.
///
/// Buffers that are empty between two turns are not counted: an idle connection, and one whose answers the system takes at
/// once, never touches this.
final class BufferBudget: Sendable {
    let limitBytes: Int
    private let heldBytesValue = Atomic<Int>(0)
    /// What the connection with most holds, of each loop; as good as the loop's latest report.
    private let largest: Locked<[Int]>

    init(limitBytes: Int, loopCount: Int) {
        self.limitBytes = limitBytes
        largest = Locked([Int](repeating: 0, count: loopCount))
    }

    var heldBytes: Int { heldBytesValue.load(ordering: .relaxed) }

    /// - Returns: whether the change leaves more held than is allowed.
    func change(by byteCount: Int) -> Bool {
        heldBytesValue.add(byteCount, ordering: .relaxed).newValue > limitBytes
    }

    func report(largest byteCount: Int, ofLoop loop: Int) { largest.withLock { $0[loop] = byteCount } }

    /// The loop with the connection that holds most. Ties: the first.
    func loopWithLargest() -> (loop: Int, byteCount: Int) {
        largest.withLock { largest in
            let bytes = largest.max() ?? 0
            return (largest.firstIndex(of: bytes) ?? 0, bytes)
        }
    }
}
