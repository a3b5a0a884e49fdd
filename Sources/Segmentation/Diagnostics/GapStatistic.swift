package import LinearAlgebra
import SeededRandom

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Tibshirani, Walther, Hastie 2001, "Estimating the number of clusters in a data set via the gap statistic".
///
/// gap(k) = mean over references of ln W*(k), less ln W(k): how much more compact the data's clusters are than those of
/// rows drawn evenly from the box around the data. W is the inertia, which is the paper's W up to a constant factor.
package struct GapStatistic: Sendable, Equatable {
    package let gap: Double
    /// The references' standard deviation times sqrt(1 + 1 / B).
    package let standardError: Double

    /// Ten references, as the paper's examples have between 10 and 50.
    package static let standardReferenceCount = 10

    private static let referenceStartCount = 3

    /// One for each of `clusterCounts`. `inertias`: of the data's own clusterings. An inertia of 0 has an infinite gap.
    /// References get three starts at most: from one, their clusters are so much worse than the data's best of ten that
    /// even rows seem to fall into two.
    package static func values(
        rows: DenseMatrix, clusterCounts: [Int], inertias: [Double], configuration: KMeansConfiguration,
        referenceCount: Int = standardReferenceCount
    ) throws(SegmentationError) -> [GapStatistic] {
        precondition(clusterCounts.count == inertias.count && referenceCount >= 1)
        var logarithms = [[Double]](repeating: [], count: clusterCounts.count)
        for reference in 0..<referenceCount {
            let seed = SplitMix64.mix(configuration.seed ^ UInt64(reference + 1))
            let box = evenRows(around: rows, seed: seed)
            for (place, count) in clusterCounts.enumerated() {
                var one = configuration
                one.clusterCount = count
                one.initialisationCount = min(configuration.initialisationCount, referenceStartCount)
                logarithms[place].append(log(try KMeans.fit(box, one).inertia))
            }
        }
        return zip(logarithms, inertias).map { logarithms, inertia in
            let count = Double(logarithms.count)
            let mean = logarithms.reduce(0, +) / count
            let variance = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
            return GapStatistic(
                gap: mean - log(inertia), standardError: (variance * (1 + 1 / count)).squareRoot())
        }
    }

    private static func evenRows(around rows: DenseMatrix, seed: UInt64) -> DenseMatrix {
        var generator = SplitMix64(seed: seed)
        let width = rows.columnCount
        var least = Array(rows.values.prefix(width))
        var greatest = least
        for (index, value) in rows.values.enumerated() {
            least[index % width] = min(least[index % width], value)
            greatest[index % width] = max(greatest[index % width], value)
        }
        var box = rows
        for index in box.values.indices {
            let (low, high) = (Double(least[index % width]), Double(greatest[index % width]))
            box.values[index] = Float(low + generator.nextUniform() * (high - low))
        }
        return box
    }
}
