import CommandLineInterface
import Evaluation
import HybridBlending
import IndexBuilding
import Tuning

/// `foretaste tune`
enum TuneCommand {
    static let command = Command(
        name: "tune", summary: "Search models, hyper-parameters and blend weights, and write the best as options.",
        discussion: """
            Divides the interactions once more, inside the training part only: settings are trained on one part and \
            compared by how they rank for the users of the other. The rows that '--split' or '--test' puts aside are never \
            looked at, and of '--protocol' only the training part is taken. The first trials are the defaults and each model with its defaults, the others are drawn at random; \
            on large data a trial begins on a part of the users and the best third goes on to more. A run that was stopped \
            goes on where it stood when it is given the same options again.
            """,
        options: HoldOutSource.filesOrProtocol + [
            .required(
                "output", "FILE", help: "Where the best settings go; 'build' and 'evaluate' take it as --config."
            ).asOutput,
            .value("journal", "FILE", help: "What is known of the trials so far. Default: the output with '.journal'.")
                .asOutput,
            .value("trials", "N", default: "40", help: "Settings to try."),
            .value("budget", "MINUTES", help: "Begin no trial after so many minutes."),
            .value(
                "models", "A,B", help: "Models to try. Default: \(TuningOptions.usualModelsHelp)."),
            .value("split", "HOW", help: "Put the test part of this split aside first: \(SplitStrategy.choices)."),
            .value(
                "validation", "HOW",
                help:
                    "How the rest is divided. Default: as the protocol asks; temporal:0.9 where there are times, else "
                    + "random:0.9."),
            .value(
                "metric", "NAME@K",
                help:
                    "What is best: ndcg, recall, hitRate, map ... at a cut-off. Default: the protocol's, else ndcg@10."),
            .value(
                "validation-users", "N",
                help: "Ask at most so many validation users in a trial. Default: \(UserTrial.defaultUserLimit), of "
                    + "sessions \(SessionTrial.defaultQueryLimit) questions."),
        ],
        examples: [
            .init(
                "foretaste tune --interactions events.csv --items items.jsonl --split temporal:0.8 --output shop.tuned",
                "Tune without ever looking at the newest fifth."),
            .init(
                "foretaste build --interactions events.csv --items items.jsonl --config shop.tuned --index shop.index",
                "Build with what was found."),
            .init(
                "foretaste tune --protocol amazon-beauty --data datasets --output beauty.tuned",
                "Tune on the training part of a published protocol; 'evaluate --protocol' takes the file as --config."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let options = try TuningOptions(parsed)
        let observer = ProgressObserver(quiet: parsed.flag("quiet"), verbose: parsed.flag("verbose"))
        var configuration = try TrainingOptions.configuration(parsed)
        let source = try TuningSource(parsed, split: options.split, &configuration, observer)
        let plan = try options.plan(for: source, configuration)
        let subject = Self.subject(parsed, plan, source)
        let journal = try JournalFile(path: options.journalPath, subject: subject)
        let search = TuningSearch(plan, on: source, journal: journal, quiet: parsed.flag("quiet")) { settings in
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
        _ parsed: ParsedCommand, _ plan: TuningSearch.Plan, _ source: TuningSource
    ) -> String {
        let fixed = TrainingOptions.training.map(\.name).filter { name in
            !["config", "quiet", "json", "threads", "memory-limit", "seed"].contains(name) && parsed.isGiven(name)
        }.map { "\($0)=\(parsed.optionalString($0) ?? "")" }
        let models = plan.space.models.isEmpty ? [] : ["models \(plan.space.models.joined(separator: " "))"]
        let negatives = plan.negativeCount.map { ["among \($0) drawn items"] } ?? []
        let questions =
            switch source.rows {
            case .interactions: "users"
            case .sessions: "questions"
            }
        return
            ([source.description, "validation \(plan.validation.spelling)"] + negatives
            + [
                "\(plan.metric.key)@\(plan.cutOff)", "at most \(plan.userLimit) \(questions)",
            ] + models + ["seed \(plan.seed)"] + fixed).joined(separator: "; ")
    }
}
