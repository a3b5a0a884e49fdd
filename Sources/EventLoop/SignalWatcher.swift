// Signals of the process on their way to a loop.
//
//     kernel ──▶ noteSignal (any thread) ──▶ pipe ──▶ loop 0 ──▶ action
//
// libuv's own signal handles give a signal back to the system when they are closed, which for SIGTERM is the end of the
// process: a second one that comes while the other loops still drain would cut them. The handler here is never taken back.

internal import CUV
internal import Synchronization

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
        case .user1: SIGUSR1
        case .user2: SIGUSR2
        }
    }
}

/// The pipe between the handler and whoever watches; made once, lives as long as the process. -1 before.
private let signalReadEnd = Atomic<Int32>(-1)
private let signalWriteEnd = Atomic<Int32>(-1)

/// The handler: one byte into the pipe, and nothing that is not allowed inside a signal. A full pipe holds signals enough.
private func noteSignal(_ number: Int32) {
    let kept = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = unsafe write(signalWriteEnd.load(ordering: .relaxed), &byte, 1)
    errno = kept
}

/// Held by its handle until the loop ends. What comes after that is kept in the pipe and changes nothing.
final class SignalWatcher {
    private let action: @Sendable (ServerSignal) -> Void

    init(action: @escaping @Sendable (ServerSignal) -> Void) { self.action = action }

    func start(on uvLoop: UnsafeMutablePointer<uv_loop_t>) throws(ServerError) {
        try Self.makePipe()
        // What came for an earlier watcher of this process is not for this one.
        while Self.takeNext() != nil {}
        for watched in ServerSignal.allCases { signal(watched.number, noteSignal) }
        let poll = unsafe try makeHandle(uv_poll_t.self, owner: self, operation: "uv_poll_init") {
            unsafe uv_poll_init(uvLoop, $0, signalReadEnd.load(ordering: .relaxed))
        }
        let status = unsafe uv_poll_start(poll, Int32(UV_READABLE.rawValue)) { handle, _, _ in
            if let handle = unsafe handle { unsafe owner(handle.pointee.data, as: SignalWatcher.self)?.fire() }
        }
        guard status == 0 else { throw .libuv("uv_poll_start", status: status) }
    }

    fileprivate func fire() {
        while let number = Self.takeNext() {
            if let seen = ServerSignal.allCases.first(where: { $0.number == number }) { action(seen) }
        }
    }

    private static func makePipe() throws(ServerError) {
        guard signalWriteEnd.load(ordering: .relaxed) < 0 else { return }
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else {
            throw .systemCall("pipe", number: errno, subject: "a pipe for signals")
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
        }
        signalReadEnd.store(ends[0], ordering: .relaxed)
        signalWriteEnd.store(ends[1], ordering: .relaxed)
    }

    private static func takeNext() -> Int32? {
        var byte: UInt8 = 0
        return unsafe read(signalReadEnd.load(ordering: .relaxed), &byte, 1) == 1 ? Int32(byte) : nil
    }
}
