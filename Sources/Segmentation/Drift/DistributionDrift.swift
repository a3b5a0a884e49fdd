#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How far apart two distributions over the same bins are.
package enum DistributionDrift {
    /// How a measure is read: the bounds that credit scoring uses for the stability index (Siddiqi 2006, "Credit risk
    /// scorecards", chapter 8). The same names serve the divergence, with its own bounds.
    package enum Level: String, Sendable, CaseIterable {
        case stable, moderate, large
    }

    package static let stabilityBounds = (moderate: 0.1, large: 0.25)
    /// Where two halves of a two-bin mix differ by as much as makes a stability index of 0.1 and 0.25: 50:50 against 65:35
    /// and against 74:26 have indexes .093 and .25 and divergences .017 and .045 bits.
    package static let divergenceBounds = (moderate: 0.017, large: 0.045)

    package static func level(stabilityIndex: Double) -> Level { level(stabilityIndex, stabilityBounds) }
    package static func level(divergence: Double) -> Level { level(divergence, divergenceBounds) }

    /// What chance alone makes of a measure: samples of the same distribution in `binCount` bins have (p - q)^2 / p summing up to
    /// (1/n + 1/m) times a chi-square with a degree of freedom for each bin but one, which is the stability index to the
    /// second order, and 8 ln 2 times the divergence.
    package struct Chance: Sendable {
        private let scale: Double
        private let freedom: Double

        package init(binCount: Int, _ n: Int, _ m: Int) {
            scale = n > 0 && m > 0 ? 1 / Double(n) + 1 / Double(m) : 0
            freedom = Double(max(binCount - 1, 0))
        }

        /// Samples of one distribution exceed it once in forty times (Wilson and Hilferty 1931).
        private var limit: Double {
            guard freedom > 0 else { return 0 }
            let root = 1 - 2 / (9 * freedom) + 1.96 * (2 / (9 * freedom)).squareRoot()
            return scale * freedom * root * root * root
        }

        /// Stable where chance may have done it; else by what is beyond its mean.
        package func level(stabilityIndex value: Double) -> Level {
            value <= limit ? .stable : DistributionDrift.level(stabilityIndex: value - scale * freedom)
        }

        package func level(divergence value: Double) -> Level {
            let factor = 8 * log(Double(2))
            return factor * value <= limit
                ? .stable : DistributionDrift.level(divergence: value - scale * freedom / factor)
        }
    }

    /// An empty bin counts as half a row, without which its logarithm would be infinite.
    private static let emptyBinCount = 0.5

    /// The population stability index: the sum over bins of (q - p) ln(q / p), p and q the shares of the reference and of
    /// the later rows. 0 for equal shares and where either side has no row.
    package static func stabilityIndex(_ reference: [Int], _ later: [Int]) -> Double {
        precondition(reference.count == later.count)
        guard reference.contains(where: { $0 > 0 }), later.contains(where: { $0 > 0 }) else { return 0 }
        // A bin that is empty on both sides says nothing.
        let bins = zip(reference, later).filter { $0.0 > 0 || $0.1 > 0 }
        let (p, q) = (shares(bins.map(\.0)), shares(bins.map(\.1)))
        return zip(p, q).reduce(0) { $0 + ($1.1 - $1.0) * log($1.1 / $1.0) }
    }

    /// The Jensen-Shannon divergence (Lin 1991) in bits, from 0 for equal shares to 1 where no bin is shared. 0 where either
    /// side has no row.
    package static func divergence(_ reference: [Int], _ later: [Int]) -> Double {
        precondition(reference.count == later.count)
        let (n, m) = (Double(reference.reduce(0, +)), Double(later.reduce(0, +)))
        guard n > 0, m > 0 else { return 0 }
        return zip(reference, later).reduce(0) { sum, pair in
            let (p, q) = (Double(pair.0) / n, Double(pair.1) / m)
            let mean = (p + q) / 2
            return sum + (p > 0 ? p * log2(p / mean) : 0) / 2 + (q > 0 ? q * log2(q / mean) : 0) / 2
        }
    }

    /// Bounds between at most `count` bins that hold equally many of the values, ascending and different: a value belongs to
    /// the bin after the last bound that is less than it. Values that are not finite are left out.
    package static func quantileBounds(_ values: [Double], count: Int = 10) -> [Double] {
        let sorted = values.filter(\.isFinite).sorted()
        guard let greatest = sorted.last else { return [] }
        var bounds: [Double] = []
        for bin in 1..<max(count, 1) {
            let bound = sorted[(bin * sorted.count - 1) / count]
            if bound < greatest, bound > bounds.last ?? -.infinity { bounds.append(bound) }
        }
        return bounds
    }

    /// How many of the values lie in each of the `bounds.count + 1` bins, and in one more those that are not finite.
    package static func counts(_ values: [Double], bounds: [Double]) -> [Int] {
        var counts = [Int](repeating: 0, count: bounds.count + 2)
        for value in values {
            if value.isFinite {
                counts[bounds.count { $0 < value }] += 1
            } else {
                counts[bounds.count + 1] += 1
            }
        }
        return counts
    }

    private static func shares(_ counts: [Int]) -> [Double] {
        let total = counts.reduce(0.0) { $0 + max(Double($1), emptyBinCount) }
        return counts.map { max(Double($0), emptyBinCount) / total }
    }

    private static func level(_ value: Double, _ bounds: (moderate: Double, large: Double)) -> Level {
        value < bounds.moderate ? .stable : value < bounds.large ? .moderate : .large
    }
}
