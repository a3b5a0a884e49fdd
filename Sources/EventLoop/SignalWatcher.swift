internal import CUV

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension ServerSignal {
    var number: Int32 {
        switch self {
        case .terminate: SIGTERM
        case .interrupt: SIGINT
        case .hangUp: SIGHUP
        }
    }
}

/// Held by its handle until the loop ends.
final class SignalWatcher {
    private let signal: ServerSignal
    private let action: @Sendable (ServerSignal) -> Void

    init(signal: ServerSignal, action: @escaping @Sendable (ServerSignal) -> Void) {
        self.signal = signal
        self.action = action
    }

    func start(on uvLoop: UnsafeMutablePointer<uv_loop_t>) throws(ServerError) {
        let handle = unsafe try makeHandle(uv_signal_t.self, owner: self, operation: "uv_signal_init") {
            unsafe uv_signal_init(uvLoop, $0)
        }
        let status = unsafe uv_signal_start(handle, { handle, _ in unsafe didReceiveSignal(handle) }, signal.number)
        guard status == 0 else { throw .libuv("uv_signal_start", status: status) }
    }

    fileprivate func fire() { action(signal) }
}

private func didReceiveSignal(_ handle: UnsafeMutablePointer<uv_signal_t>?) {
    guard let handle = unsafe handle else { return }
    unsafe owner(handle.pointee.data, as: SignalWatcher.self)?.fire()
}
