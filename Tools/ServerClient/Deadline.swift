#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// When a question ends, answered or not.
struct Deadline {
    let seconds: Int
    private let end: ContinuousClock.Instant

    init(seconds: Int) {
        self.seconds = seconds
        end = .now + .seconds(seconds)
    }

    var isOver: Bool { end <= .now }

    func failure(_ server: String) -> ServerConnectionError {
        ServerConnectionError(description: "no answer from \(server) within \(seconds) s; --timeout may be longer")
    }

    /// Lets no wait of the socket outlast the end.
    func limitWaits(of socket: Int32) {
        let left = max(.milliseconds(1), end - .now).components
        var limit = timeval()
        limit.tv_sec = numericCast(left.seconds)
        limit.tv_usec = numericCast(left.attoseconds / 1_000_000_000_000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        // A refusal leaves the system's default: the question may then wait longer, and is still answered.
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }
}
