import CommandLineInterface
import EventLoop
import ServerClient
import ServiceMethods
import WireProtocol

/// `foretaste shell`
enum ShellCommand {
    static let command = Command(
        name: "shell", summary: "Ask running servers line by line.",
        discussion:
            "A line is a method and its parameters, as name=value or as one JSON object: recommend.user userId=17850 count=5. Answers are laid out as tables. On a "
            + "terminal Tab completes methods, parameters and their values, and Up brings back what was entered before, in this session and those before it.\n\n"
            + "help lists the methods, help METHOD its parameters; json on shows answers as they came; servers lists those of --servers, use NAME "
            + "asks another one; quit ends. Where lines come from a file or a pipe, exit 1 says that one of them failed.",
        options: ServerReach.options + [
            .value("timeout", "SECONDS", default: "10", help: "How long one answer may take."),
            .value(
                "history", "FILE",
                help: "Where lines are kept for the next time. Default: .foretaste_history in the home directory."),
            .flag("json", help: "Begin with json on."),
        ],
        examples: [
            .init("foretaste shell --server 127.0.0.1:7411", "A session."),
            .init("echo 'recommend.popular count=3' | foretaste shell", "One question."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        AskingOptions.ignoreClosedConnections()
        let environment = ProcessEnvironment.variables()
        let session = try ShellSession(
            parsed, variable: environment["FORETASTE_SERVERS"],
            timeoutSeconds: try parsed.integer("timeout", in: 1...3600))
        guard RawTerminal.isPresent else {
            var failureCount = 0
            while let line = readLine() {
                switch session.take(line) {
                case .done: break
                case .failed: failureCount += 1
                case .ended: return try end(failureCount)
                }
            }
            return try end(failureCount)
        }
        let home = environment["HOME"].map { $0 + "/.foretaste_history" }
        InteractiveShell(session, history: HistoryFile(parsed.optionalString("history") ?? home)).run()
    }

    private static func end(_ failureCount: Int) throws {
        guard failureCount > 0 else { return }
        throw RunFailure(description: "\(failureCount) of the lines failed")
    }
}

/// A server, and what is asked of it.
final class ShellSession {
    enum Outcome { case done, failed, ended }

    private let parsed: ParsedCommand
    private let variable: String?
    private let timeoutSeconds: Int
    private let parser = JSONParser(maximumBytes: ProtocolLimits.frameBytesOut, isOfServer: true)
    private(set) var reach: ServerReach
    private var connection: ServerConnection?
    private var showsJSON: Bool
    let serverNames: [String]

    init(_ parsed: ParsedCommand, variable: String?, timeoutSeconds: Int) throws {
        self.parsed = parsed
        self.variable = variable
        self.timeoutSeconds = timeoutSeconds
        showsJSON = parsed.flag("json")
        reach = try ServerReach(parsed, variable: variable)
        serverNames = try ServerReach.list(parsed, variable: variable)?.names ?? []
    }

    /// A line, as it was entered: prints what comes of it.
    func take(_ line: String) -> Outcome {
        let words = line.split(separator: " ").map { String($0) }
        guard let first = words.first, !first.hasPrefix("#") else { return .done }
        do {
            switch (first, words.count) {
            case ("quit", 1), ("exit", 1): return .ended
            case ("help", 1...2): try help(words.dropFirst().first)
            case ("servers", 1):
                tell(serverNames.isEmpty ? "no server has a name: see --servers" : serverNames.joined(separator: "\n"))
            case ("use", 2): try use(words[1])
            case ("json", 2) where ["on", "off"].contains(words[1]): showsJSON = words[1] == "on"
            default: return try ask(line)
            }
            return .done
        } catch {
            Terminal.standardError.write("\(error)\n")
            return .failed
        }
    }

    private func tell(_ text: String) { Terminal.standardOutput.write(text + "\n") }

    private func use(_ name: String) throws {
        let other = try ServerReach(parsed, named: name, variable: variable)
        connection = nil
        reach = other
    }

    private func ask(_ line: String) throws -> Outcome {
        let question = try ShellLine(line)
        var connection = try takeConnection()
        connection.restartClock()
        let (text, outcome) = try connection.ask(question.method, question.parameters)
        self.connection = consume connection
        show(text, outcome)
        guard case .success = outcome else { return .failed }
        return .done
    }

    /// The one that there is, unless the server has closed it meanwhile. After a failure there is none.
    private func takeConnection() throws -> ServerConnection {
        if let open = connection.take() {
            if try open.isOpen { return open }
        }
        return try reach.connect(timeoutSeconds: timeoutSeconds)
    }

    private func show(_ text: [UInt8], _ outcome: ReplyOutcome) {
        if showsJSON || outcome == .malformed {
            tell(outcome == .malformed ? String(decoding: text, as: UTF8.self) : JSONIndenter.indented(text))
        } else if let reply = unsafe parser.received(in: text.span.bytes) {
            Terminal.standardOutput.write(ReplyText.text(of: reply))
        }
    }

    private func help(_ name: String?) throws {
        guard let name else {
            let lines = MethodTable.all.map { ["\($0.name)", $0.summary] }
            var table = TextTable([.left("method"), .left("")])
            for line in lines { table.add(line) }
            return tell(table.text + "\nhelp METHOD | json on | json off | servers | use NAME | quit")
        }
        guard let method = MethodTable.all.first(where: { "\($0.name)" == name }) else {
            throw RunFailure(description: "this program knows no method '\(name)'; a newer server may")
        }
        var table = TextTable([.left("parameter"), .left("")])
        for parameter in method.parameters {
            table.add([parameter.name, (parameter.isRequired ? "required, " : "") + parameter.kind.inWords])
        }
        tell(method.summary + (method.parameters.isEmpty ? " No parameters." : "\n\n" + table.text))
    }
}
