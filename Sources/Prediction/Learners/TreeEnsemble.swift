/// Trees by XGBoost whose outputs add up to a score of a row.
package struct TreeEnsemble: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// Gradient boosting: the score is log-odds.
        case boosting
        /// A random forest: the score is the mean share of the outcome in the leaves, from 0 to 1.
        case forest
    }

    package let kind: Kind
    /// XGBoost's own form.
    package let bytes: [UInt8]

    package init(kind: Kind, bytes: [UInt8]) {
        self.kind = kind
        self.bytes = bytes
    }

    package func scores(_ matrix: FeatureMatrix, threadCount: Int) throws(PredictionError) -> [Double] {
        guard matrix.rowCount > 0 else { return [] }
        let booster = try Booster(bytes, threadCount: threadCount)
        return try booster.margins(try BoosterRows(matrix, threadCount: threadCount)).map { Double($0) }
    }

    /// Scores of several matrices by one loaded ensemble.
    func scores(ofEach matrices: [FeatureMatrix], threadCount: Int) throws(PredictionError) -> [[Double]] {
        let booster = try Booster(bytes, threadCount: threadCount)
        var scores: [[Double]] = []
        for matrix in matrices {
            scores.append(try booster.margins(try BoosterRows(matrix, threadCount: threadCount)).map { Double($0) })
        }
        return scores
    }

    /// Per row what each feature adds to the score, and the mean score last (TreeSHAP: Lundberg, Erion, Lee 2018,
    /// "Consistent individualized feature attribution for tree ensembles"). They add up to the score.
    package func contributions(_ matrix: FeatureMatrix, threadCount: Int) throws(PredictionError) -> [[Double]] {
        guard matrix.rowCount > 0 else { return [] }
        let booster = try Booster(bytes, threadCount: threadCount)
        let flat = try booster.contributions(try BoosterRows(matrix, threadCount: threadCount))
        let width = matrix.columnCount + 1
        return (0..<matrix.rowCount).map { row in flat[row * width..<(row + 1) * width].map { Double($0) } }
    }
}
