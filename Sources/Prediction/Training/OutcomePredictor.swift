/// A trained model: from columns to the probability of an outcome.
package struct OutcomePredictor: Sendable, Equatable {
    package enum Learned: Sendable, Equatable {
        case logistic(LogisticRegression)
        case trees(TreeEnsemble)
    }

    package let encoding: FeatureEncoding
    package let learned: Learned
    package let calibration: ProbabilityCalibration
    /// The outcome is foretold from this probability on.
    package let threshold: Double

    /// Rows of each outcome that a model needs: with fewer, neither a validation part nor a calibration means anything.
    package static let leastOutcomeCount = 20

    package init(
        encoding: FeatureEncoding, learned: Learned, calibration: ProbabilityCalibration, threshold: Double
    ) {
        self.encoding = encoding
        self.learned = learned
        self.calibration = calibration
        self.threshold = threshold
    }

    package var learner: PredictorConfiguration.Learner {
        switch learned {
        case .logistic: .logistic
        case .trees(let trees): trees.kind == .boosting ? .boosting : .forest
        }
    }

    /// What rows are ordered by: log-odds, or of a forest the share.
    package func scores(_ matrix: FeatureMatrix, threadCount: Int) throws(PredictionError) -> [Double] {
        switch learned {
        case .logistic(let regression): (0..<matrix.rowCount).map { regression.margin(matrix.row($0)) }
        case .trees(let trees): try trees.scores(matrix, threadCount: threadCount)
        }
    }

    package struct Explanation: Sendable, Equatable {
        package let score: Double
        /// What a row of which nothing is known would score.
        package let base: Double
        /// Per source of the encoding, what it adds; with `base` they add up to the score.
        package let parts: [Double]
    }

    package func explanations(_ matrix: FeatureMatrix, threadCount: Int) throws(PredictionError) -> [Explanation] {
        let byFeature: [[Double]]
        switch learned {
        case .logistic(let regression):
            byFeature = (0..<matrix.rowCount).map {
                regression.contributions(matrix.row($0), featureCount: matrix.columnCount)
            }
        case .trees(let trees): byFeature = try trees.contributions(matrix, threadCount: threadCount)
        }
        let scores = try scores(matrix, threadCount: threadCount)
        let sources = encoding.sourceOfFeature
        return zip(scores, byFeature).map { score, features in
            var parts = [Double](repeating: 0, count: encoding.sources.count)
            for (feature, source) in sources.enumerated() { parts[source] += features[feature] }
            return Explanation(score: score, base: features[sources.count], parts: parts)
        }
    }
}
