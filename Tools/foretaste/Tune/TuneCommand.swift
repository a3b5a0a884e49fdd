import CommandLineInterface
import Evaluation
import HybridBlending
import IndexBuilding
import Interactions
import Tuning

/// `foretaste tune`
enum TuneCommand {
    static let command = Command(
        name: "tune", summary: "Search models, hyper-parameters and blend weights, and write the best as options.",
        discussion: """
            Divides the interactions once more, inside the training part only: settings are trained on one part and \
            compared by how they rank for the users of the other. The rows that '--split' or '--test' puts aside are never \
            looked at. The first trials are the defaults and each model with its defaults, the others are drawn at random; \
            on large data a trial begins on a part of the users and the best third goes on to more. A run that was stopped \
            goes on where it stood when it is given the same options again.
            """,
        options: TrainingOptions.all + [
            .required(
                "output", "FILE", help: "Where the best settings go; 'build' and 'evaluate' take it as --config."),
            .value("journal", "FILE", help: "What is known of the trials so far. Default: the output with '.journal'."),
            .value("trials", "N", default: "40", help: "Settings to try."),
            .value("budget", "MINUTES", help: "Begin no trial after so many minutes."),
            .value(
                "models", "A,B", help: "Models to try. Default: \(TuningOptions.usualModels.joined(separator: ","))."),
            .value("split", "HOW", help: "Put the test part of this split aside first: \(SplitStrategy.choices)."),
            .value(
                "validation", "HOW",
                help: "How the rest is divided. Default: temporal:0.9 where there are times, else random:0.9."),
            .value(
                "metric", "NAME@K", default: "ndcg@10",
                help: "What is best: ndcg, recall, hitRate, map ... at a cut-off."),
            .value(
                "validation-users", "N", default: "\(TrialRun.defaultUserLimit)",
                help: "Ask at most so many validation users in a trial."),
        ],
        examples: [
            .init(
                "foretaste tune --interactions events.csv --items items.jsonl --split temporal:0.8 --output shop.tuned",
                "Tune without ever looking at the newest fifth."),
            .init(
                "foretaste build --interactions events.csv --items items.jsonl --config shop.tuned --index shop.index",
                "Build with what was found."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let options = try TuningOptions(parsed)
        let observer = ProgressObserver(quiet: parsed.flag("quiet"))
        let inputs = try TrainingOptions.inputs(parsed)
        var configuration = try TrainingOptions.configuration(parsed)
        var loaded = try BuildCommand.load(inputs, configuration, observer)
        observer.end()
        if let split = options.split {
            loaded = try HoldOut(loaded, strategy: split, test: nil, seed: configuration.seed).training
        }
        let plan = options.plan(for: loaded, configuration)
        let subject = Self.subject(parsed, plan, options, loaded, configuration)
        let journal = try JournalFile(path: options.journalPath, subject: subject)
        let vectors = try ItemVectorSource.vectors(inputs, of: loaded.items, configuration: &configuration, observer)
        observer.end()
        let search = TuningSearch(
            plan, on: loaded, vectors: vectors, journal: journal,
            quiet: parsed.flag("quiet")
        ) { settings in
            try TrainingOptions.configuration(settings.reduce(parsed) { $0.setting($1.name, to: $1.value) })
        }
        let entries = try search.run()
        guard let best = entries.first, best.record.score != nil else {
            throw RunFailure(
                description: entries.first.map { "every trial failed, the first one so: \($0.record.failure)" }
                    ?? "no trial was finished. Allow more time by --budget.")
        }
        let result = TuningResult(
            plan: plan, subject: subject, entries: entries, gain: try search.gain(of: best),
            fallbackWeight: configuration.weights.fallback, ranOutOfTime: search.ranOutOfTime)
        try result.write(to: options.outputPath)
        Terminal.standardOutput.write(
            parsed.flag("json") ? result.value.indented + "\n" : result.text(outputPath: options.outputPath))
    }

    /// What decides a trial's score beside its number. Two runs that differ in it cannot share a journal.
    private static func subject(
        _ parsed: ParsedCommand, _ plan: TuningSearch.Plan, _ options: TuningOptions, _ loaded: LoadedInputs,
        _ configuration: BuildConfiguration
    ) -> String {
        let files = loaded.reports.map { report in
            let name = report.path.split(separator: "/").last ?? ""
            return
                "\(name) (\(report.fingerprint.byteCount) bytes, crc32 \(String(report.fingerprint.crc32, radix: 16)))"
        }
        let fixed = TrainingOptions.training.map(\.name).filter { name in
            !["config", "quiet", "json", "threads", "memory-limit", "seed"].contains(name) && parsed.isGiven(name)
        }.map { "\($0)=\(parsed.optionalString($0) ?? "")" }
        return
            ([files.joined(separator: " and "), options.split.map { "test part of \($0.spelling) put aside" }]
            .compactMap { $0 } + [
                "validation \(plan.validation.spelling)", "\(plan.metric.key)@\(plan.cutOff)",
                "at most \(plan.userLimit) users", "models \(plan.space.models.joined(separator: " "))",
                "seed \(plan.seed)",
            ] + fixed).joined(separator: "; ")
    }
}
