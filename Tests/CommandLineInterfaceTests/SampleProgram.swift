import CommandLineInterface

/// A program with one command of each kind of option, for the tests of the parser.
enum SampleProgram {
    enum Kind: String, CaseIterable {
        case leaveLastOne = "leave-last-one"
        case temporal
        case random
    }

    static let build = Command(
        name: "build",
        summary: "Build an index from interactions and items.",
        discussion: "Reads everything first, and publishes nothing unless the whole of it is right.",
        arguments: [
            CommandArgument("NAME", .optional, help: "What to call the result."),
            CommandArgument("FILE", .remaining, help: "More files."),
        ],
        options: [
            .required("interactions", "FILE", help: "Who interacted with what."),
            .value("items", "FILE", help: "The catalogue."),
            .value(
                "factors", "N", short: "f", default: "128",
                help: "Dimensions of an item's embedding, which is a long explanation that needs a second line."),
            .value("max-bad-rows", "SHARE", default: "0.1%", help: "Stop beyond it."),
            .value("split", "KIND", default: "temporal", help: "How to split."),
            .value("at", "K,K", default: "10,20", help: "Cut-offs."),
            .value("shrinkage", "X", default: "10", help: "Of cosines."),
            .value("listen", "HOST:PORT", default: "127.0.0.1:7411", help: "Where."),
            .repeated("columns", "PAIRS", help: "Columns by name."),
            .flag("quiet", short: "q", help: "No progress."),
        ],
        examples: [
            Command.Example(
                "foretaste build --interactions visits.csv.gz shop", "An index of the shop, from its visits.")
        ])

    static let program = Program(
        name: "foretaste", version: "1.2.3", summary: "Builds, evaluates and asks indexes of recommendations.",
        commands: [
            build,
            Command(name: "evaluate", summary: "Measure the quality of an index."),
            Command(name: "inspect", summary: "Tell what is in an index."),
        ])

    /// The parsed command for words after `foretaste`.
    static func run(_ words: [String]) throws -> ParsedCommand {
        switch try program.parse(words) {
        case .run(let command): return command
        case .show(let text): throw Unexpected(text: text)
        }
    }

    /// The parsed command for words after `foretaste build --interactions F`.
    static func build(_ words: String...) throws -> ParsedCommand {
        try run(["build", "--interactions", "F"] + words)
    }

    struct Unexpected: Error {
        let text: String
    }
}
