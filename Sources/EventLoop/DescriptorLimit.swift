#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How many descriptors this process may have, and how many of them connections get.
package struct DescriptorLimit: Sendable, Equatable {
    /// Descriptors of one loop beside its connections: its listening socket, what libuv takes, and the spare one.
    static let perLoop = 12
    /// For what the program opens beside: an index and the next one, a log.
    static let reserved = 24

    package let limit: Int
    package let inUse: Int

    /// Raises the soft limit to the hard one, so that only the operator's limit counts.
    package static func raised() -> DescriptorLimit {
        var limits = rlimit()
        guard unsafe getrlimit(resource, &limits) == 0 else { return DescriptorLimit(limit: 1024, inUse: 3) }
        let hard = limits.rlim_max
        // Darwin says "no limit" and refuses more than OPEN_MAX.
        #if canImport(Glibc)
            limits.rlim_cur = hard
        #else
            limits.rlim_cur = min(hard, rlim_t(OPEN_MAX))
        #endif
        if unsafe setrlimit(resource, &limits) != 0 { _ = unsafe getrlimit(resource, &limits) }
        let limit = Int(clamping: limits.rlim_cur)
        // What a program has open at its start has low numbers.
        let inUse = (0..<Int32(min(limit, 1024))).count { fcntl($0, F_GETFD) >= 0 }
        return DescriptorLimit(limit: limit, inUse: inUse)
    }

    package init(limit: Int, inUse: Int) {
        self.limit = limit
        self.inUse = inUse
    }

    /// Connections for which there are descriptors, when each loop can still tell some that there are too many. Below 1
    /// there are not enough to serve.
    package func connections(loopCount: Int) -> Int {
        free(loopCount: loopCount) - loopCount * rejections(loopCount: loopCount)
    }

    /// Connections over the limit that each loop tells so in good order at a time.
    package func rejections(loopCount: Int) -> Int {
        min(ServerLoop.lingeringRejectionLimit, max(free(loopCount: loopCount) / 8 / loopCount, 0))
    }

    private func free(loopCount: Int) -> Int { limit - inUse - Self.reserved - loopCount * Self.perLoop }

    #if canImport(Glibc)
        private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
    #else
        private static var resource: Int32 { RLIMIT_NOFILE }
    #endif
}
