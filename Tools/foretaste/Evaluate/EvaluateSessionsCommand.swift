import CommandLineInterface
import Evaluation
import IndexBuilding
import Interactions
import StoredFiles

/// `foretaste evaluate-sessions`
enum EvaluateSessionsCommand {
    static let command = Command(
        name: "evaluate-sessions", summary: "Measure how well the next item of a session is predicted.",
        discussion: """
            Learns from the older sessions, asks recommend.session for every position of the newer ones (what was seen so \
            far, and which item came next) and times each answer on one core. Without --test the newest sessions are held \
            out; items that no training session has are taken out of them.
            """,
        options: TrainingOptions.all.filter { !["interactions", "items", "vectors", "vector-ids"].contains($0.name) }
            + [
                .value("interactions", "FILE", help: "Interactions with sessions, or with users and times."),
                .value(
                    "sessions", "FILE", help: "Instead: a session a line, oldest first, item ids separated by spaces."),
                .value("test", "FILE", help: "Given queries: item ids separated by spaces, a tab, the next item."),
                .value("share", "SHARE", default: "0.9", help: "Without --test: the share of sessions that train."),
                .value("at", "K,K", default: "5,10,20", help: "Cut-offs."),
                .value("sample", "N", help: "Ask every N-th query only."),
            ],
        examples: [
            .init(
                "foretaste evaluate-sessions --sessions train_sessions.txt.gz --test test_prefixes.txt.gz",
                "The published split of DIGINETICA."),
            .init(
                "foretaste evaluate-sessions --interactions clicks.tsv.gz",
                "The newest tenth of the sessions of a log."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let configuration = try TrainingOptions.configuration(parsed)
        let observer = ProgressObserver(quiet: parsed.flag("quiet"), verbose: parsed.flag("verbose"))
        let cutOffs = try EvaluateCommand.refusing(parsed, "at") { try CutOffs(parsing: try parsed.string("at")) }
        let step = try parsed.optionalInteger("sample", in: 1...1_000_000) ?? 1
        let data = try queries(parsed, configuration, observer)
        let asked = stride(from: 0, to: data.queries.count, by: step).map { data.queries[$0] }
        try check(asked)
        let report = try SessionRun(
            training: data, asked: asked, configuration: configuration, cutOffs: cutOffs, observer: observer
        ).report()
        Terminal.standardOutput.write(parsed.flag("json") ? report.value.json + "\n" : report.text)
    }

    /// `foretaste evaluate --protocol` of a protocol of sessions; `parsed` has the options of `evaluate`.
    static func run(
        _ name: PublishedProtocol, _ parsed: ParsedCommand, _ configuration: BuildConfiguration,
        _ observer: ProgressObserver
    ) throws {
        for option in ["write-split", "write-lists", "category", "no-latency", "html"] where parsed.isGiven(option) {
            throw UsageError(
                code: .badValue, operation: parsed.operation,
                text: "'--protocol \(name.rawValue)' asks for sessions and not for users: leave '--\(option)' out.")
        }
        let cutOffs = try EvaluateCommand.refusing(parsed, "at") {
            try parsed.optionalString("at").map { text throws(EvaluationError) in try CutOffs(parsing: text) }
                ?? CutOffs(name.cutOffs)
        }
        guard let data = try HoldOutSource.load(name, parsed, observer).sessions else {
            preconditionFailure("a protocol of sessions has queries")
        }
        try check(data.queries)
        let report = try SessionRun(
            training: data, asked: data.queries, configuration: configuration, cutOffs: cutOffs, observer: observer
        ).report()
        let comparison = PublishedComparison(name, report.rows.map(\.evaluation), at: cutOffs)
        let value = report.value.adding("protocol", comparison.value)
        if let path = parsed.optionalString("report") {
            var files = OutputFiles()
            try files.add(value.json + "\n", at: path)
            try files.publish()
        }
        Terminal.standardOutput.write(parsed.flag("json") ? value.json + "\n" : report.text + comparison.text)
    }

    private static func check(_ queries: [SessionQueries.Query]) throws {
        guard queries.isEmpty else { return }
        throw RunFailure(
            description:
                "the test part has no session of two items, so that there is nothing to ask for. Take another --share, join "
                + "more of what a user did by a longer --session-gap, or check the files.")
    }

    private static func queries(
        _ parsed: ParsedCommand, _ configuration: BuildConfiguration, _ observer: ProgressObserver
    ) throws -> SessionQueries {
        guard parsed.isGiven("sessions") != parsed.isGiven("interactions") else {
            throw UsageError(
                code: .missingOption, operation: parsed.operation,
                text: "give either --interactions FILE or --sessions FILE.")
        }
        let sessions: [[String]]
        if let path = parsed.optionalString("sessions") {
            observer.reading(path)
            sessions = try SessionQueries.readSessions(path)
        } else {
            let file = SourceFile(
                path: try parsed.string("interactions"),
                options: try ReadingOptions.options(parsed, columns: "columns"))
            let inputs = BuildInputs(interactions: file, eventType: parsed.optionalString("event-type"))
            let log = try BuildCommand.load(inputs, configuration, parsed, observer).log
            sessions = SessionSequences.itemIds(
                of: log, weights: configuration.eventWeights, gap: SessionGap(minutes: configuration.sessionGapMinutes))
        }
        guard let path = parsed.optionalString("test") else {
            let share = try parsed.optionalNumber("share", in: 0.01...0.99) ?? 0.9
            return SessionQueries(dividing: sessions, trainingShare: share)
        }
        return SessionQueries(training: sessions, queries: try SessionQueries.readQueries(path))
    }
}
