import CommandLineInterface
import Evaluation
import Interactions

/// `foretaste metrics`
enum MetricsCommand {
    static let command = Command(
        name: "metrics", summary: "Score ranked lists that something else made.",
        discussion: #"""
            A line of the lists is {"ranked":[3,1],"relevant":[1]}: item numbers, best first; and "history":[7], what the user \#
            had in training. A line of the items, in the order of their numbers from 0, is {"count":5,"categories":[0,2],\#
            "vector":[0.5,-1]}: training interactions, categories, vector. With the items, coverage, novelty, diversity and \#
            the like are told too.
            """#,
        options: [
            .required("lists", "FILE", help: "Ranked and relevant items, JSON Lines."),
            .value("items", "FILE", help: "What training knows of the items, JSON Lines."),
            .value("at", "K,K", default: "10,20", help: "Cut-offs."),
            .flag("json", help: "The metrics as JSON, which is the only form there is."),
        ],
        examples: [
            .init("foretaste metrics --lists lists.jsonl --at 1,5,10 --json", "Metrics of each list and their means.")
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let items = try parsed.optionalString("items").map { try ScoredItems(jsonLines: try WholeFile.bytes($0)) }
        let report = try scoreLists(
            jsonLines: try WholeFile.bytes(try parsed.string("lists")), items: items,
            at: try CutOffs(parsing: try parsed.string("at")))
        Terminal.standardOutput.write(report.json + "\n")
    }
}
