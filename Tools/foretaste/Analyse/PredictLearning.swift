import CommandLineInterface
import IndexBuilding
import Interactions
import Prediction

/// `foretaste analyse predict --outcome`: from a table to a model and what it is worth.
enum PredictLearning {
    static func run(_ parsed: ParsedCommand) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let observer = ProgressObserver(quiet: parsed.flag("quiet"))
        let settings = try PredictionSettings(parsed)
        let source = try PredictionSource(parsed, settings, observer)
        let folds = try source.folds(parsed, settings.configuration.seed)
        var judged: [JudgedLearner] = []
        for learner in settings.learners {
            var configuration = settings.configuration
            configuration.learner = learner
            observer.counting("judge \(learner.rawValue)", total: folds.count + 1, unit: "models")
            let evaluation = try PredictorEvaluation(source.data, folds, configuration) {
                observer.progress(done: $0, total: folds.count + 1)
            }
            observer.end()
            judged.append(JudgedLearner(configuration: configuration, evaluation: evaluation))
        }
        guard
            let best = judged.indices.min(by: {
                (judged[$0].evaluation.metrics.logLoss.value, $0) < (judged[$1].evaluation.metrics.logLoss.value, $1)
            })
        else { preconditionFailure("settings name a learner") }
        observer.stage("train \(judged[best].configuration.learner.rawValue) on all rows")
        let trained = try TrainedPredictor(source.data, rows: Array(0..<source.data.count), judged[best].configuration)
        observer.end()
        let result = PredictionResult(
            source: source, judged: judged, best: best, trained: trained,
            protocolText: source.protocolText(parsed, folds))
        for warning in result.warnings { observer.warn(warning) }
        try PredictionFiles.write(result, into: try parsed.string("out"))
        Terminal.standardOutput.write(
            parsed.flag("json")
                ? PredictionEvaluationFile.json(result).indented + "\n"
                : PredictionSummary.text(result, seconds: (clock.now - start) / .seconds(1)))
    }
}

/// A learner and how good it was.
struct JudgedLearner {
    let configuration: PredictorConfiguration
    let evaluation: PredictorEvaluation
}

/// What the options ask for.
struct PredictionSettings {
    let configuration: PredictorConfiguration
    let learners: [PredictorConfiguration.Learner]

    init(_ parsed: ParsedCommand) throws {
        var configuration = PredictorConfiguration()
        configuration.seed = UInt64(try parsed.integer("seed", in: 0...Int.max))
        configuration.threadCount = try PredictCommand.threadCount(parsed)
        configuration.classWeights = try parsed.choice("class-weights", of: PredictorConfiguration.ClassWeights.self)
        configuration.calibration = try parsed.choice("calibration", of: ProbabilityCalibration.Method.self)
        configuration.validationShare = try parsed.share("validation-share")
        guard (0.05...0.5).contains(configuration.validationShare) else {
            throw parsed.refusal(
                "validation-share", value: try parsed.string("validation-share"), expected: "a share from 5% to 50%")
        }
        configuration.l2 = try parsed.number("l2", in: 1e-6...1e9)
        configuration.forest.treeCount = try parsed.integer("trees", in: 1...10_000)
        configuration.costs = try Self.costs(parsed)
        self.configuration = configuration
        var learners: [PredictorConfiguration.Learner] = []
        for name in parsed.list("learners") {
            guard let learner = PredictorConfiguration.Learner(rawValue: name), !learners.contains(learner) else {
                throw parsed.refusal(
                    "learners", value: try parsed.string("learners"),
                    expected: "some of logistic, forest, boosting, each once")
            }
            learners.append(learner)
        }
        guard !learners.isEmpty else {
            throw parsed.refusal("learners", value: "", expected: "some of logistic, forest, boosting")
        }
        self.learners = learners
    }

    private static func costs(_ parsed: ParsedCommand) throws -> PredictorConfiguration.Costs? {
        let range = 1e-9...1e12
        let miss = try parsed.optionalNumber("cost-miss", in: range)
        let falseAlarm = try parsed.optionalNumber("cost-false-alarm", in: range)
        guard miss != nil || falseAlarm != nil else { return nil }
        guard let miss, let falseAlarm else {
            throw UsageError(
                code: .missingOption, operation: parsed.operation,
                text: "give both '--cost-miss' and '--cost-false-alarm': a threshold follows from the two.")
        }
        return PredictorConfiguration.Costs(miss: miss, falseAlarm: falseAlarm)
    }
}

/// A table with an outcome, ready to be learned from.
struct PredictionSource {
    let table: PredictionTable
    let data: PredictionData
    let outcomeName: String
    let positive: String
    let ids: [String]
    let periods: (places: [Int32], names: [String])
    let leaks: [ColumnLeak]
    let unused: [String]
    let warnings: [String]

    init(_ parsed: ParsedCommand, _ settings: PredictionSettings, _ observer: ProgressObserver) throws {
        outcomeName = try parsed.string("outcome")
        let (id, user) = (parsed.optionalString("id"), parsed.optionalString("user"))
        let (time, period) = (parsed.optionalString("time"), parsed.optionalString("period"))
        if let time, period != nil {
            throw parsed.refusal("time", value: time, expected: "either --time or --period, not both")
        }
        var types = try VisitColumns.types(parsed)
        // An id is what is written, zeros in front included.
        for name in [id, user].compactMap({ $0 }) { types[name] = .text }
        let table = try PredictionTable(parsed, types: types, observer)
        self.table = table
        let taken = Set([outcomeName, id, user, time, period].compactMap { $0 } + parsed.list("without"))
        for name in taken.sorted() + parsed.list("accept") { _ = try table.column(name) }
        let chosen = try PredictionColumns(
            table, wanted: parsed.list("features"), except: taken, declared: types)
        let (outcomes, positive) = try table.outcomes(outcomeName, positive: parsed.optionalString("positive"))
        self.positive = positive
        periods = try VisitSource.periods(try period.map { try table.column($0) })
        let times =
            try time.map {
                try table.column($0).times(try ReadingOptions.options(parsed, columns: nil).times, path: table.path)
                    .milliseconds
            }
            ?? (period == nil ? nil : periods.places.map { Int64($0) })
        data = try PredictionData(
            columns: chosen.features, outcomes: outcomes,
            groups: try user.map { Self.groups(try table.column($0)) }, times: times)
        ids = try table.ids(id)
        leaks = chosen.features.compactMap { ColumnLeak($0, outcomes, seed: settings.configuration.seed) }
        unused = chosen.unused
        warnings = chosen.warnings
        try refuseLeaks(accepted: parsed.list("accept"))
        observer.say("  features: \(chosen.features.map(\.name).joined(separator: ", "))")
        if !unused.isEmpty { observer.say("  not used: \(unused.joined(separator: ", "))") }
    }

    /// A row that names no user stands for itself.
    private static func groups(_ column: TableColumn) -> [Int32] {
        var places: [String: Int32] = [:]
        var next: Int32 = 0
        return column.texts.map { text in
            if let known = places[text], !text.isEmpty { return known }
            defer { next += 1 }
            if !text.isEmpty { places[text] = next }
            return next
        }
    }

    private func refuseLeaks(accepted: [String]) throws {
        let found = leaks.filter { $0.area >= ColumnLeak.refusedArea && !accepted.contains($0.name) }
        guard !found.isEmpty else { return }
        let names = found.map(\.name).joined(separator: ",")
        let told = found.map { "\($0.name) (AUC \(ReadableNumber.fixed($0.area, 3)))" }.joined(separator: ", ")
        throw RunFailure(
            description:
                "\(table.path): by itself each of these columns tells the outcome: \(told). It was most likely measured after "
                + "it, and a model would have nothing else to learn. Leave it out with --without \(names), or where it is known "
                + "before the outcome is, say --accept \(names).")
    }

    func folds(_ parsed: ParsedCommand, _ seed: UInt64) throws -> [ValidationFold] {
        if parsed.isGiven("time") {
            let share = try parsed.share("test-share")
            guard (0.01...0.9).contains(share) else {
                throw parsed.refusal(
                    "test-share", value: try parsed.string("test-share"), expected: "a share from 1% to 90%")
            }
            return [try ValidationFolds.latest(data, testShare: share)]
        }
        if parsed.isGiven("period") {
            return try ValidationFolds.rolling(data, periods: periods.places, names: periods.names)
        }
        return try ValidationFolds.random(data, count: try parsed.integer("folds", in: 2...100), seed: seed)
    }

    func protocolText(_ parsed: ParsedCommand, _ folds: [ValidationFold]) -> String {
        if parsed.isGiven("time") {
            return
                "the latest \(ReadableNumber.count(folds[0].test.count)) rows by \(parsed.optionalString("time") ?? ""), "
                + "foretold from the \(ReadableNumber.count(folds[0].training.count)) before them"
        }
        if parsed.isGiven("period") {
            return "each \(parsed.optionalString("period") ?? "") foretold from those before it: "
                + folds.map(\.name).joined(separator: ", ")
        }
        return "\(folds.count) random folds" + (data.groups == nil ? "" : " that keep the rows of a user together")
    }
}

/// A finished run.
struct PredictionResult {
    let source: PredictionSource
    let judged: [JudgedLearner]
    let best: Int
    let trained: TrainedPredictor
    let protocolText: String

    var kept: JudgedLearner { judged[best] }

    /// What a reader must know before trusting the figures.
    var warnings: [String] {
        var warnings = source.warnings
        for leak in source.leaks where leak.area >= ColumnLeak.warningArea {
            warnings.append(
                "\(leak.name) tells the outcome almost by itself (AUC \(ReadableNumber.fixed(leak.area, 3))): it was "
                    + "probably measured after it. Leave it out with --without \(leak.name).")
        }
        for fold in kept.evaluation.folds where fold.sharedGroupCount > 0 {
            warnings.append(
                "\(ReadableNumber.count(fold.sharedGroupCount)) users have rows before and after the cut of \(fold.name): what is told of them "
                    + "may be remembered rather than foretold.")
        }
        for judged in judged where !judged.evaluation.isShuffledAtChance {
            warnings.append(
                "\(judged.configuration.learner.rawValue): with the outcomes dealt out anew among the rows it still tells them "
                    + "(AUC \(ReadableNumber.fixed(judged.evaluation.shuffledArea?.value ?? .nan, 3)), where 0.5 is chance). Rows that repeat "
                    + "others may be why: --user names what they belong to.")
        }
        return warnings
    }
}
