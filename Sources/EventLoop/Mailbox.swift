internal import CUV

/// The way to one loop from any thread.
package struct LoopPoster: Sendable {
    let mailbox: Mailbox

    /// Runs `work` on the loop's thread. False where the loop has ended, or hangs: it is not done then.
    package func post(_ work: @escaping @Sendable (ServerLoop) -> Void) -> Bool { mailbox.post(work) }
}

/// Work that other threads hand to one loop: the only lock on the way into a loop. Requests never touch it.
final class Mailbox: Sendable {
    typealias Work = @Sendable (ServerLoop) -> Void

    @safe
    private struct State {
        var queue: [Work] = []
        var wakeUp: UnsafeMutablePointer<uv_async_t>?
        var isClosed = false

        mutating func takeAll() -> [Work] {
            let taken = queue
            queue = []
            return taken
        }
    }

    /// Far above what a hot swap or a hand-over of connections needs: a full mailbox means the loop hangs.
    static let capacity = 65_536

    private let state = Locked(State())

    /// Keeps the order of one poster. False when the loop has ended or its mailbox is full: the work is not done then.
    func post(_ work: @escaping Work) -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.queue.count < Self.capacity else { return false }
            state.queue.append(work)
            if let wakeUp = unsafe state.wakeUp { unsafe uv_async_send(wakeUp) }
            return true
        }
    }

    /// From now on posting wakes the loop; what was posted before is woken for at once.
    func open(_ wakeUp: UnsafeMutablePointer<uv_async_t>) {
        state.withLock { state in
            unsafe state.wakeUp = unsafe wakeUp
            if !state.queue.isEmpty { unsafe uv_async_send(wakeUp) }
        }
    }

    func takeAll() -> [Work] { state.withLock { $0.takeAll() } }

    /// Nothing can be posted any more. Returns what nobody has done yet.
    func close() -> [Work] {
        state.withLock { state in
            state.isClosed = true
            unsafe state.wakeUp = nil
            return state.takeAll()
        }
    }
}
