#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What this machine offers.
struct Machine {
    let coreCount: Int
    let memoryBytes: Int

    static var current: Machine {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        let pageBytes = sysconf(Int32(_SC_PAGESIZE))
        return Machine(
            coreCount: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), memoryBytes: max(pages, 1) * max(pageBytes, 1))
    }

    /// The most memory that this process has held at once.
    static var peakResidentBytes: Int {
        var usage = rusage()
        #if canImport(Glibc)
            _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return usage.ru_maxrss << 10
        #else
            _ = unsafe getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #endif
    }

    /// Time that a core has worked for this thread: what a busy machine makes of a request's duration is not in it.
    static var threadNanoseconds: Int64 {
        var now = timespec()
        _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }

    /// The lowest priority for this thread and those that it starts. It is never refused.
    static func letOthersGoFirst() {
        #if canImport(Glibc)
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
        #else
            _ = setpriority(PRIO_PROCESS, 0, 19)
        #endif
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    static var nowMilliseconds: Int64 {
        var now = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}
