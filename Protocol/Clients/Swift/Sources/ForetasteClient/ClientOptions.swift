/// How a client connects, waits and tries again: all defaults are here. The README says what each is for.
public struct ClientOptions: Sendable {
    /// One address, or several of servers that answer alike: HOST:PORT.
    public var servers: [String]
    public var key: String?
    /// Name and version of the program, for the server's log.
    public var name: String?
    public var tls: TLSOptions?
    /// The server refuses members that nobody knows, which it otherwise only tells in `meta.ignored`: for tests.
    public var strict = false
    public var connections = 4
    /// For a call with all its attempts.
    public var timeout: Duration = .seconds(10)
    public var connectTimeout: Duration = .seconds(5)
    /// A call that times out on a connection from which nothing came for so long takes the connection with it.
    public var silenceTimeout: Duration = .seconds(5)
    public var retries = 3
    public var backoff: Duration = .milliseconds(50)
    public var backoffLimit: Duration = .seconds(2)
    /// Numbers from 0 to 1 for the jitter; to be replaced in tests.
    public var random: @Sendable () -> Double = { Double.random(in: 0..<1) }

    public init(servers: String..., key: String? = nil, name: String? = nil, tls: TLSOptions? = nil) {
        self.servers = servers.isEmpty ? ["127.0.0.1:\(ServerAddress.defaultPort)"] : servers
        self.key = key
        self.name = name
        self.tls = tls
    }

    /// Before the next attempt, counted from 0: twice as long each time, half of it by chance.
    func pause(before attempt: Int) -> Duration {
        let longest = min(backoffLimit, backoff * (1 << min(attempt, 30)))
        return longest * (0.5 + 0.5 * random())
    }
}

/// TLS to the servers, by the system's OpenSSL 3, which is looked for when it is asked for. Files are PEM. Without `authorities` those of the
/// system are trusted; the server's name is always checked.
public struct TLSOptions: Sendable {
    public var authorities: String?
    /// The name to look for in the server's certificate, where it is not the address's.
    public var serverName: String?
    public var certificate: String?
    public var privateKey: String?

    public init(
        authorities: String? = nil, serverName: String? = nil, certificate: String? = nil, privateKey: String? = nil
    ) {
        self.authorities = authorities
        self.serverName = serverName
        self.certificate = certificate
        self.privateKey = privateKey
    }
}

/// What one call may have of its own.
public struct CallOptions: Sendable {
    /// Travels to the server: 1 to 600,000.
    public var deadlineMs: Int?
    /// For the call with all its attempts.
    public var timeout: Duration?
    public var traceparent: String?
    /// Whether the request may be sent again after a failure; methods of the protocol are known.
    public var idempotent: Bool?

    public init(
        deadlineMs: Int? = nil, timeout: Duration? = nil, traceparent: String? = nil, idempotent: Bool? = nil
    ) {
        self.deadlineMs = deadlineMs
        self.timeout = timeout
        self.traceparent = traceparent
        self.idempotent = idempotent
    }
}

/// HOST, HOST:PORT, [V6]:PORT or a bare V6 address.
struct ServerAddress: Sendable, CustomStringConvertible {
    static let defaultPort = 7411

    let host: String
    let port: Int

    init(_ text: String) throws(InvalidRequest) {
        var host = Substring(text)
        var port: Substring?
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            port = rest.isEmpty ? nil : rest.hasPrefix(":") ? rest.dropFirst() : "none"
        } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        let number = port.map { Int($0) ?? 0 } ?? Self.defaultPort
        guard !host.isEmpty, (1...65_535).contains(number) else {
            throw InvalidRequest("an address is HOST:PORT with a port of 1 to 65535, not \"\(text)\"")
        }
        self.host = String(host)
        self.port = number
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
