package import LinearAlgebra

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How values become the columns that are clustered: z = (ln(1 + x) - mean) / deviation. The logarithm, because all three
/// values have long tails; mean and standard deviation (divided by n) are those of the customers at hand.
package struct RFMScaling: Sendable, Equatable {
    /// Of recency, frequency, monetary.
    package let means: [Double]
    package let deviations: [Double]

    package init(means: [Double], deviations: [Double]) {
        precondition(means.count == RFMFeature.allCases.count && deviations.count == means.count)
        self.means = means
        self.deviations = deviations
    }

    /// A column without any difference gets deviation 1: it is 0 for everybody.
    package init(_ table: RFMTable) {
        var means: [Double] = []
        var deviations: [Double] = []
        for feature in RFMFeature.allCases {
            let values = table.column(feature).map { log1p($0) }
            let count = Double(max(values.count, 1))
            let mean = values.reduce(0, +) / count
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
            means.append(mean)
            // Below 1e-12 of the mean it is rounding.
            deviations.append(variance.squareRoot() > 1e-12 * max(1, mean) ? variance.squareRoot() : 1)
        }
        self.init(means: means, deviations: deviations)
    }

    /// At most `NumberLimits.greatestMagnitude` deviations from the mean, so that distances are finite.
    package func scaled(_ values: RFMValues) -> [Float] {
        RFMFeature.allCases.map { feature in
            bounded((log1p(values[feature]) - means[feature.rawValue]) / deviations[feature.rawValue])
        }
    }

    /// `[customerCount x 3]`
    package func scaled(_ table: RFMTable) -> DenseMatrix {
        DenseMatrix(
            rowCount: table.count, columnCount: RFMFeature.allCases.count,
            values: (0..<table.count).flatMap { scaled(table[$0]) })
    }
}
