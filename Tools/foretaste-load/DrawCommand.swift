import CommandLineInterface
import LinearAlgebra
import RecommendationIndex
import SeededRandom

/// `foretaste-load draw`: a user to ask for.
enum DrawCommand {
    static let command = Command(
        name: "draw", summary: "Print the id of a random user that an index knows, as JSON text without its quotes.",
        options: [
            .required("index", "DIR", help: "The index."),
            .value("seed", "N", default: "1", help: "Which user is drawn."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let index = try RecommendationIndex.open(try parsed.string("index"))
        guard index.userCount > 0 else { throw LoadFailure(description: "the index has no users") }
        var random = SplitMix64(seed: UInt64(try parsed.integer("seed", in: 0...Int.max)))
        let user = random.nextIndex(below: index.userCount)
        // The table's memory is the index's.
        let text = withExtendedLifetime(index) { JSONText.string(index.users.string(at: user)).compact }
        Terminal.standardOutput.write("\(text.dropFirst().dropLast())\n")
    }
}
