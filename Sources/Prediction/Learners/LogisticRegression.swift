internal import LinearAlgebra

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

// Design note. The margin (log-odds) is b + sum of w_j z_j, with z_j a standardised feature, after its logarithm where it has a
// long tail. Weights minimise
//
//     sum of row weight * log loss  +  l2 / 2 * sum of w_j^2                       (b is not penalised)
//
// by Newton's method with halved steps, which for this convex function converges from zero; sums are in Double. The
// covariance of the weights is the inverse of the second derivatives at the minimum (Laplace's approximation: l2 is the
// precision of a normal prior), from which intervals follow. A gap is the mean, and a term of its own says that it is one.

/// Logistic regression with an L2 penalty.
package struct LogisticRegression: Sendable, Equatable {
    /// One column of the standardised matrix.
    package struct Term: Sendable, Equatable {
        /// Of the features.
        package let feature: Int
        /// Whether the term is that the feature has no value.
        package let isGap: Bool
        package let isLogarithmic: Bool
        package let mean: Double
        package let deviation: Double

        package init(feature: Int, isGap: Bool, isLogarithmic: Bool, mean: Double, deviation: Double) {
            self.feature = feature
            self.isGap = isGap
            self.isLogarithmic = isLogarithmic
            self.mean = mean
            self.deviation = deviation
        }

        func standardised(_ value: Float) -> Double {
            if isGap { return ((value.isNaN ? 1 : 0) - mean) / deviation }
            if value.isNaN { return 0 }
            // What is beyond the training rows by thousands of deviations is no more certain than what is by one thousand.
            return min(1000, max(-1000, (Self.scaled(Double(value), isLogarithmic) - mean) / deviation))
        }

        static func scaled(_ value: Double, _ isLogarithmic: Bool) -> Double {
            isLogarithmic ? (value < 0 ? -log1p(-value) : log1p(value)) : value
        }
    }

    package struct Weight: Sendable, Equatable {
        /// Of the log-odds, for one deviation more of the term.
        package let value: Double
        package let standardError: Double

        package var interval: EstimatedValue { EstimatedValue(value, standardError: standardError) }
    }

    package let terms: [Term]
    package let intercept: Double
    package let weights: [Weight]

    package init(terms: [Term], intercept: Double, weights: [Double], standardErrors: [Double]) {
        precondition(terms.count == weights.count && weights.count == standardErrors.count)
        self.terms = terms
        self.intercept = intercept
        self.weights = zip(weights, standardErrors).map { Weight(value: $0, standardError: $1) }
    }

    /// - Parameters:
    ///   - rowWeights: positive.
    ///   - l2: positive; 1 is what one more observation of each term would weigh.
    package init(
        _ matrix: FeatureMatrix, _ outcomes: [Bool], rowWeights: [Double], l2: Double
    ) throws(PredictionError) {
        precondition(matrix.rowCount == outcomes.count && rowWeights.count == outcomes.count && l2 > 0)
        let terms = Self.terms(matrix)
        var fit = LogisticFit(order: terms.count + 1, l2: l2, outcomes: outcomes, rowWeights: rowWeights)
        let order = terms.count + 1
        func rows(_ range: Range<Int>) -> [Double] {
            var values = [Double](repeating: 1, count: range.count * order)
            for (place, row) in range.enumerated() {
                for (column, term) in terms.enumerated() {
                    values[place * order + column] = term.standardised(matrix[row, term.feature])
                }
            }
            return values
        }
        if matrix.rowCount * order <= Self.greatestKeptCount {
            let kept = rows(0..<matrix.rowCount)
            try fit.converge { Array(kept[$0.lowerBound * order..<$0.upperBound * order]) }
        } else {
            try fit.converge(rows)
        }
        self.init(
            terms: terms, intercept: fit.parameters[terms.count], weights: Array(fit.parameters.dropLast()),
            standardErrors: Array(try fit.standardErrors().dropLast()))
    }

    /// Log-odds.
    package func margin(_ row: ArraySlice<Float>) -> Double {
        var sum = intercept
        for (term, weight) in zip(terms, weights) {
            sum += weight.value * term.standardised(row[row.startIndex + term.feature])
        }
        return sum
    }

    /// What each feature adds to the margin beside a row whose features are all the mean; the intercept comes last.
    package func contributions(_ row: ArraySlice<Float>, featureCount: Int) -> [Double] {
        var parts = [Double](repeating: 0, count: featureCount + 1)
        for (term, weight) in zip(terms, weights) {
            parts[term.feature] += weight.value * term.standardised(row[row.startIndex + term.feature])
        }
        parts[featureCount] = intercept
        return parts
    }

    /// So many standardised values (320 MB) are kept from step to step; more are made anew at each.
    private static let greatestKeptCount = 40_000_000

    /// Two standard moments of the tail: features of more skewness are taken by their logarithm.
    private static let greatestSkewness = 2.0

    /// The terms of features that vary.
    private static func terms(_ matrix: FeatureMatrix) -> [Term] {
        (0..<matrix.columnCount).flatMap { feature -> [Term] in
            let values = (0..<matrix.rowCount).map { Double(matrix[$0, feature]) }
            let known = values.filter { !$0.isNaN }
            var terms: [Term] = []
            let plain = Moments(known)
            let isLogarithmic = plain.skewness.magnitude > greatestSkewness && known.contains { $0 != 0 && $0 != 1 }
            let moments = isLogarithmic ? Moments(known.map { Term.scaled($0, true) }) : plain
            if let deviation = moments.deviation {
                terms.append(
                    Term(
                        feature: feature, isGap: false, isLogarithmic: isLogarithmic, mean: moments.mean,
                        deviation: deviation))
            }
            let gaps = Moments(values.map { $0.isNaN ? 1 : 0 })
            if let deviation = gaps.deviation {
                terms.append(
                    Term(feature: feature, isGap: true, isLogarithmic: false, mean: gaps.mean, deviation: deviation))
            }
            return terms
        }
    }
}

private struct Moments {
    let mean: Double
    /// Nil where the values do not differ.
    let deviation: Double?
    let skewness: Double

    init(_ values: [Double]) {
        let count = Double(max(values.count, 1))
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        self.mean = mean
        // Below 1e-7 of the mean it is the rounding of Float.
        guard variance.squareRoot() > max(1e-7 * mean.magnitude, 1e-30) else {
            (deviation, skewness) = (nil, 0)
            return
        }
        let deviation = variance.squareRoot()
        self.deviation = deviation
        skewness =
            values.reduce(0) { sum, value in
                let z = (value - mean) / deviation
                return sum + z * z * z
            } / count
    }
}
