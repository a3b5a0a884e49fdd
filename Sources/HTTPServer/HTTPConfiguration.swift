package import EventLoop

/// Where and how HTTP is answered. Times in milliseconds, sizes in bytes; the initialiser has all defaults.
package struct HTTPConfiguration: Sendable {
    package var listenAddress: ListenAddress
    /// Refuses an address that other machines can reach, before it is bound.
    package var onlyLoopback: Bool
    /// Each has its own connections and its own application.
    package var threadCount: Int
    /// Over all threads. A reverse proxy and a few scrapers need some dozens.
    package var connections: Int
    /// Of one body.
    package var bodyBytes: Int
    /// Bodies and replies that are held at once, over all threads.
    package var bufferBytes: Int
    /// What one connection may take for a request's line and headers.
    package var headerBytes = 32 << 10
    /// From the connection's opening, or its last reply, to the end of the next request's headers: idle connections end here too.
    package var headTimeout = 60_000
    /// From the headers to the end of the body.
    package var bodyTimeout = 60_000
    /// From the answer to its last byte in the system's hands.
    package var replyTimeout = 60_000
    /// While there is no room for another connection, one without a whole request may stay no longer.
    package var crowdedHeadTimeout = 2_000

    package init(
        listenAddress: ListenAddress, onlyLoopback: Bool = true, threadCount: Int = 2, connections: Int = 512,
        bodyBytes: Int = 4 << 20, bufferBytes: Int = 64 << 20
    ) {
        self.listenAddress = listenAddress
        self.onlyLoopback = onlyLoopback
        self.threadCount = threadCount
        self.connections = connections
        self.bodyBytes = bodyBytes
        self.bufferBytes = bufferBytes
    }

    func check() {
        precondition(threadCount >= 1 && connections >= threadCount && bodyBytes >= 0 && bufferBytes >= 1)
        precondition(headTimeout > 0 && bodyTimeout > 0 && replyTimeout > 0 && crowdedHeadTimeout > 0)
    }
}
