#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
internal import EventLoop

/// Wakes a thread that waits for descriptors, from any thread: a pipe, one end of which is among them.
final class ThreadAlarm: Sendable {
    /// Readable once it has rung.
    let descriptor: Int32
    private let bell: Int32

    init() throws(ServerError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw .systemCall("pipe", number: errno, subject: "an HTTP thread") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
        }
        (descriptor, bell) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(bell)
    }

    /// Where the pipe is full it has rung often enough.
    func ring() {
        var byte: UInt8 = 0
        _ = unsafe write(bell, &byte, 1)
    }

    /// By the thread that was woken, before it looks for what it was woken for.
    func silence() {
        var bytes = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        while unsafe read(descriptor, &bytes, MemoryLayout.size(ofValue: bytes)) > 0 {}
    }
}
