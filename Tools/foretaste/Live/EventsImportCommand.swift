import CommandLineInterface
import ServerClient
import Interactions

/// `foretaste events import`
enum EventsImportCommand {
    static let command = Command(
        name: "events import", summary: "Send events of a file or a pipe to a running server.",
        discussion: """
            JSON Lines of events as events.put takes them go to the server line by line, from an endless pipe too. All other files \
            are read to their end first, as 'build' reads interactions: columns by their usual names or by --columns, times \
            judged as a whole, cells that stand for nothing. Nothing is sent of a file with too many bad rows.

            Each event is acknowledged once it is on the server's disk. Events with an eventId are not stored twice, so that \
            an import that was interrupted can be run again. What cannot be taken is told by its line, and the exit code is 1.
            """,
        arguments: [CommandArgument("FILE", help: "\(ReadingOptions.accepted); - for standard input.")],
        options: ServerReach.options + [
            .value(
                "columns", "MAP",
                help: "Which column is what: eventId=id,type=event,userId=CustomerID,sessionId=s,itemId=StockCode,"
                    + "value=Quantity,time=at,query=q,recommId=r."),
            .value("event-type", "NAME", help: "The event type of rows that have none: view, purchase ..."),
            .value("timeout", "SECONDS", default: "60", help: "How long one request of 1,000 events may take."),
            .flag("quiet", short: "q", help: "No progress."),
        ] + ReadingOptions.all,
        examples: [
            .init("foretaste events import events.jsonl", "A file."),
            .init(
                "foretaste events import orders.xlsx --event-type purchase --columns userId=CustomerID,itemId=StockCode",
                "The rows of a workbook."),
            .init(
                "psql -c \"COPY (SELECT id AS \\\"eventId\\\", ...) TO STDOUT CSV HEADER\" | foretaste events import -",
                "A table of PostgreSQL."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let options = try ReadingOptions.options(parsed, columns: "columns")
        let path = try parsed.argument("FILE")
        let observer = ProgressObserver(quiet: parsed.flag("quiet"), verbose: parsed.flag("verbose"))
        let sink = EventSink(
            try ServerReach(parsed, variable: AskingOptions.serversVariable),
            timeoutSeconds: try parsed.integer("timeout", in: 1...3600))
        var badRowCount = 0
        let file = InputPaths.expanded(path).first ?? path
        try ReadingOptions.telling(observer) {
            var reader = try EventReader(path: file, options: options, eventType: parsed.optionalString("event-type")) {
                observer.progress(done: $0, total: $1)
            }
            var batches = EventBatches()
            guard !reader.isStream else {
                while let batch = try batches.next({ try reader.nextLine() }) { try sink.send(batch, from: path) }
                return
            }
            observer.reading(path)
            let (table, report) = try reader.table()
            observer.read(report)
            badRowCount = report.badRows.total
            var row = 0
            while let batch = try batches.next({
                guard row < table.count else { return nil }
                defer { row += 1 }
                return (EventText.json(table, row: row), table.lineNumbers[row])
            }) {
                try sink.send(batch, from: path)
            }
        }
        let total = sink.total
        Terminal.standardOutput.write(
            "\(ReadableNumber.count(total.stored)) stored, \(ReadableNumber.count(total.duplicates)) known already, "
                + "\(ReadableNumber.count(total.refused)) refused\n")
        guard total.refused + badRowCount == 0 else {
            throw RunFailure(
                description:
                    "some lines were \(total.refused > 0 ? "refused" : "left out"); mend them and import again: events with an "
                    + "eventId are stored once")
        }
    }
}
