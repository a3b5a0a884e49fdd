internal import Dispatch
internal import Synchronization

/// A structured parallel loop: it returns when every block is done.
///
/// Blocks are handed out dynamically. A result is deterministic, whatever the thread count, if each block writes only
/// its own part of the output and the cut into blocks does not depend on the thread count.
package enum Parallel {
    /// Calls `body(block, worker)` once for every block in `0 ..< blockCount`. `worker` is in `0 ..< threadCount`; two
    /// calls with the same worker never overlap, so it may select a workspace. `body` is called from several threads
    /// at a time: what it writes must belong to its block or its worker.
    package static func forEachBlock(blockCount: Int, threadCount: Int, _ body: (_ block: Int, _ worker: Int) -> Void) {
        let workerCount = min(max(threadCount, 1), blockCount)
        guard workerCount > 1 else {
            for block in 0..<max(blockCount, 0) { body(block, 0) }
            return
        }
        let nextBlock = Atomic<Int>(0)
        withoutActuallyEscaping(body) { body in
            // SAFETY: `concurrentPerform` returns after the last call; the contract above keeps calls apart.
            nonisolated(unsafe) let shared = body
            DispatchQueue.concurrentPerform(iterations: workerCount) { worker in
                while true {
                    let block = nextBlock.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard block < blockCount else { return }
                    unsafe shared(block, worker)
                }
            }
        }
    }

    /// Cuts `0 ..< count` into runs of `blockSize` (the last may be shorter) and calls `body(run, worker)` for each.
    package static func forEachRange(
        of count: Int, blockSize: Int, threadCount: Int, _ body: (_ range: Range<Int>, _ worker: Int) -> Void
    ) {
        precondition(blockSize >= 1)
        forEachBlock(blockCount: (count + blockSize - 1) / blockSize, threadCount: threadCount) { block, worker in
            body(block * blockSize..<min((block + 1) * blockSize, count), worker)
        }
    }
}
