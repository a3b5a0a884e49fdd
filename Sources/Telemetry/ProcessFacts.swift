#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the operating system says about this process, read at one moment.
package struct ProcessFacts: Sendable {
    package var processID: Int
    /// Memory in physical pages now; 0 where the system does not tell.
    package var residentBytes: Int
    package var peakResidentBytes: Int
    /// User and system time of all threads.
    package var cpuSeconds: Double
    package var uptimeSeconds: Double

    /// - Parameter startedAtNanoseconds: the `MonotonicClock` reading when the process started its work.
    package static func read(startedAtNanoseconds: UInt64) -> ProcessFacts {
        var usage = rusage()
        #if canImport(Glibc)
            _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            // Linux counts the peak in KiB, Darwin in bytes.
            let peakUnit = 1024
        #else
            _ = unsafe getrusage(RUSAGE_SELF, &usage)
            let peakUnit = 1
        #endif
        let now = MonotonicClock.nanoseconds()
        return ProcessFacts(
            processID: Int(getpid()),
            residentBytes: currentResidentBytes(),
            peakResidentBytes: Int(usage.ru_maxrss) * peakUnit,
            cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            uptimeSeconds: Double(now - min(startedAtNanoseconds, now)) / 1e9)
    }
}

private func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
}

#if canImport(Glibc)
    /// `/proc/self/statm` holds the sizes in pages: total, resident, ...
    private func currentResidentBytes() -> Int {
        let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        // Seven numbers of at most 20 digits.
        var text = [UInt8](repeating: 0, count: 160)
        let count = unsafe text.withUnsafeMutableBytes { buffer in
            unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        }
        let columns = text.prefix(max(count, 0)).split(separator: UInt8(ascii: " "))
        guard columns.count > 1, let pages = Int(String(decoding: columns[1], as: UTF8.self)) else { return 0 }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
#else
    private func currentResidentBytes() -> Int {
        var usage = rusage_info_v2()
        let result = unsafe withUnsafeMutablePointer(to: &usage) { pointer in
            unsafe pointer.withMemoryRebound(to: rusage_info_t?.self, capacity: 1) { rebound in
                unsafe proc_pid_rusage(getpid(), RUSAGE_INFO_V2, rebound)
            }
        }
        return result == 0 ? Int(usage.ri_resident_size) : 0
    }
#endif
