import Prediction
import Testing

@Suite struct LogisticRegressionTests {
    private static let features: [Float] = [
        1.17, 1.1, 0.0, -0.98, -0.8, 1.0, 0.64, 2.0, 0.0, 0.77, 0.2, 1.0, 0.74, 1.4, 0.0,
        -0.19, -0.8, 1.0, 0.66, -0.3, 0.0, 0.48, -0.7, 0.0, 0.48, 2.5, 0.0, -0.56, -1.2, 0.0,
        0.52, 0.9, 1.0, 0.33, 0.1, 1.0, -1.53, -0.5, 1.0, -0.78, -0.5, 0.0, -0.33, 0.9, 0.0,
        -0.15, 0.8, 1.0, 1.7, -2.1, 1.0, -0.48, 0.1, 1.0, 1.08, 1.0, 1.0, 1.61, -0.3, 0.0,
        0.8, -0.6, 1.0, 1.02, 2.2, 0.0, -0.38, 0.2, 1.0, -0.59, 0.4, 0.0, 1.62, -0.7, 1.0,
        -0.64, -1.0, 0.0, -1.19, 0.1, 1.0, 0.16, 0.6, 1.0, 0.27, 0.2, 0.0, -1.61, 0.8, 0.0,
        0.65, 0, 1.0, -0.07, -0.8, 1.0, -0.56, -0.2, 1.0, -0.13, -0.2, 0.0, -0.19, -2.1, 0.0,
        -1.2, 1.1, 1.0, -1.95, 0.1, 0.0, -1.05, 0.5, 0.0, -1.77, -0.3, 0.0, 0.11, -1.2, 1.0,
        0.74, -1.1, 0.0, -0.08, -0.6, 1.0, 0.21, -1.0, 0.0, -0.06, 2.3, 0.0, 0.13, 0.5, 0.0,
        2.28, -0.5, 1.0, 0.16, 0.6, 0.0, 1.77, -0.1, 1.0, -0.93, -0.7, 1.0, 0.99, 0.8, 1.0,
        0.71, 0.0, 1.0, 0.59, -0.1, 1.0, 1.29, 0.2, 0.0, 0.72, 1.9, 0.0, -0.09, -0.1, 1.0,
        -1.84, 0.4, 1.0, -0.81, 1.5, 1.0, -0.55, 0.2, 0.0, -0.57, 1.8, 0.0, 1.84, -0.1, 1.0,
        0.04, -2.2, 0.0, 0.19, -1.2, 0.0, 0.37, -0.6, 0.0, -0.68, 0.9, 0.0, 0.93, 1.5, 1.0,
        -1.13, -1.3, 0.0, 0.88, 0.3, 1.0, -0.44, 0.3, 0.0, -0.33, -1.3, 0.0, -0.48, -1.1, 0.0,
        0.67, -0.1, 1.0, 0.93, -0.6, 1.0, 0.36, -0.7, 1.0, -0.78, -3.1, 1.0, -0.62, 1.5, 0.0,
        -1.18, 1.5, 0.0, 0.2, 1.4, 1.0, -0.08, 0.1, 1.0, -0.81, 0.6, 1.0, 2.33, -0.3, 0.0,
    ]
    private static let outcomes: [Bool] = [
        1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0,
        1, 1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1,
        1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 1,
    ].map { $0 == 1 }

    private func fit(_ matrix: FeatureMatrix, l2: Double = 1) throws -> LogisticRegression {
        try LogisticRegression(
            matrix, Self.outcomes, rowWeights: Array(repeating: 1, count: matrix.rowCount), l2: l2)
    }

    private var matrix: FeatureMatrix { FeatureMatrix(rowCount: 80, columnCount: 3, values: Self.features) }

    /// Scikit-learn 1.9.1, C = 1, on standardised columns; errors from the inverse of the second derivatives in numpy.
    @Test func weightsAreScikitLearns() throws {
        let regression = try fit(matrix)
        let weights = [1.827659510057418, -1.0507030134327016, 0.28378904064090416]
        let errors = [0.4166047027283809, 0.329178195559313, 0.3060950138869678]
        #expect(abs(regression.intercept - 1.37551057) < 1e-6)
        for (weight, (value, error)) in zip(regression.weights, zip(weights, errors)) {
            #expect(abs(weight.value - value) < 1e-5)
            #expect(abs(weight.standardError - error) < 1e-5)
        }
    }

    @Test func contributionsAddUp() throws {
        let regression = try fit(matrix)
        for row in 0..<80 {
            let parts = regression.contributions(matrix.row(row), featureCount: 3)
            #expect(abs(parts.reduce(0, +) - regression.margin(matrix.row(row))) < 1e-12)
        }
    }

    @Test func gapsAndConstantsAndHugeValuesAreNoTrap() throws {
        var values = Self.features
        for row in 0..<80 {
            if row.isMultiple(of: 3) { values[3 * row] = .nan }
            values[3 * row + 1] = 7
            if row == 5 { values[3 * row + 2] = 1e15 }
        }
        let gaps = FeatureMatrix(rowCount: 80, columnCount: 3, values: values)
        let regression = try fit(gaps)
        // The feature and its gaps, nothing of the constant, the third after its logarithm.
        #expect(regression.terms.map(\.feature) == [0, 0, 2])
        #expect(regression.terms.map(\.isGap) == [false, true, false])
        #expect(regression.terms[2].isLogarithmic)
        #expect(regression.margin([.nan, .nan, .nan]).isFinite)
        #expect(regression.margin([1e30, -1e30, 1e30]).isFinite)
    }

    /// Outcomes that a feature parts entirely have no finite weights without the penalty.
    @Test func partedOutcomesConverge() throws {
        let outcomes = (0..<40).map { $0 >= 20 }
        let line = FeatureMatrix(rowCount: 40, columnCount: 1, values: (0..<40).map { Float($0) })
        for l2 in [1.0, 1e-3, 1e-6] {
            let regression = try LogisticRegression(
                line, outcomes, rowWeights: Array(repeating: 1, count: 40), l2: l2)
            #expect(regression.margin([39]) > 0 && regression.margin([0]) < 0)
        }
    }

    /// A row that counts twice is the row twice.
    @Test func rowWeightsAreRepeats() throws {
        let twice = FeatureMatrix(
            rowCount: 120, columnCount: 3, values: Self.features + Self.features.prefix(120))
        let weighted = try LogisticRegression(
            matrix, Self.outcomes, rowWeights: (0..<80).map { $0 < 40 ? 2 : 1 }, l2: 1)
        let repeated = try LogisticRegression(
            twice, Self.outcomes + Self.outcomes.prefix(40), rowWeights: Array(repeating: 1, count: 120), l2: 1)
        // Means and deviations differ, so that the penalty does.
        for row in 0..<80 {
            #expect(abs(weighted.margin(matrix.row(row)) - repeated.margin(matrix.row(row))) < 0.1)
        }
    }
}
