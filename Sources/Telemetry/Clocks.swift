#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Time that only goes forward; its zero is arbitrary, so only differences mean anything.
package enum MonotonicClock {
    package static func nanoseconds() -> UInt64 {
        readClock(CLOCK_MONOTONIC)
    }
}

/// What the calling thread has worked: what others do on a busy machine is not in it.
package enum ThreadClock {
    package static func nanoseconds() -> UInt64 {
        readClock(CLOCK_THREAD_CPUTIME_ID)
    }
}

/// The time of day: it can jump when somebody sets the clock, so never measure a duration with it.
package enum WallClock {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package static func milliseconds() -> Int64 {
        Int64(readClock(CLOCK_REALTIME) / 1_000_000)
    }
}

private func readClock(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    let result = unsafe clock_gettime(clock, &time)
    precondition(result == 0, "clock_gettime knows both clocks on every supported system")
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
