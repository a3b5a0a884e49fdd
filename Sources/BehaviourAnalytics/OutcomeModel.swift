internal import AnalyticsArtefacts
internal import CommandLineInterface
internal import Prediction

/// An outcome to learn: rows whose outcomes are known, and rows to foretell.
struct OutcomeQuestion {
    let name: String
    let outcome: String
    /// Rows to learn from. Their times part them: the latest are judged by what the others taught.
    let columns: [PredictionColumn]
    let outcomes: [Bool]
    let times: [Int64]
    /// Rows of one are one person's.
    let users: [Int32]
    /// Rows to foretell, with the same columns; `places` says which user of the document each is of.
    let asked: [PredictionColumn]
    let places: [Int]
}

/// Learns an outcome, judges it on later rows, and foretells it.
struct OutcomeModel {
    private static let testShare = 0.25
    private static let learners: [PredictorConfiguration.Learner] = [.logistic, .boosting]
    /// Rows in memory as features and explanations at a time.
    private static let blockSize = 20_000
    /// TreeSHAP takes some 50 µs a row; of more rows only the likeliest are explained.
    private static let greatestExplainedCount = 200_000

    let document: UsersDocument.Model

    /// - Parameter userCount: of the document.
    init(_ question: OutcomeQuestion, userCount: Int, seed: UInt64, threadCount: Int) {
        do throws(PredictionError) {
            document = try Self.learned(question, userCount: userCount, seed: seed, threadCount: threadCount)
        } catch {
            document = UsersDocument.Model(
                name: question.name, outcome: question.outcome, learner: nil, refusal: error.description,
                rows: question.outcomes.count, positives: question.outcomes.count { $0 }, threshold: 0, measures: [],
                features: [], importances: [], predictions: [], reasonFeatures: [], reasonValues: [])
        }
    }

    private static func learned(
        _ question: OutcomeQuestion, userCount: Int, seed: UInt64, threadCount: Int
    ) throws(PredictionError) -> UsersDocument.Model {
        let columns = question.columns.filter(\.varies)
        let data = try PredictionData(
            columns: columns, outcomes: question.outcomes, groups: question.users, times: question.times)
        let fold = try ValidationFolds.latest(data, testShare: testShare)
        var best: (configuration: PredictorConfiguration, evaluation: PredictorEvaluation)?
        for learner in learners {
            var configuration = PredictorConfiguration()
            configuration.learner = learner
            configuration.seed = seed
            configuration.threadCount = threadCount
            let evaluation = try PredictorEvaluation(data, [fold], configuration)
            guard let before = best else {
                best = (configuration, evaluation)
                continue
            }
            if evaluation.metrics.logLoss.value < before.evaluation.metrics.logLoss.value {
                best = (configuration, evaluation)
            }
        }
        guard let (configuration, evaluation) = best else { preconditionFailure("there are learners") }
        guard evaluation.isShuffledAtChance else {
            throw PredictionError(
                .leak, operation: "trust the model", expected: "chance where outcomes are dealt out anew",
                found: "an AUC of \(ReadableNumber.fixed(evaluation.shuffledArea?.value ?? .nan, 3))",
                remedy: "Look for rows that repeat others.")
        }
        let predictor = try TrainedPredictor(data, rows: Array(0..<data.count), configuration).predictor
        let told = try Self.told(predictor, question, userCount: userCount, threadCount: threadCount)
        let losses = Dictionary(uniqueKeysWithValues: evaluation.importances.map { ($0.name, $0.areaLoss.value) })
        return UsersDocument.Model(
            name: question.name, outcome: question.outcome, learner: configuration.learner.rawValue, refusal: nil,
            rows: data.count, positives: data.outcomes.count { $0 }, threshold: Rounded.share(predictor.threshold),
            measures: measures(evaluation.metrics), features: predictor.encoding.sources.map(\.name),
            importances: predictor.encoding.sources.map { Rounded.value(losses[$0.name] ?? 0) },
            predictions: told.predictions, reasonFeatures: told.reasonFeatures, reasonValues: told.reasonValues)
    }

    private static func measures(_ metrics: OutcomeMetrics) -> [UsersDocument.Model.Measure] {
        let all: [(String, EstimatedValue?)] = [
            ("auc", metrics.area), ("averagePrecision", metrics.averagePrecision), ("logLoss", metrics.logLoss),
            ("brier", metrics.brier), ("calibrationSlope", metrics.calibrationSlope),
        ]
        return all.compactMap { name, value in
            value.map { value in
                UsersDocument.Model.Measure(
                    name: name, value: Rounded.value(value.value), lower: Rounded.value(value.lower),
                    upper: Rounded.value(value.upper))
            }
        }
    }

    private struct Told {
        var predictions: [Double?]
        var reasonFeatures: [Int]
        var reasonValues: [Double]
    }

    private static func told(
        _ predictor: OutcomePredictor, _ question: OutcomeQuestion, userCount: Int, threadCount: Int
    ) throws(PredictionError) -> Told {
        let count = UsersDocument.reasonCount
        var told = Told(
            predictions: Array(repeating: nil, count: userCount),
            reasonFeatures: Array(repeating: -1, count: userCount * count),
            reasonValues: Array(repeating: 0, count: userCount * count))
        for rows in blocks(Array(question.places.indices)) {
            let matrix = try predictor.encoding.encoded(question.asked, rows: rows)
            for (row, score) in zip(rows, try predictor.scores(matrix, threadCount: threadCount)) {
                told.predictions[question.places[row]] = Rounded.share(predictor.calibration.probability(score))
            }
        }
        let likeliest = question.places.indices.sorted { first, second in
            let (a, b) = (told.predictions[question.places[first]] ?? 0, told.predictions[question.places[second]] ?? 0)
            return a == b ? first < second : a > b
        }
        for rows in blocks(Array(likeliest.prefix(greatestExplainedCount))) {
            let matrix = try predictor.encoding.encoded(question.asked, rows: rows)
            for (row, explanation) in zip(rows, try predictor.explanations(matrix, threadCount: threadCount)) {
                let strongest = explanation.parts.indices.sorted { first, second in
                    let (a, b) = (explanation.parts[first].magnitude, explanation.parts[second].magnitude)
                    return a == b ? first < second : a > b
                }
                for (place, part) in strongest.prefix(count).enumerated() where explanation.parts[part] != 0 {
                    let at = question.places[row] * count + place
                    told.reasonFeatures[at] = part
                    told.reasonValues[at] = (explanation.parts[part] * 1e4).rounded() / 1e4
                }
            }
        }
        return told
    }

    private static func blocks(_ rows: [Int]) -> [[Int]] {
        stride(from: 0, to: rows.count, by: blockSize).map { Array(rows[$0..<min($0 + blockSize, rows.count)]) }
    }
}
