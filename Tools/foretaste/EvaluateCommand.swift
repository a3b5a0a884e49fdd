import CommandLineInterface
import Evaluation
import IndexBuilding
import Interactions

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `foretaste evaluate`
enum EvaluateCommand {
    static let command = Command(
        name: "evaluate", summary: "Measure how good the recommendations are on held-out interactions.",
        discussion: """
            Builds an index from the training part only, opens it and ranks the full catalogue, less what a user has in \
            training, by the server's own code: the hybrid, each component alone (completed by the fallback, as the \
            server does), the fallback alone and plain popularity.
            """,
        options: TrainingOptions.all + [
            .value("split", "HOW", default: "temporal:0.8", help: "\(SplitStrategy.choices)."),
            .value("test", "FILE", help: "The test part of '--split given', read as --interactions is."),
            .value("at", "K,K", default: "10,20", help: "Cut-offs."),
            .value("report", "FILE", help: "Write the report as JSON into FILE as well."),
        ],
        examples: [
            .init(
                "foretaste evaluate --interactions events.csv --items items.jsonl --split temporal:0.8",
                "Train on the older 80 %, test on the rest."),
            .init(
                "foretaste evaluate --interactions train.csv --split given --test test.csv --at 20 --json",
                "A split that exists already."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let strategy = try splitStrategy(parsed)
        let cutOffs = try refusing(parsed, "at") { try CutOffs(parsing: try parsed.string("at")) }
        let configuration = try TrainingOptions.configuration(parsed)
        let inputs = try TrainingOptions.inputs(parsed)
        let observer = ProgressObserver(quiet: parsed.flag("quiet"))
        let loaded = try BuildCommand.load(inputs, configuration, observer)
        var test: InteractionLog?
        if strategy == .given {
            var testInputs = inputs
            testInputs.interactions.path = try parsed.string("test")
            testInputs.items = nil
            test = try BuildCommand.load(testInputs, configuration, observer).log
        }
        observer.stage("split \(strategy.spelling)")
        let holdOut = try HoldOut(loaded, strategy: strategy, test: test, seed: configuration.seed)
        let report = try HoldOutRun(
            holdOut: holdOut, configuration: configuration, vectors: try BuildCommand.vectors(inputs, configuration),
            cutOffs: cutOffs, observer: observer
        ).report()
        observer.end()
        if let path = parsed.optionalString("report") { try write(report.value.json, to: path) }
        Terminal.standardOutput.write(parsed.flag("json") ? report.value.json + "\n" : report.text + "\n")
    }

    private static func splitStrategy(_ parsed: ParsedCommand) throws -> SplitStrategy {
        let strategy = try refusing(parsed, "split") { try SplitStrategy(parsing: try parsed.string("split")) }
        if strategy == .given && !parsed.isGiven("test") {
            throw UsageError(
                code: .missingOption, operation: parsed.operation,
                text: "'--split given' needs the test part: --test FILE.")
        }
        if strategy != .given && parsed.isGiven("test") {
            throw UsageError(
                code: .badValue, operation: parsed.operation, text: "'--test' goes with '--split given' only.")
        }
        return strategy
    }

    private static func refusing<Value>(
        _ parsed: ParsedCommand, _ option: String, _ body: () throws -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch let error as EvaluationError {
            throw parsed.refusal(option, value: error.found, expected: "\(error.expected). \(error.remedy)")
        }
    }

    private static func write(_ text: String, to path: String) throws {
        do {
            try Data((text + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw RunFailure(description: "cannot write the report to \(path): \(error)")
        }
    }
}
