package import EventLoop

/// How a server answers HTTP. The initialiser has all defaults.
package struct HTTPSettings: Sendable {
    package var listenAddress: ListenAddress
    /// Each has a recommender of its own.
    package var threadCount: Int
    /// At one time, over all threads.
    package var connections: Int
    /// Web pages whose scripts may read answers, such as `https://shop.example`.
    package var origins: [String]
    /// Whether pages for people are shown at `/dashboard`.
    package var hasDashboard = false

    package init(listenAddress: ListenAddress, threadCount: Int = 2, connections: Int = 256, origins: [String] = []) {
        self.listenAddress = listenAddress
        self.threadCount = threadCount
        self.connections = max(connections, threadCount)
        self.origins = origins
    }

    /// A thread has a listening socket, the library's copy of it, what it waits with and a pipe that wakes it.
    var descriptors: Int { connections + 6 * threadCount }

    /// As browsers send it: a scheme, a host and perhaps a port, without a path.
    package static func isOrigin(_ text: String) -> Bool {
        for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
            let host = text.dropFirst(scheme.count)
            return !host.isEmpty && host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
        }
        return false
    }
}
