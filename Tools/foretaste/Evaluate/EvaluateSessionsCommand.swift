import CommandLineInterface
import Evaluation
import IndexBuilding
import Interactions
import RecommendationIndex
import RecommendationService

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
        let observer = ProgressObserver(quiet: parsed.flag("quiet"))
        let cutOffs = try EvaluateCommand.refusing(parsed, "at") { try CutOffs(parsing: try parsed.string("at")) }
        let step = try parsed.optionalInteger("sample", in: 1...1_000_000) ?? 1
        let data = try queries(parsed, configuration, observer)
        let asked = stride(from: 0, to: data.queries.count, by: step).map { data.queries[$0] }
        let clock = ContinuousClock()
        let start = clock.now
        let serving = try open(data, configuration, observer)
        let buildSeconds = (clock.now - start) / .seconds(1)
        let evaluations = evaluate(asked, serving, cutOffs, observer)
        observer.end()
        let report = SessionReport(
            evaluations: evaluations, trainingSessionCount: data.training.count, queryCount: asked.count,
            itemCount: serving.index.itemCount, byteCount: serving.index.fileByteCount, buildSeconds: buildSeconds)
        Terminal.standardOutput.write(parsed.flag("json") ? report.json.indented + "\n" : report.text)
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
                options: try TrainingOptions.sourceOptions(parsed, columns: "columns"))
            let inputs = BuildInputs(interactions: file, eventType: parsed.optionalString("event-type"))
            let log = try BuildCommand.load(inputs, configuration, observer).log
            sessions = SessionSequences.itemIds(
                of: log, weights: configuration.eventWeights, gapMinutes: configuration.sessionGapMinutes)
        }
        guard let path = parsed.optionalString("test") else {
            let share = try parsed.optionalNumber("share", in: 0.01...0.99) ?? 0.9
            return SessionQueries(dividing: sessions, trainingShare: share)
        }
        return SessionQueries(training: sessions, queries: try SessionQueries.readQueries(path))
    }

    private static func open(
        _ data: SessionQueries, _ configuration: BuildConfiguration, _ observer: ProgressObserver
    ) throws -> ServingIndex {
        let loaded = LoadedInputs(log: data.trainingLog, items: [], reports: [])
        let contents = try IndexBuilder(configuration).contents(
            of: loaded, createdMilliseconds: Machine.nowMilliseconds, observer: observer)
        observer.stage("write and open the index")
        return ServingIndex(try HeldOutIndex.open(contents))
    }

    /// recommend.session with and without what the session has seen, and plain popularity.
    private static func evaluate(
        _ queries: [SessionQueries.Query], _ serving: ServingIndex, _ cutOffs: CutOffs, _ observer: ProgressObserver
    ) -> [NextItemEvaluation] {
        let recommender = Recommender(serving)
        let wanted = queries.map { Int32(serving.index.items.index(of: $0.next) ?? -1) }
        // As a request has them: most recent first. Made before the clock runs, as a server's parser would.
        let sessions = queries.map { Array($0.prefix.reversed()) }
        var options = RecommendationOptions(count: cutOffs.longest)
        options.excludeSeen = false
        var unseen = options
        unseen.excludeSeen = true
        func measure(_ name: String, _ ask: (Int) -> Recommendation) -> NextItemEvaluation {
            observer.stage("ask \(queries.count) times: \(name)")
            let clock = ContinuousClock()
            return NextItemEvaluation(of: name, wanted: wanted, at: cutOffs) { query in
                let start = clock.now
                let answer = ask(query)
                let nanoseconds = Int64((clock.now - start) / .nanoseconds(1))
                return (answer.items.map(\.itemIndex), nanoseconds)
            }
        }
        return [
            measure("session") { recommender.recommend(session: sessions[$0], options: options) },
            measure("session, seen left out") { recommender.recommend(session: sessions[$0], options: unseen) },
            measure("popularity") { _ in recommender.popular(.popular, options: options) },
        ]
    }
}
