package import LinearAlgebra

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How columns of any units become comparable: z = (f(x) - mean) / deviation, f the logarithm of 1 + x for columns with a
/// long tail, and x itself for the others.
package struct ColumnScaling: Sendable, Equatable {
    package struct Column: Sendable, Equatable {
        package let isLogarithmic: Bool
        package let mean: Double
        /// Divided by n. 1 for a column without differences, which is 0 for every row.
        package let deviation: Double

        package init(isLogarithmic: Bool, mean: Double, deviation: Double) {
            self.isLogarithmic = isLogarithmic
            self.mean = mean
            self.deviation = deviation
        }

        package init(_ values: [Double]) {
            isLogarithmic = values.allSatisfy { $0 >= 0 } && ColumnScaling.skewness(values) > ColumnScaling.longTail
            let values = isLogarithmic ? values.map { log1p($0) } : values
            let (mean, deviation) = ColumnScaling.moments(values)
            self.mean = mean
            // Below 1e-12 of the mean it is rounding.
            self.deviation = deviation > 1e-12 * max(1, mean.magnitude) ? deviation : 1
        }

        /// The logarithm of a value below 0, which such a column does not have, is that of 0.
        package func scaled(_ value: Double) -> Double {
            ((isLogarithmic ? log1p(max(value, 0)) : value) - mean) / deviation
        }

        func value(ofScaled scaled: Double) -> Double {
            let value = scaled * deviation + mean
            return isLogarithmic ? expm1(value) : value
        }
    }

    /// The skewness of the exponential distribution: from here on a few rows would decide every distance.
    private static let longTail = 2.0

    package let columns: [Column]

    package init(columns: [Column]) { self.columns = columns }

    package init(_ features: [VisitTable.Feature]) { columns = features.map { Column($0.values) } }

    /// `[rowCount x columnCount]`
    package func scaled(_ features: [VisitTable.Feature]) -> DenseMatrix {
        precondition(features.count == columns.count)
        let rowCount = features.first?.values.count ?? 0
        var matrix = DenseMatrix(zeros: rowCount, columns.count)
        for (column, feature) in features.enumerated() {
            for row in 0..<rowCount { matrix[row, column] = bounded(columns[column].scaled(feature.values[row])) }
        }
        return matrix
    }

    /// Mean and standard deviation, divided by n.
    private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let count = Double(max(values.count, 1))
        let mean = values.reduce(0, +) / count
        return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot())
    }

    /// The third standardised moment; 0 for a column without differences.
    private static func skewness(_ values: [Double]) -> Double {
        let (mean, deviation) = moments(values)
        guard deviation > 0 else { return 0 }
        return values.reduce(0) { $0 + pow(($1 - mean) / deviation, 3) } / Double(values.count)
    }
}
