import CommandLineInterface
import Evaluation

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `foretaste metrics`
enum MetricsCommand {
    static let command = Command(
        name: "metrics", summary: "Score ranked lists that something else made.",
        discussion: #"A line of the file is {"ranked":[3,1],"relevant":[1]}: item numbers, best first."#,
        options: [
            .required("lists", "FILE", help: "Ranked and relevant items, JSON Lines."),
            .value("at", "K,K", default: "10,20", help: "Cut-offs."),
            .flag("json", help: "The metrics as JSON, which is the only form there is."),
        ],
        examples: [
            .init("foretaste metrics --lists lists.jsonl --at 1,5,10 --json", "Metrics of each list and their means.")
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let path = try parsed.string("lists")
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw RunFailure(description: "cannot read the lists of \(path): \(error)")
        }
        let report = try scoreLists(jsonLines: bytes, at: try CutOffs(parsing: try parsed.string("at")))
        Terminal.standardOutput.write(report.json + "\n")
    }
}
