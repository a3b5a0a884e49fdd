import CommandLineInterface
import ServiceMethods
import WireProtocol

/// `foretaste call`
enum CallCommand {
    static let command = Command(
        name: "call", summary: "Ask a running server and print the answer.",
        discussion:
            "Exit 1 when the server answers with an error or cannot be reached; the answer is printed all the same. Methods "
            + "and their parameters (* required; Protocol/SPECIFICATION.md has types and limits):\n\n"
            + MethodTable.all.map(paragraph).joined(separator: "\n\n"),
        arguments: [
            CommandArgument(
                "METHOD",
                help: "One of the above; a newer server may have others, which hello tells."),
            CommandArgument("PARAMS", .optional, help: "The parameters as one JSON object."),
        ],
        options: [
            .value("server", "HOST:PORT", default: "127.0.0.1:7411", help: "Where the server listens."),
            .value("timeout", "SECONDS", default: "10", help: "How long the whole call may take."),
            .value("key-file", "FILE", help: "A file with the key, or browser token, that the server asks for."),
            .flag("json", help: "The answer on one line, as it came."),
        ],
        examples: [
            .init("foretaste call ping", "Is it there?"),
            .init(#"foretaste call recommend.user '{"userId":"17850","count":5}'"#, "Five items for a customer."),
        ])

    /// A method as the help tells it.
    private static func paragraph(_ method: ServiceMethod) -> String {
        let names = method.parameters.map { $0.isRequired ? $0.name + "*" : $0.name }
        let parameters = names.isEmpty ? "no parameters" : names.joined(separator: ", ")
        return "\(method.name): \(method.summary) (\(parameters))"
    }

    static func run(_ parsed: ParsedCommand) throws {
        let address = try parsed.address("server")
        let connection = try ServerConnection(
            host: address.host, port: address.port, timeoutSeconds: try parsed.integer("timeout", in: 1...3600))
        if let path = parsed.optionalString("key-file"),
            case .failure(_, let reason, let message) = try showKey(try NewKey.text(path), on: connection)
        {
            throw RunFailure(description: "\(reason): \(message)")
        }
        var frame: [UInt8] = []
        var writer = JSONWriter(appendingTo: &frame, maximumPayloadBytes: ProtocolLimits.frameBytesIn)
        let fits = writer.writeRequest(
            id: 1, method: try parsed.argument("METHOD"), parameters: parsed.optionalArgument("PARAMS"))
        writer.finish(into: &frame)
        guard fits else {
            throw RunFailure(description: "the parameters are larger than a request may be (4 MiB)")
        }
        try connection.send(frame)
        let (reply, outcome) = try answer(from: connection)
        // What is no answer of this protocol is not laid out: its depth has no limit.
        let isAsItCame = parsed.flag("json") || outcome == .malformed
        let text = isAsItCame ? String(decoding: reply, as: UTF8.self) : JSONIndenter.indented(reply)
        Terminal.standardOutput.write(text + "\n")
        switch outcome {
        case .success, .notice: return
        case .failure(_, let reason, let message): throw RunFailure(description: "\(reason): \(message)")
        case .malformed: throw RunFailure(description: "\(address) answered, but not in this protocol")
        }
    }

    /// The answer to `auth` comes before that to what follows.
    static func showKey(_ key: String, on connection: borrowing ServerConnection) throws -> ReplyOutcome {
        var frame: [UInt8] = []
        var writer = JSONWriter(appendingTo: &frame)
        _ = writer.writeRequest(
            id: 0, method: "auth", parameters: JSONText.object([.init("key", .string(key))]).compact)
        writer.finish(into: &frame)
        try connection.send(frame)
        return try answer(from: connection).1
    }

    /// The first frame that answers something: a server may send notices at any time.
    private static func answer(from connection: borrowing ServerConnection) throws -> ([UInt8], ReplyOutcome) {
        let parser = JSONParser(maximumBytes: ProtocolLimits.frameBytesOut, isOfServer: true)
        while true {
            let reply = try connection.receiveFrame()
            let outcome = unsafe parser.replyOutcome(in: reply.span.bytes)
            if outcome != .notice { return (reply, outcome) }
        }
    }
}
