internal import CUV

/// A system thread with a loop's stack, to be joined exactly once by its maker.
// SAFETY: `thread` is written in `init` and read by `join`, which is called once.
@safe
package final class LoopThread: @unchecked Sendable {
    /// What Linux gives a main thread; Darwin's default of 512 KiB is small for JSON of depth 32 and scoring code.
    private static let stackBytes = 8 << 20

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    #if os(Linux)
        private var thread = uv_thread_t()
    #else
        private var thread: uv_thread_t?
    #endif

    package init(_ run: @escaping @Sendable () -> Void) throws(ServerError) {
        let body = unsafe Unmanaged.passRetained(Body(run))
        var options = uv_thread_options_t()
        options.flags = UInt32(UV_THREAD_HAS_STACK_SIZE.rawValue)
        options.stack_size = Self.stackBytes
        let status = unsafe uv_thread_create_ex(
            &thread, &options,
            { opaque in
                if let opaque = unsafe opaque { unsafe LoopThread.start(opaque) }
            }, body.toOpaque())
        guard status == 0 else {
            unsafe body.release()
            throw .libuv("uv_thread_create_ex", status: status)
        }
    }

    /// Waits for the end of the thread.
    package func join() {
        let status = unsafe uv_thread_join(&thread)
        precondition(status == 0, "a thread is joined once, by another")
    }

    private static func start(_ opaque: UnsafeMutableRawPointer) {
        unsafe Unmanaged<Body>.fromOpaque(opaque).takeRetainedValue().run()
    }
}
