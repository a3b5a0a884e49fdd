package import CommandLineInterface
import Spelling
package import StoredFiles
import TransportSecurity
import WireProtocol

/// How TLS is spoken to a server.
package struct TLSReach: Sendable {
    let identity: TLSClientIdentity
    /// In the server's certificate; nil: the host's.
    let name: String?
}

/// Where a server is, how it is spoken to, and by which key: what every command that asks one takes from its options, or from
/// a file of servers by name.
package struct ServerReach: Sendable {
    /// As the caller named it.
    package let name: String
    package let address: HostAndPort
    package let key: String?
    package let tls: TLSReach?

    private static let serversOption = CommandOption.value(
        "servers", "FILE",
        help: "Servers by name for --server: options behind '[name]'. Default: the variable FORETASTE_SERVERS.")
    private static let serverOption = CommandOption.value(
        "server", "HOST:PORT", default: "127.0.0.1:7411", help: "Where the server listens, or its name in --servers.")

    /// What a file of servers may say.
    static let listed: [CommandOption] = [
        serverOption,
        .value("key-file", "FILE", help: "A file with the key, or browser token, that the server asks for."),
        .flag("tls", help: "Speak TLS: --server is where it listens for it."),
        .value(
            "tls-ca", "FILE", help: "PEM: certificates that the server's must come from. Default: those of the system."),
        .value("tls-name", "NAME", help: "The server's name in its certificate, where it is not the host's."),
        .value("tls-certificate", "FILE", help: "PEM: the certificate to show where the server asks for one."),
        .value("tls-key", "FILE", help: "PEM: its key."),
    ]

    /// To stand among a command's options.
    package static var options: [CommandOption] { [listed[0], serversOption] + listed.dropFirst() }

    /// - Parameters:
    ///   - parsed: of a command with `options`.
    ///   - name: in the place of --server.
    ///   - variable: the value of FORETASTE_SERVERS, if any.
    package init(_ parsed: ParsedCommand, named name: String? = nil, variable: String?) throws {
        let given = try name ?? parsed.string("server")
        self.name = given
        var entry: ServerList.Entry?
        if HostAndPort(parsing: given) == nil {
            entry = try Self.entry(given, parsed, variable)
        }
        // The command line wins over the file.
        func value(_ option: String) -> String? {
            parsed.isGiven(option) ? parsed.optionalString(option) : entry?.values[option]
        }
        let text = entry?.values["server"] ?? given
        guard let address = HostAndPort(parsing: text) else {
            throw parsed.refusal(
                "server", value: given, expected: "HOST:PORT such as 127.0.0.1:7411, or a name in --servers FILE")
        }
        self.address = address
        key = try value("key-file").map { path in try KeyText.read(path) }
        let speaksTLS = parsed.flag("tls") || entry?.values["tls"] == "yes"
        tls = try speaksTLS ? Self.tls(value, parsed) : nil
        for option in ["tls-ca", "tls-name", "tls-certificate", "tls-key"] where !speaksTLS {
            if let text = value(option) {
                throw parsed.refusal(option, value: text, expected: "--tls beside it, which says that TLS is spoken")
            }
        }
    }

    /// The file of servers; nil where none is named.
    package static func list(_ parsed: ParsedCommand, variable: String?) throws -> ServerList? {
        guard let path = parsed.optionalString("servers") ?? variable, !path.isEmpty else { return nil }
        return try ServerList.read(path)
    }

    private static func entry(
        _ name: String, _ parsed: ParsedCommand, _ variable: String?
    ) throws -> ServerList.Entry? {
        guard let servers = try list(parsed, variable: variable) else { return nil }
        if let entry = servers[name] { return entry }
        let advice =
            EditDistance.nearest(to: name, among: servers.names).map { "Did you mean '\($0)'?" }
            ?? "It has \(servers.names.isEmpty ? "none" : servers.names.joined(separator: ", "))."
        throw ServerConnectionError(description: "\(servers.path) has no server '\(name)'. \(advice)")
    }

    private static func tls(_ value: (String) -> String?, _ parsed: ParsedCommand) throws -> TLSReach {
        var shown: (path: String, key: String)?
        switch (value("tls-certificate"), value("tls-key")) {
        case (let path?, let key?): shown = (path, key)
        case (nil, nil): break
        case (let path?, nil):
            throw parsed.refusal("tls-certificate", value: path, expected: "--tls-key beside it")
        case (nil, let key?):
            throw parsed.refusal("tls-key", value: key, expected: "--tls-certificate beside it")
        }
        return TLSReach(
            identity: try TLSClientIdentity(authorities: value("tls-ca"), certificate: shown), name: value("tls-name"))
    }

    /// A connection that may ask: TLS is agreed on, and the key is shown.
    package func connect(timeoutSeconds: Int) throws(ServerConnectionError) -> ServerConnection {
        ServerConnection(
            try openChannel(timeoutSeconds: timeoutSeconds), deadline: Deadline(seconds: timeoutSeconds))
    }

    /// A request that shows the key, whose id is 0; nil where there is none.
    private var keyFrame: [UInt8]? {
        guard let key else { return nil }
        var frame: [UInt8] = []
        var writer = JSONWriter(appendingTo: &frame)
        _ = writer.writeRequest(
            id: 0, method: "auth", parameters: JSONText.object([.init("key", .string(key))]).compact)
        writer.finish(into: &frame)
        return frame
    }

    private static func check(_ outcome: ReplyOutcome) throws(ServerConnectionError) {
        switch outcome {
        case .success, .notice: return
        case .failure(_, let reason, let message):
            throw ServerConnectionError(description: "\(reason): \(message)", reason: reason)
        case .malformed: throw ServerConnectionError(description: "what answers there does not speak this protocol")
        }
    }
}

/// A key or a token as a file has it: one line.
package enum KeyText {
    /// The longest token has 11,400 bytes.
    private static let byteLimit = 16 << 10

    /// Without the line's end.
    package static func read(_ path: String) throws(FileError) -> String {
        let bytes = try FileSystem.readFile(path, byteLimit: byteLimit)
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    }
}

extension ServerReach {
    /// A channel on which the key was shown.
    func openChannel(timeoutSeconds: Int) throws(ServerConnectionError) -> ClientChannel {
        let deadline = Deadline(seconds: timeoutSeconds)
        let channel = try ClientChannel(host: address.host, port: address.port, tls: tls, deadline: deadline)
        guard let frame = keyFrame else { return channel }
        try channel.send(frame, deadline: deadline)
        let connection = ServerConnection(channel, deadline: deadline)
        try Self.check(try connection.receiveReply().outcome)
        return channel
    }
}
