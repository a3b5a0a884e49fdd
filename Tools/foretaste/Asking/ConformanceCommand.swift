import CommandLineInterface
import ProtocolVectors
import ServerClient
import WireProtocol

/// `foretaste conformance`
enum ConformanceCommand {
    static let command = Command(
        name: "conformance", summary: "Play the protocol's vectors against a running server.",
        discussion:
            "Each vector has a connection of its own; what it lacks is printed. A vector about personas or segments is skipped where the "
            + "server has none. Exit 1 where one fails. A key should be of the role admin. No vector changes anything in a server.",
        options: ServerReach.options + [
            .value("vectors", "DIR", default: "Protocol/Vectors", help: "The vectors, as they lie in the sources."),
            .value("timeout", "SECONDS", default: "30", help: "How long one vector may take."),
            .flag("json", help: "The counts and failures as JSON."),
        ],
        examples: [.init("foretaste conformance --server 127.0.0.1:7411", "All vectors.")])

    static func run(_ parsed: ParsedCommand) throws {
        let folder = try parsed.string("vectors")
        let vectors: [ProtocolVector]
        do {
            vectors = try ProtocolVector.readAll(protocolVersion: ProtocolLimits.protocolVersion, folder: folder)
        } catch {
            throw RunFailure(
                description:
                    "\(folder): frames.json, envelope.json and methods.json cannot be read there: --vectors names the "
                    + "folder Protocol/Vectors of the sources")
        }
        let reach = try ServerReach(parsed, variable: AskingOptions.serversVariable)
        let player = VectorPlayer(reach: reach, timeoutSeconds: try parsed.integer("timeout", in: 1...3600))
        var tally = VectorTally()
        for vector in vectors { tally.add(vector.id, try player.play(vector)) }
        Terminal.standardOutput.write(parsed.flag("json") ? tally.json.indented + "\n" : tally.text)
        guard tally.failures.isEmpty else {
            throw RunFailure(
                description: "\(tally.failures.count) of \(vectors.count) vectors failed at \(reach.address)")
        }
    }
}

/// What became of the vectors.
private struct VectorTally {
    private(set) var passedCount = 0
    private(set) var skipped: [String] = []
    private(set) var failures: [(id: String, difference: String)] = []

    mutating func add(_ id: String, _ outcome: VectorPlayer.Outcome) {
        switch outcome {
        case .passed: passedCount += 1
        case .skipped: skipped.append(id)
        case .failed(let difference): failures.append((id, difference))
        }
    }

    var text: String {
        failures.map { "failed  \($0.id): \($0.difference)\n" }.joined() + skipped.map { "skipped \($0)\n" }.joined()
            + "\(passedCount) passed, \(skipped.count) skipped, \(failures.count) failed\n"
    }

    var json: JSONText {
        .object([
            .init("passed", .integer(passedCount)), .init("skipped", .array(skipped.map { .string($0) })),
            .init(
                "failed",
                .array(
                    failures.map {
                        .object([.init("id", .string($0.id)), .init("difference", .string($0.difference))])
                    })),
        ])
    }
}

/// Plays one vector after the other, each on a new connection.
private struct VectorPlayer {
    enum Outcome {
        case passed, skipped
        case failed(String)
    }

    /// Sent behind a vector: its answer says that the server left the connection open and had nothing more to say.
    private static let probe = #"{"id":"probe","method":"ping"}"#
    /// What a server answers that was started without them.
    private static let absences = ["NO_PERSONAS", "NO_SEGMENTS", "NO_SEGMENT_MODEL"]

    let reach: ServerReach
    let timeoutSeconds: Int

    /// - Throws: where no connection can be had. What goes wrong afterwards is the vector's.
    func play(_ vector: ProtocolVector) throws -> Outcome {
        let connection = try reach.connect(timeoutSeconds: timeoutSeconds)
        do throws(ServerConnectionError) {
            return try play(vector, connection)
        } catch {
            return .failed(error.description)
        }
    }

    private func play(
        _ vector: ProtocolVector, _ connection: borrowing ServerConnection
    ) throws(ServerConnectionError) -> Outcome {
        do throws(ServerConnectionError) {
            try connection.send(vector.bytes)
        } catch {
            // A server that refuses early may close before it has all.
            guard vector.expect.closes || vector.expect.http != nil else { throw error }
        }
        if vector.expect.closes || vector.expect.http != nil {
            connection.finishSending()
            guard let output = try connection.receiveUntilClose() else { return .failed("the server does not close") }
            return outcome(vector, output)
        }
        var output: [UInt8] = []
        for _ in vector.replies { output += framed(try connection.receiveFrame()) }
        let outcome = outcome(vector, output)
        // A vector without a reply is the beginning of a frame: a probe would be taken for its rest.
        guard !vector.replies.isEmpty, case .passed = outcome else { return outcome }
        try connection.send(framed(Self.probe))
        let frame = try connection.receiveFrame()
        // What is no JSON is no answer to the probe.
        let answer = try? JSON.parse(frame)
        return answer?["id"]?.text == "probe" ? .passed : .failed("the connection did not stay open and silent")
    }

    private func outcome(_ vector: ProtocolVector, _ output: [UInt8]) -> Outcome {
        guard let difference = vector.difference(of: output) else { return .passed }
        // What is no JSON has no reason.
        let reason = payloads(output).first.flatMap { try? JSON.parse($0) }?["error"]?["reason"]?.text
        return reason.map { Self.absences.contains($0) } == true ? .skipped : .failed(difference)
    }
}
