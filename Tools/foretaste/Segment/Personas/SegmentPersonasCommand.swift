import CommandLineInterface
import Interactions
import Personas

/// `foretaste segment personas`
enum SegmentPersonasCommand {
    static let command = Command(
        name: "segment personas", summary: "Work out what each user likes: brands, products, categories and more.",
        discussion: """
            Adds up the events of each user (visit 1, search 5, cart 20, purchase 40; 1 for gender and city tier) by brand, \
            generic name, category, channel, city tier and gender. Affinities are shares of these sums.

            Writes personas.lmdb, which 'foretaste-server --personas' and 'segment personas query|of|top' read, personas.jsonl \
            and report.html into the directory. With --previous the events are new ones: they are added to a store, with the \
            result that all events together would have, and only the users in them change.
            """,
        options: [
            .required("events", "FILE", help: "A row per event: \(ReadingOptions.accepted). May be repeated.")
                .repeatable,
            .value(
                "columns", "MAP",
                help: "Which column is what: userId=user,itemId=product,type=event,query=search,channel=app,gender=sex,"
                    + "cityTier=tier."),
            .value("event-type", "NAME", help: "The type of events that have none: visit, search, purchase ..."),
            .value(
                "event-weights", "LIST", help: "Change or add weights, whole numbers: visit=2,share=10; 0 leaves out."),
            .value("items", "FILE", help: "The catalogue: brand, generic, category1 to category3, gender, title."),
            .value("item-columns", "MAP", help: "As --columns: itemId=product_id,brand=maker,generic=type,title=name."),
            .value("users", "FILE", help: "The users' gender and cityTier, for events that do not tell."),
            .value(
                "user-columns", "MAP",
                help: "As --columns: userId=household_id,cityTier=tier. The id's default: userId."),
            JoinCheck.option,
            .value("previous", "DIR", help: "A store to add the events to; may be the same directory as --out."),
            .required("out", "DIR", help: "Where the files go; made where it is missing.").asOutput(
                PersonaDirectory.fileNames),
            .value("list-length", "N", default: "20", help: "Of the lists in personas.jsonl."),
            .flag("store-only", help: "Write personas.lmdb alone."),
            .flag("quiet", short: "q", help: "No progress."),
            .flag("json", help: "The counts as JSON on standard output."),
        ] + ReadingOptions.all,
        examples: [
            .init(
                "foretaste segment personas --events interactions.csv --items items.jsonl --users users.csv --out personas",
                "Personas of the shop that 'foretaste synthesize' makes."),
            .init(
                "foretaste segment personas --events today.csv --items items.jsonl --previous personas --out personas",
                "The same with today's events added."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let observer = ProgressObserver(quiet: parsed.flag("quiet"), verbose: parsed.flag("verbose"))
        let directory = PersonaDirectory(path: try parsed.string("out"))
        let source = try PersonaSource.read(parsed, observer)
        observer.stage("add up")
        var table = PersonaTable(
            counting: source.log, weights: source.weights, items: source.items, users: source.users)
        guard table.userCount > 0 else {
            throw RunFailure(
                description: "\(source.report.path): no event has a weight above 0. Check --columns, --event-type and "
                    + "--event-weights.")
        }
        // Before the previous store is read, which may be the one that is replaced.
        let lock = try PersonaDirectoryLock(directory.path)
        for path in try directory.removeLeftovers() {
            Terminal.standardError.write("removed \(path), which an interrupted run had left\n")
        }
        let origin = PersonaOrigin(
            events: source.report, changedCount: table.userCount, previous: parsed.optionalString("previous"))
        if let previous = origin.previous {
            observer.stage("add to \(previous)")
            let store = try PersonaStore(directory: previous)
            guard store.weights == table.weights else {
                throw RunFailure(
                    description: "\(previous) was made with the weights \(Self.text(store.weights)), not with "
                        + "\(Self.text(table.weights)). Give the same --event-weights, or compute all events anew.")
            }
            table = PersonaTable(store.table(), adding: table)
        }
        observer.stage("write")
        let listLength = try parsed.integer("list-length", in: 1...500)
        let store = try directory.write(
            table, origin, listLength: parsed.flag("store-only") ? nil : listLength)
        lock.release()
        observer.end()
        let summary = PersonaSummary(store: store, origin: origin)
        Terminal.standardOutput.write(parsed.flag("json") ? summary.json.indented + "\n" : summary.text)
    }

    private static func text(_ weights: [PersonaTable.Weight]) -> String {
        weights.map { "\($0.eventType)=\($0.weight)" }.joined(separator: ",")
    }
}

/// The files of a run.
struct PersonaSource {
    let log: BehaviourLog
    let report: ReadReport
    /// Per event type of the log.
    let weights: [UInt32]
    var items = PersonaCatalogue()
    var users = PersonaCatalogue()

    /// A sum of a thousand million such events still fits its 32 bits.
    private static let weightRange = 0...10_000.0

    static func read(_ parsed: ParsedCommand, _ observer: ProgressObserver) throws -> PersonaSource {
        let weights = try eventWeights(parsed)
        _ = try parsed.string("events")
        let options = try ReadingOptions.options(parsed, columns: "columns")
        let (log, report) = try BehaviourFiles.read(try InputPaths.expanded(parsed, "events"), observer) { path in
            try BehaviourReader.read(
                path: path, options: options, weights: weights, eventType: parsed.optionalString("event-type"),
                progress: { observer.progress(done: $0, total: $1) })
        }
        var source = PersonaSource(log: log, report: report, weights: weights.entries.map { UInt32($0.weight) })
        if let path = parsed.optionalString("items") {
            let (items, ids) = try catalogue(
                path, try ReadingOptions.options(parsed, columns: "item-columns"), observer)
            source.items = items
            try JoinCheck.check(
                KeyJoin("items of the events", log.items, "items of the catalogue", ids), parsed, observer)
        }
        if let path = parsed.optionalString("users") {
            let (users, ids) = try catalogue(path, try userOptions(parsed), id: "userId", observer)
            source.users = users
            try JoinCheck.check(KeyJoin("users of the events", log.users, "users of the file", ids), parsed, observer)
        }
        return source
    }

    private static func catalogue(
        _ path: String, _ options: SourceOptions, id: String = "itemId", _ observer: ProgressObserver
    ) throws -> (catalogue: PersonaCatalogue, ids: IdentifierTable) {
        observer.reading(path)
        let (rows, report) = try ReadingOptions.telling(observer) {
            try ItemReader.read(path: path, options: options, progress: { observer.progress(done: $0, total: $1) })
        }
        observer.read(report.naming("itemId", as: id))
        let names = report.columns.entries.map(\.name)
        guard !PersonaCatalogue.recognised(names).isEmpty else {
            throw RunFailure(
                description:
                    "\(path): none of \(names.joined(separator: ", ")) says anything of a persona. Name what does: "
                    + "brand, generic, category1, category2, category3, gender, cityTier, title.")
        }
        return (PersonaCatalogue(rows), IdentifierTable(rows.map(\.id)))
    }

    private static func eventWeights(_ parsed: ParsedCommand) throws -> EventWeights {
        do {
            var weights = try EventWeights(parsing: "visit=1")
            if let given = parsed.optionalString("event-weights") {
                weights = try EventWeights(parsing: given, changing: weights)
            }
            for entry in weights.entries
            where !weightRange.contains(entry.weight) || entry.weight != entry.weight.rounded() {
                throw parsed.refusal(
                    "event-weights", value: "\(entry.name)=\(entry.weight)", expected: "whole numbers from 0 to 10000")
            }
            return weights
        } catch let error as ReadError {
            throw parsed.refusal("event-weights", value: error.found, expected: "\(error.expected). \(error.remedy)")
        }
    }

    /// Users are read as items are: by an id, with properties.
    private static func userOptions(_ parsed: ParsedCommand) throws -> SourceOptions {
        var options = try ReadingOptions.options(parsed, columns: "user-columns")
        let id = ColumnMapping.Entry(name: "itemId", column: options.columns["userId"] ?? "userId")
        options.columns = ColumnMapping([id] + options.columns.entries.filter { $0.name != "userId" })
        return options
    }
}
