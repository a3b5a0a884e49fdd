package import EventLoop
package import TransportSecurity

/// Where a server speaks TLS, and as whom.
package struct TLSSettings: Sendable {
    package var listenAddress: ListenAddress
    package var files: TLSFiles

    package init(listenAddress: ListenAddress, files: TLSFiles) {
        self.listenAddress = listenAddress
        self.files = files
    }
}

/// How a server runs. The initialiser has all defaults.
package struct ServerSettings: Sendable {
    /// The directory of the index.
    package var indexPath: String
    /// The directory of the personas; nil to serve none.
    package var personasPath: String?
    /// The directory of an analysis; nil to serve none.
    package var analyticsPath: String?
    /// The directory of live data, made where it is missing; nil to take none.
    package var livePath: String?
    /// The file of keys; nil to ask nobody for one.
    package var keysPath: String?
    /// What a wrong key waits for its answer.
    package var wrongKeyMilliseconds: Int
    package var listenAddress: ListenAddress
    /// Loops, one thread each.
    package var threadCount: Int
    /// Allows a listener that is not loopback and asks for no key.
    package var isInsecureAllowed: Bool
    /// How long a stop waits for clients to take their answers.
    package var graceMilliseconds: Int
    /// What half frames and unread replies of all connections together may take. Less where the process has less.
    package var bufferBytes: Int
    /// How often the server looks whether another version of the index is current.
    package var indexPollMilliseconds: Int
    /// From which a request is kept as a slow one.
    package var slowMilliseconds = 10
    /// Nil: TLS is not spoken.
    package var tls: TLSSettings?
    /// A path where frames are answered too; nil: none.
    package var unixSocketPath: String?
    /// Nil: HTTP is not answered.
    package var http: HTTPSettings?

    package init(
        indexPath: String, personasPath: String? = nil, livePath: String? = nil, keysPath: String? = nil,
        wrongKeyMilliseconds: Int = 1000,
        listenAddress: ListenAddress = ListenAddress(host: "127.0.0.1", port: 7411),
        threadCount: Int = TCPServer.processorCount, isInsecureAllowed: Bool = false, graceMilliseconds: Int = 5000,
        bufferBytes: Int = 256 << 20, indexPollMilliseconds: Int = 500,
        http: HTTPSettings? = nil
    ) {
        self.indexPath = indexPath
        self.personasPath = personasPath
        self.livePath = livePath
        self.keysPath = keysPath
        self.wrongKeyMilliseconds = wrongKeyMilliseconds
        self.listenAddress = listenAddress
        self.threadCount = threadCount
        self.isInsecureAllowed = isInsecureAllowed
        self.graceMilliseconds = graceMilliseconds
        self.bufferBytes = bufferBytes
        self.indexPollMilliseconds = indexPollMilliseconds
        self.http = http
    }
}
