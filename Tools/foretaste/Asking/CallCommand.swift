import CommandLineInterface
import ServerClient
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
        options: ServerReach.options + [
            .value("timeout", "SECONDS", default: "10", help: "How long the whole call may take."),
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
        let reach = try ServerReach(parsed, variable: AskingOptions.serversVariable)
        let connection = try reach.connect(timeoutSeconds: try parsed.integer("timeout", in: 1...3600))
        let (reply, outcome) = try connection.ask(
            try parsed.argument("METHOD"), parsed.optionalArgument("PARAMS"))
        // What is no answer of this protocol is not laid out: its depth has no limit.
        let isAsItCame = parsed.flag("json") || outcome == .malformed
        let text = isAsItCame ? String(decoding: reply, as: UTF8.self) : JSONIndenter.indented(reply)
        Terminal.standardOutput.write(text + "\n")
        switch outcome {
        case .success, .notice: return
        case .failure(_, let reason, let message): throw RunFailure(description: "\(reason): \(message)")
        case .malformed: throw RunFailure(description: "\(reach.address) answered, but not in this protocol")
        }
    }
}
