internal import CUV

/// A timer of one loop; fires on the loop's thread until it is cancelled or the loop ends. Dropping it does not stop it.
@safe
package final class LoopTimer {
    private var action: (() -> Void)?
    private let repeats: Bool
    private var timer: UnsafeMutablePointer<uv_timer_t>?

    init(
        on uvLoop: UnsafeMutablePointer<uv_loop_t>, milliseconds: UInt64, repeats: Bool,
        action: @escaping () -> Void
    ) throws(ServerError) {
        self.action = action
        self.repeats = repeats
        let timer = unsafe try makeHandle(uv_timer_t.self, owner: self, operation: "uv_timer_init") { timer in
            unsafe uv_timer_init(uvLoop, timer)
        }
        unsafe self.timer = timer
        let status = unsafe uv_timer_start(
            timer, { fired in unsafe fireTimer(fired) }, milliseconds, repeats ? max(milliseconds, 1) : 0)
        precondition(status == 0, "a timer that is not closing can be started")
    }

    /// Does nothing the second time.
    package func cancel() {
        action = nil
        guard let timer = unsafe timer else { return }
        unsafe self.timer = nil
        unsafe closeHandle(timer.asHandle)
    }

    /// The loop closes all handles when it ends.
    func loopEnded() {
        action = nil
        unsafe timer = nil
    }

    fileprivate func fire() {
        let action = self.action
        if !repeats { cancel() }
        action?()
    }
}

private func fireTimer(_ timer: UnsafeMutablePointer<uv_timer_t>?) {
    guard let timer = unsafe timer else { return }
    unsafe owner(timer.pointee.data, as: LoopTimer.self)?.fire()
}
