import CommandLineInterface
import Interactions
import Telemetry

/// `foretaste-load read`: the reader alone, on one core.
enum ReadCommand {
    static let command = Command(
        name: "read", summary: "Time the reading of interactions, without training.",
        arguments: [CommandArgument("FILE", help: "As 'foretaste build --interactions' takes it.")],
        options: [.value("repeat", "N", default: "1", help: "How often; the best time counts.")])

    static func run(_ parsed: ParsedCommand) throws {
        let path = try parsed.argument("FILE")
        var best = Double.infinity
        var rowCount = 0
        for _ in 0..<(try parsed.integer("repeat", in: 1...100)) {
            let begin = MonotonicClock.nanoseconds()
            let (log, report) = try InteractionReader.read(path: path)
            best = min(best, Double(MonotonicClock.nanoseconds() - begin) / 1e9)
            guard log.count == report.goodRowCount else { throw LoadFailure(description: "rows were lost") }
            rowCount = report.rowCount
        }
        let facts = ProcessFacts.read(startedAtNanoseconds: 0)
        let members: [JSONText.Member] = [
            .init("rows", .integer(rowCount)), .init("seconds", .number(best)),
            .init("rowsPerSecond", .number(Double(rowCount) / best)),
            .init("peakResidentBytes", .integer(facts.peakResidentBytes)),
        ]
        Terminal.standardOutput.write(JSONText.object(members).indented + "\n")
    }
}
