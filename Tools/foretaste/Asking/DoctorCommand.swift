import CommandLineInterface
import EventLoop
import ServerCheckup
import ServerClient
import TransportSecurity
import WireProtocol

/// `foretaste doctor`
enum DoctorCommand {
    static let command = Command(
        name: "doctor", summary: "Look at all that a server is given, and say what to mend.",
        discussion:
            "Takes the server's own options, as far as they name something to look at, before the server is started or while it runs; run "
            + "it as the server's user. Nothing is changed. Each line is good, doubtful (a server starts all the same) or bad. Exit 1 "
            + "where something is bad.",
        options: [
            .required("index", "DIR", help: "The directory of the index."),
            .value("personas", "DIR", help: "Personas."), .value("analytics", "DIR", help: "An analysis."),
            .value("live", "DIR", help: "Live data."),
            .value("keys", "FILE", help: "The file of keys."),
            .value("listen", "HOST:PORT", default: "127.0.0.1:7411", help: "Where it listens."),
            .value("listen-tls", "HOST:PORT", help: "Where it speaks TLS."),
            .value("tls-certificate", "FILE", help: "PEM: its certificate."),
            .value("tls-key", "FILE", help: "PEM: its key."),
            .value("tls-client-ca", "FILE", help: "PEM: the authorities of its clients."),
            .value("http", "HOST:PORT", help: "Where it answers HTTP."),
            .value("threads", "N", help: "Loops. Default: one per core."),
            .flag("insecure", help: "It may be reached without keys."),
            .flag("thorough", help: "Read every byte of the index and of live data."),
            .flag("json", help: "The findings as JSON on standard output."),
        ],
        examples: [
            .init("foretaste doctor --index shop.index", "The machine, the index, the port."),
            .init(
                "foretaste doctor --index shop.index --live shop.live --keys shop.keys --http 127.0.0.1:7480",
                "As the server would be started."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let findings = ServerCheckup(try plan(parsed)) { address in RunningServerProbe.whoAnswers(at: address) }
            .findings()
        Terminal.standardOutput.write(parsed.flag("json") ? json(findings).indented + "\n" : text(findings))
        let badCount = findings.count { $0.grade == .bad }
        guard badCount == 0 else {
            throw RunFailure(description: badCount == 1 ? "one finding is bad" : "\(badCount) findings are bad")
        }
    }

    private static func plan(_ parsed: ParsedCommand) throws -> ServerPlan {
        let threadCount = try parsed.optionalInteger("threads", in: 1...256) ?? TCPServer.processorCount
        var plan = ServerPlan(indexPath: try parsed.string("index"), threadCount: threadCount)
        plan.personasPath = parsed.optionalString("personas")
        plan.analyticsPath = parsed.optionalString("analytics")
        plan.livePath = parsed.optionalString("live")
        plan.keysPath = parsed.optionalString("keys")
        plan.isInsecureAllowed = parsed.flag("insecure")
        plan.isThorough = parsed.flag("thorough")
        for (name, use) in [
            ("listen", PlannedAddress.Use.frames), ("listen-tls", .tls), ("http", .http),
        ] where parsed.optionalString(name) != nil {
            let address = try parsed.address(name)
            plan.addresses.append(PlannedAddress(use, ListenAddress(host: address.host, port: address.port)))
        }
        if parsed.optionalString("listen-tls") != nil {
            plan.tlsFiles = TLSFiles(
                certificate: try parsed.string("tls-certificate"), key: try parsed.string("tls-key"),
                clientAuthorities: parsed.optionalString("tls-client-ca"))
        }
        return plan
    }

    private static func text(_ findings: [Finding]) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(width - text.count, 0))
        }
        let width = findings.map(\.subject.count).max() ?? 0
        return findings.map { finding in
            let head = "\(padded(finding.grade.rawValue, 8))  \(padded(finding.subject, width))  "
            let advice = finding.advice.isEmpty ? "" : "\n" + padded("", head.count) + "-> " + finding.advice
            return head + finding.text + advice + "\n"
        }.joined()
    }

    private static func json(_ findings: [Finding]) -> JSONText {
        .array(
            findings.map { finding in
                .object([
                    .init("grade", .string(finding.grade.rawValue)), .init("subject", .string(finding.subject)),
                    .init("text", .string(finding.text)), .init("advice", .string(finding.advice)),
                ])
            })
    }
}

/// Who has a port already.
private enum RunningServerProbe {
    private static let timeoutSeconds = 2

    static func whoAnswers(at planned: PlannedAddress) -> String? {
        // Who listens everywhere is asked on this machine.
        let host = ["0.0.0.0", "::"].contains(planned.address.host) ? "localhost" : planned.address.host
        do {
            let connection = try ServerConnection(
                host: host, port: planned.address.port, timeoutSeconds: timeoutSeconds)
            switch planned.use {
            case .frames: return try frames(connection)
            case .http: return try http(connection)
            case .tls: return try tls(connection)
            }
        } catch {
            // Whoever it is does not say.
            return nil
        }
    }

    private static func frames(_ connection: borrowing ServerConnection) throws -> String? {
        var frame: [UInt8] = []
        var writer = JSONWriter(appendingTo: &frame)
        _ = writer.writeRequest(id: 1, method: "hello", parameters: "{}")
        writer.finish(into: &frame)
        try connection.send(frame)
        let reply = String(decoding: try connection.receiveFrame(), as: UTF8.self)
        return reply.contains("\"name\":\"foretaste\"") ? "a Foretaste server" : nil
    }

    private static func http(_ connection: borrowing ServerConnection) throws -> String? {
        try connection.send(Array("GET /docs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8))
        let reply = try connection.receiveUntilClose().map { String(decoding: $0, as: UTF8.self) }
        return reply?.contains("Foretaste") == true ? "a Foretaste server" : nil
    }

    /// What is no TLS is answered with an alert.
    private static func tls(_ connection: borrowing ServerConnection) throws -> String? {
        try connection.send(Array("no TLS\r\n\r\n".utf8))
        let reply = try connection.receiveUntilClose()
        return reply?.starts(with: [0x15, 0x03]) == true ? "a server that speaks TLS" : nil
    }
}
