import CommandLineInterface
import LiveStore
import ServiceMethods

/// `foretaste events export`
enum EventsExportCommand {
    static let command = Command(
        name: "events export", summary: "Write live events as JSON Lines, in the order of arrival.",
        discussion: "To standard output, as 'foretaste events import' takes them. While a server writes, too.",
        options: [.required("live", "DIR", help: "The directory of live data, as the server was given it.")],
        examples: [.init("foretaste events export --live shop.live > events.jsonl", "All that is kept.")])

    static func run(_ parsed: ParsedCommand) throws {
        let reader = try LiveStoreReader(directory: try parsed.string("live"))
        let output = LineOutput()
        try LiveDump.writeEvents(reader) { line in try output.write(line) }
        try output.flush()
    }
}
