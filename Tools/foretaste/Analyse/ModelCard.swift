import CommandLineInterface
import IndexBuilding
import Prediction
import Printing

/// `model_card.md` (Mitchell and others 2019, "Model cards for model reporting"): what a model is for, what it was made from, how
/// good it was, and what it must not be believed in.
enum ModelCard {
    static func text(_ result: PredictionResult, checksum: String) -> String {
        let source = result.source
        let positives = source.data.outcomes.count { $0 }
        let share = ReadableNumber.fixed(100 * Double(positives) / Double(source.data.count), 2)
        var text = "# Model of \(cell(source.outcomeName))\n\n"
        text += "| | |\n|---|---|\n"
        text += row("foretells", "\(source.outcomeName) = \(source.positive)")
        text += row(
            "learner",
            result.kept.configuration.learner.rawValue + (result.trained.rounds.map { ", \($0) rounds" } ?? ""))
        text += row("table", source.table.path)
        text += row("rows", "\(source.data.count), \(positives) with the outcome (\(share) %)")
        text += row("protocol", result.protocolText)
        text += row("calibration", result.trained.predictor.calibration.method.rawValue)
        text += row(
            "threshold", "\(ReadableNumber.fixed(result.trained.predictor.threshold, 4)) (\(thresholdReason(result)))")
        text += row("class weights", result.kept.configuration.classWeights.rawValue)
        text += row("seed", "\(result.kept.configuration.seed)")
        text += row("made by", "foretaste \(IndexBuilder.toolVersion), XGBoost \(XGBoost.version)")
        text += row("checksum", checksum)
        text += "\n## How good it was on rows that it had not seen\n\n" + metrics(result)
        text += "\n## What it foretells from\n\n" + columns(result)
        if case .logistic(let regression) = result.trained.predictor.learned {
            text += "\n## Weights\n\n" + weights(regression, result.trained.predictor.encoding.featureNames)
        }
        text += "\n## What to know\n\n"
        for warning in result.warnings { text += "- **\(cell(warning))**\n" }
        if !source.unused.isEmpty { text += "- Not used: \(cell(source.unused.joined(separator: ", "))).\n" }
        text += "- Importances and reasons say what the model goes by, not what causes the outcome.\n"
        text +=
            "- Intervals are of 95 %, for rows like these; times and shops that differ are not in them. Judge the model again "
        text += "on new rows by `--model FILE --outcome COLUMN`.\n"
        return text
    }

    private static func thresholdReason(_ result: PredictionResult) -> String {
        guard let costs = result.kept.configuration.costs else { return "greatest F1 on the validation part" }
        return "a miss costs \(costs.miss), a false alarm \(costs.falseAlarm)"
    }

    private static func metrics(_ result: PredictionResult) -> String {
        var text =
            "| learner | AUC | average precision | log loss | Brier | calibration slope | calibration error | AUC, shuffled |\n"
        text += "|---|---|---|---|---|---|---|---|\n"
        for judged in result.judged {
            let metrics = judged.evaluation.metrics
            let cells = [
                judged.configuration.learner.rawValue, PredictionSummary.interval(metrics.area, 4),
                PredictionSummary.interval(metrics.averagePrecision, 4), PredictionSummary.interval(metrics.logLoss, 4),
                PredictionSummary.interval(metrics.brier, 4), PredictionSummary.interval(metrics.calibrationSlope, 2),
                ReadableNumber.fixed(metrics.calibrationError, 4),
                PredictionSummary.interval(judged.evaluation.shuffledArea, 3),
            ]
            text += "| \(cells.joined(separator: " | ")) |\n"
        }
        let confusion = result.kept.evaluation.confusion
        text +=
            "\nAt the thresholds: \(confusion.truePositives) foretold and right, \(confusion.falsePositives) foretold and wrong, "
        text += "\(confusion.falseNegatives) missed, \(confusion.trueNegatives) rightly not foretold.\n"
        return text
    }

    private static func columns(_ result: PredictionResult) -> String {
        var text = "| column | kind | AUC alone | AUC lost without it |\n|---|---|---|---|\n"
        for importance in result.kept.evaluation.importances {
            let kind = result.trained.predictor.encoding.sources.first { $0.name == importance.name }?.kind
            let words: String
            if case .words(let known)? = kind { words = "words (\(known.count))" } else { words = "number" }
            let alone = result.source.leaks.first { $0.name == importance.name }?.area ?? .nan
            text += "| \(cell(importance.name)) | \(words) | \(ReadableNumber.fixed(alone, 3)) | "
            text += PredictionSummary.interval(importance.areaLoss, 4) + " |\n"
        }
        return text
    }

    private static func weights(_ regression: LogisticRegression, _ names: [String]) -> String {
        var text =
            "What a standard deviation more adds to the log-odds.\n\n| feature | weight | deviation |\n|---|---|---|\n"
        let order = regression.weights.indices.sorted { a, b in
            let (x, y) = (regression.weights[a].value.magnitude, regression.weights[b].value.magnitude)
            return x == y ? a < b : x > y
        }
        for place in order {
            let term = regression.terms[place]
            let name = names[term.feature]
            let shown = term.isGap ? "\(name) has no value" : term.isLogarithmic ? "ln(1 + \(name))" : name
            text += "| \(cell(shown)) | \(PredictionSummary.interval(regression.weights[place].interval, 3)) | "
            text += "\(ReadableNumber.fixed(term.deviation, 4)) |\n"
        }
        return text
    }

    private static func row(_ name: String, _ value: String) -> String { "| \(name) | \(cell(value)) |\n" }

    /// Text of others in a table: on one line, without marks that Markdown takes for its own.
    private static func cell(_ text: String) -> String {
        var safe = ""
        for character in PrintableText.part(text) {
            if "|<>*_`[]\\".contains(character) { safe.append("\\") }
            safe.append(character)
        }
        return safe
    }
}
