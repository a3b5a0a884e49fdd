internal import CMicroHTTPD
internal import Synchronization
internal import Telemetry

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a thread does again and again.
extension HTTPThread {
    /// Between two looks at what other threads want: how late a stop or a new index may be noticed while nobody asks.
    private static let restMilliseconds: Int32 = 200
    /// Between two looks at answers that came from other threads, where those cannot wake this one.
    private static let blindMilliseconds: Int32 = 5

    func turn() {
        waitForWork()
        now = Self.milliseconds()
        application.rest()
        wakeTheOverdue()
        guard now >= lastCheck + UInt64(Self.restMilliseconds) else { return }
        lastCheck = now
        cutTheSlow()
    }

    /// Also does it.
    private func waitForWork() {
        let poll = unsafe cmhd_poll_descriptor(daemon)
        guard poll >= 0 else {
            // Where the library has no descriptor to wait for, nobody can wake it either.
            _ = unsafe MHD_run_wait(daemon, waiting.isEmpty ? Self.restMilliseconds : Self.blindMilliseconds)
            return
        }
        var milliseconds = restMilliseconds
        var hint: UInt64 = 0
        if unsafe MHD_get_timeout(daemon, &hint) == .YES { milliseconds = Int32(min(UInt64(milliseconds), hint)) }
        var descriptors = [
            pollfd(fd: poll, events: Int16(POLLIN), revents: 0),
            pollfd(fd: alarm.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        if Self.poll(&descriptors, milliseconds) > 0, descriptors[1].revents != 0 { alarm.silence() }
        _ = unsafe MHD_run(daemon)
    }

    private static func poll(_ descriptors: inout [pollfd], _ milliseconds: Int32) -> Int32 {
        #if canImport(Glibc)
            unsafe Glibc.poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        #else
            unsafe Darwin.poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        #endif
    }

    /// Up to the next time that somebody waits for.
    private var restMilliseconds: Int32 {
        guard let next = waiting.lazy.compactMap({ $0.waitsUntil }).min() else { return Self.restMilliseconds }
        let now = MonotonicClock.nanoseconds()
        return next <= now ? 0 : Int32(min((next - now) / 1_000_000 + 1, UInt64(Self.restMilliseconds)))
    }

    private func wakeTheOverdue() {
        guard !waiting.isEmpty else { return }
        waiting.removeAll { $0.waitsUntil == nil }
        let now = MonotonicClock.nanoseconds()
        for exchange in waiting where exchange.waitsUntil.map({ $0 <= now }) ?? false { exchange.waker.wake() }
    }

    /// A descriptor that is shut down makes the library close the connection.
    private func cutTheSlow() {
        let isCrowded = connections.count >= connectionLimit
        for connection in connections {
            let limit =
                switch connection.phase {
                case .head: isCrowded ? configuration.crowdedHeadTimeout : configuration.headTimeout
                case .body: configuration.bodyTimeout
                case .waiting: Int.max
                case .reply: configuration.replyTimeout
                }
            guard now - min(connection.since, now) >= UInt64(limit) else { continue }
            // Counted first: who sees the connection closed finds it counted.
            shared.slow.add(1, ordering: .relaxed)
            _ = shutdown(connection.descriptor, Int32(SHUT_RDWR))
            connection.enter(connection.phase, now: now)
        }
    }
}
