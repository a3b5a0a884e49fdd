import CommandLineInterface
import Interactions
import Prediction
import Segmentation

/// The files of `foretaste analyse predict`.
enum PredictionFiles {
    static let scores = "scores.csv"
    private static let learned = [
        "prediction_model.json", "model_card.md", "evaluation.json", "predictions.csv", "importances.csv",
    ]
    static let names = learned + [scores]

    static func write(_ result: PredictionResult, into directory: String) throws {
        let file = PredictorFile(result.trained, of: result.source)
        let texts = [
            file.json.indented + "\n", ModelCard.text(result, checksum: file.checksum),
            PredictionEvaluationFile.json(result).indented + "\n", predictions(result), importances(result),
        ]
        try OutputDirectory(path: directory).write(zip(learned, texts).map { (name: $0, text: $1) })
    }

    /// A row for each that was judged, by the learner that was kept.
    private static func predictions(_ result: PredictionResult) -> String {
        let evaluation = result.kept.evaluation
        var text = "id,fold,outcome,score,probability,foretold\n"
        for (place, row) in evaluation.rows.enumerated() {
            text += CSVField.text(result.source.ids[row])
            text += "," + CSVField.text(evaluation.folds[evaluation.foldOfRow[place]].name)
            text += ",\(result.source.data.outcomes[row] ? 1 : 0),\(evaluation.scores[place])"
            text += ",\(evaluation.probabilities[place]),\(evaluation.isForetold[place] ? 1 : 0)\n"
        }
        return text
    }

    private static func importances(_ result: PredictionResult) -> String {
        var text = "column,area_loss,lower,upper,area_alone\n"
        for importance in result.kept.evaluation.importances {
            let alone = result.source.leaks.first { $0.name == importance.name }?.area
            text += CSVField.text(importance.name)
            text += ",\(importance.areaLoss.value),\(importance.areaLoss.lower),\(importance.areaLoss.upper)"
            text += ",\(alone.map { "\($0)" } ?? "")\n"
        }
        return text
    }
}

/// `evaluation.json`.
enum PredictionEvaluationFile {
    static func json(_ result: PredictionResult) -> JSONText {
        let source = result.source
        return [
            "table": .string(source.table.path), "outcome": .string(source.outcomeName),
            "rows": .integer(source.data.count), "positives": .integer(source.data.outcomes.count { $0 }),
            "protocol": .string(result.protocolText), "seed": .string("\(result.kept.configuration.seed)"),
            "kept": .string(result.kept.configuration.learner.rawValue),
            "warnings": .array(result.warnings.map { .string($0) }),
            "notUsed": .array(source.unused.map { .string($0) }),
            "columns": .array(
                source.leaks.map { ["name": .string($0.name), "areaAlone": .number($0.area)] }),
            "learners": .array(result.judged.map(json)),
        ]
    }

    private static func json(_ judged: JudgedLearner) -> JSONText {
        let evaluation = judged.evaluation
        let confusion = evaluation.confusion
        return [
            "learner": .string(judged.configuration.learner.rawValue), "metrics": json(evaluation.metrics),
            "confusion": [
                "truePositives": .integer(confusion.truePositives),
                "falsePositives": .integer(confusion.falsePositives),
                "trueNegatives": .integer(confusion.trueNegatives),
                "falseNegatives": .integer(confusion.falseNegatives),
                "cost": judged.configuration.costs.map { .number(confusion.cost($0)) } ?? .null,
            ],
            "shuffledOutcomes": json(evaluation.shuffledArea), "atChance": .boolean(evaluation.isShuffledAtChance),
            "folds": .array(
                evaluation.folds.map { fold in
                    [
                        "name": .string(fold.name), "trainingRows": .integer(fold.trainingCount),
                        "sharedUsers": .integer(fold.sharedGroupCount), "metrics": json(fold.metrics),
                    ]
                }),
            "importances": .array(
                evaluation.importances.map { ["column": .string($0.name), "areaLoss": json($0.areaLoss)] }),
        ]
    }

    static func json(_ metrics: OutcomeMetrics) -> JSONText {
        [
            "rows": .integer(metrics.rowCount), "positives": .integer(metrics.positiveCount),
            "auc": json(metrics.area), "averagePrecision": json(metrics.averagePrecision),
            "logLoss": json(metrics.logLoss), "brier": json(metrics.brier),
            "calibration": [
                "slope": json(metrics.calibrationSlope), "intercept": json(metrics.calibrationIntercept),
                "error": .number(metrics.calibrationError),
                "bins": .array(
                    metrics.bins.map { bin in
                        [
                            "rows": .integer(bin.observed.total), "predicted": .number(bin.meanProbability),
                            "observed": .number(bin.observed.share), "lower": .number(bin.observed.lower),
                            "upper": .number(bin.observed.upper),
                        ]
                    }),
            ],
            "lifts": .array(
                metrics.lifts.map { lift in
                    [
                        "share": .number(lift.share), "lift": json(lift.lift), "recall": .number(lift.recall),
                    ]
                }),
        ]
    }

    private static func json(_ value: EstimatedValue?) -> JSONText {
        guard let value else { return .null }
        return ["value": .number(value.value), "lower": .number(value.lower), "upper": .number(value.upper)]
    }
}

/// What the command says when it has finished.
enum PredictionSummary {
    static func text(_ result: PredictionResult, seconds: Double) -> String {
        let source = result.source
        let positives = source.data.outcomes.count { $0 }
        func count(_ value: Int) -> String { ReadableNumber.count(value) }
        var text = "\(count(source.data.count)) rows, \(count(positives)) with \(source.outcomeName) "
        text += "(\(ReadableNumber.fixed(100 * Double(positives) / Double(source.data.count), 1)) %), "
        text += "\(source.data.columns.count) columns; \(result.protocolText); "
        text += "\(ReadableNumber.duration(seconds: seconds)) in all\n\n"
        text += table(result.judged.map { ($0.configuration.learner.rawValue, $0.evaluation.metrics) })
        text += "\n"
        for judged in result.judged {
            let shuffled = judged.evaluation.shuffledArea
            text += "\(judged.configuration.learner.rawValue) with shuffled outcomes: AUC "
            text +=
                interval(shuffled, 3) + (judged.evaluation.isShuffledAtChance ? ", at chance\n" : ", NOT at chance\n")
        }
        let kept = result.kept
        let confusion = kept.evaluation.confusion
        let foretold = confusion.truePositives + confusion.falsePositives
        text += "kept: \(kept.configuration.learner.rawValue)"
        text += result.trained.rounds.map { ", \($0) rounds" } ?? ""
        text += "; foretold from a probability of \(ReadableNumber.fixed(result.trained.predictor.threshold, 3)) on: "
        text += "\(count(confusion.truePositives)) of \(count(foretold)) right, "
        text += "\(count(confusion.falseNegatives)) missed\n\n"
        var importances = TextTable([.left("column"), .right("AUC lost"), .right("AUC alone")])
        for importance in kept.evaluation.importances.prefix(10) {
            let alone = source.leaks.first { $0.name == importance.name }?.area ?? .nan
            importances.add([importance.name, interval(importance.areaLoss, 4), ReadableNumber.fixed(alone, 3)])
        }
        return text + importances.text
    }

    static func table(_ rows: [(String, OutcomeMetrics)]) -> String {
        var table = TextTable([
            .left("learner"), .right("AUC"), .right("average precision"), .right("log loss"), .right("Brier"),
            .right("calibration slope"), .right("lift @10%"),
        ])
        for (name, metrics) in rows {
            table.add([
                name, interval(metrics.area, 4), interval(metrics.averagePrecision, 4), interval(metrics.logLoss, 4),
                interval(metrics.brier, 4), interval(metrics.calibrationSlope, 2),
                interval(metrics.lifts.first { $0.share == 0.1 }?.lift, 2),
            ])
        }
        return table.text
    }

    static func interval(_ value: EstimatedValue?, _ places: Int) -> String {
        guard let value else { return "-" }
        func fixed(_ number: Double) -> String { ReadableNumber.fixed(number, places) }
        return "\(fixed(value.value)) (\(fixed(value.lower)) to \(fixed(value.upper)))"
    }
}
