// Design note.
//
//     training rows ─▶ fit part + validation part
//     fit part ─▶ learner ─▶ scores of the validation part ─▶ rounds, calibration, threshold
//     all training rows ─▶ the same learner with as many rounds ─▶ the model
//
// So nothing that is set by the validation part was seen by the learner that it was set with, and no row is lost to the
// model. (Scikit-learn's CalibratedClassifierCV without an ensemble does the same with folds.)

/// A model and what its training found.
package struct TrainedPredictor: Sendable {
    package let predictor: OutcomePredictor
    /// Of boosting, where the validation part stopped it.
    package let rounds: Int?
    package let fitCount: Int
    package let validationCount: Int

    package init(
        _ data: PredictionData, rows: [Int], _ configuration: PredictorConfiguration
    ) throws(PredictionError) {
        let positives = rows.count { data.outcomes[$0] }
        guard ValidationFolds.hasEnough(rows, data) else {
            throw PredictionError(
                .tooFewRows, operation: "learn an outcome",
                expected: "\(OutcomePredictor.leastOutcomeCount) rows with it and as many without",
                found: "\(positives) with it and \(rows.count - positives) without", remedy: "Give more rows.")
        }
        let encoding = FeatureEncoding(data.columns, rows: rows)
        guard encoding.featureCount > 0 else {
            throw PredictionError(
                .badColumn, operation: "learn an outcome", expected: "a column of numbers, or one with frequent words",
                found: "only words that are rare", remedy: "Add columns that say what kind of thing a row is.")
        }
        let parts = ValidationFolds.validation(
            rows, data, share: configuration.validationShare, seed: configuration.seed)
        let fit = try Self.part(data, parts.fit, encoding, configuration)
        let validation = try Self.part(data, parts.validation, encoding, configuration)
        let (first, rounds) = try Self.learn(fit, validation: validation, configuration)
        let judged = OutcomePredictor(
            encoding: encoding, learned: first, calibration: .identity(isLogOdds: true), threshold: 0.5)
        let scores = try judged.scores(validation.matrix, threadCount: configuration.threadCount)
        let calibration = ProbabilityCalibration(
            configuration.calibration, scores: scores, outcomes: validation.outcomes,
            isLogOdds: configuration.learner != .forest)
        let threshold =
            configuration.costs.map { DecisionThreshold.threshold($0) }
            ?? DecisionThreshold.greatestF1(scores.map { calibration.probability($0) }, validation.outcomes)
        let all = try Self.part(data, rows, encoding, configuration)
        let (last, _) = try Self.learn(all, validation: nil, rounds: rounds, configuration)
        predictor = OutcomePredictor(
            encoding: encoding, learned: last, calibration: calibration, threshold: threshold)
        self.rounds = rounds
        fitCount = parts.fit.count
        validationCount = parts.validation.count
    }

    private static func part(
        _ data: PredictionData, _ rows: [Int], _ encoding: FeatureEncoding, _ configuration: PredictorConfiguration
    ) throws(PredictionError) -> TrainingPart {
        let outcomes = rows.map { data.outcomes[$0] }
        let positives = Double(outcomes.count { $0 })
        let count = Double(rows.count)
        let isBalanced = configuration.classWeights == .balanced && positives > 0 && positives < count
        return TrainingPart(
            matrix: try encoding.encoded(data.columns, rows: rows), outcomes: outcomes,
            rowWeights: outcomes.map { !isBalanced ? 1 : count / (2 * ($0 ? positives : count - positives)) })
    }

    private static func learn(
        _ part: TrainingPart, validation: TrainingPart?, rounds: Int? = nil, _ configuration: PredictorConfiguration
    ) throws(PredictionError) -> (OutcomePredictor.Learned, rounds: Int?) {
        switch configuration.learner {
        case .logistic:
            let regression = try LogisticRegression(
                part.matrix, part.outcomes, rowWeights: part.rowWeights, l2: configuration.l2)
            return (.logistic(regression), nil)
        case .forest:
            let trees = try TreeTraining.forest(
                part, configuration.forest, seed: configuration.seed, threadCount: configuration.threadCount)
            return (.trees(trees), nil)
        case .boosting:
            let (trees, rounds) = try TreeTraining.boosting(
                part, validation: validation, rounds: rounds, configuration.boosting, seed: configuration.seed,
                threadCount: configuration.threadCount)
            return (.trees(trees), rounds)
        }
    }
}
