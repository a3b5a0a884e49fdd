internal import CUV

/// A value behind libuv's mutex. (Not `Synchronization.Mutex`: the thread sanitizer reports false races on it.)
// SAFETY: `value` is touched inside `withLock` only, which holds the mutex.
@safe
final class Locked<Value>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<uv_mutex_t>
    private var value: Value

    init(_ value: Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        let status = unsafe uv_mutex_init(mutex)
        precondition(status == 0, "a default mutex can always be made")
    }

    deinit {
        unsafe uv_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Not to be nested.
    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        unsafe uv_mutex_lock(mutex)
        defer { unsafe uv_mutex_unlock(mutex) }
        return body(&value)
    }
}
