#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A value behind a mutex, and a condition to wait for its change. (Not `Synchronization.Mutex`: it cannot wait, and the thread
/// sanitizer reports false races on it.)
// SAFETY: `value` is touched inside `withLock` and `wait` only, which hold the mutex.
@safe
package final class Monitor<Value>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var value: Value

    package init(_ value: sending Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        var status = unsafe pthread_mutex_init(mutex, nil)
        #if canImport(Glibc)
            var attributes = pthread_condattr_t()
            status |= unsafe pthread_condattr_init(&attributes)
            // A clock that somebody sets must not prolong a wait.
            status |= unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            status |= unsafe pthread_cond_init(condition, &attributes)
            unsafe pthread_condattr_destroy(&attributes)
        #else
            status |= unsafe pthread_cond_init(condition, nil)
        #endif
        precondition(status == 0, "a default mutex and condition can always be made")
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Not to be nested.
    package func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&value)
    }

    /// The same, and wakes all who wait.
    package func change<Result>(_ body: (inout Value) -> Result) -> Result {
        withLock { value in
            defer { unsafe pthread_cond_broadcast(condition) }
            return body(&value)
        }
    }

    /// Calls `attempt` until it gives something: now, and after each `change`.
    package func wait<Result>(_ attempt: (inout Value) -> Result?) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let result = attempt(&value) { return result }
            unsafe pthread_cond_wait(condition, mutex)
        }
    }

    /// The same, but nil where nothing came within the time.
    package func wait<Result>(atMostMilliseconds limit: Int, _ attempt: (inout Value) -> Result?) -> Result? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        let end = Self.now() + limit
        while true {
            if let result = attempt(&value) { return result }
            let rest = end - Self.now()
            guard rest > 0 else { return nil }
            waitOnce(milliseconds: rest)
        }
    }

    private func waitOnce(milliseconds: Int) {
        #if canImport(Glibc)
            var until = timespec()
            unsafe clock_gettime(CLOCK_MONOTONIC, &until)
            let nanoseconds = until.tv_nsec + milliseconds % 1000 * 1_000_000
            until.tv_sec += milliseconds / 1000 + nanoseconds / 1_000_000_000
            until.tv_nsec = nanoseconds % 1_000_000_000
            _ = unsafe pthread_cond_timedwait(condition, mutex, &until)
        #else
            var interval = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
            _ = unsafe pthread_cond_timedwait_relative_np(condition, mutex, &interval)
        #endif
    }

    private static func now() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
