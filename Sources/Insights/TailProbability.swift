#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

import TimeSeries

/// How rarely chance alone gives such a count.
package enum TailProbability {
    /// Of so many or fewer of `total`, each with the probability `share`; with a dispersion above 1 counts vary that many times as much
    /// as a binomial's, and are taken for as many fewer independent ones.
    package static func lower(_ count: Int, of total: Int, share: Double, dispersion: Double = 1) -> Double {
        let (k, n) = (Double(count) / dispersion, Double(total) / dispersion)
        return n - k <= 0 ? 1 : IncompleteBeta.regularised(1 - share, n - k, k + 1)
    }

    /// Of so many or more.
    package static func upper(_ count: Int, of total: Int, share: Double, dispersion: Double = 1) -> Double {
        let (k, n) = (Double(count) / dispersion, Double(total) / dispersion)
        return k <= 0 ? 1 : IncompleteBeta.regularised(share, k, n - k + 1)
    }

    /// Of a normal variable above that many deviations.
    package static func normal(above deviations: Double) -> Double { 0.5 * erfc(deviations / 2.0.squareRoot()) }
}

/// Many questions asked at once.
package enum FalseDiscovery {
    /// Per p-value the smallest rate of false discoveries at which it is still one (Benjamini, Hochberg 1995).
    package static func adjusted(_ probabilities: [Double]) -> [Double] {
        let order = probabilities.indices.sorted { (probabilities[$0], $0) < (probabilities[$1], $1) }
        var adjusted = probabilities
        var least = 1.0
        for (rank, place) in order.enumerated().reversed() {
            least = min(least, probabilities[place] * Double(order.count) / Double(rank + 1))
            adjusted[place] = least
        }
        return adjusted
    }
}

/// How much more counts vary than a binomial's.
enum Dispersion {
    /// The median of a squared standard normal variable.
    private static let medianSquare = 0.4549364

    /// At least 1; by the median, so that what is to be found does not hide itself. 1 of fewer than eight.
    static func of(_ squares: [Double]) -> Double {
        guard squares.count >= 8 else { return 1 }
        let sorted = squares.sorted()
        let middle = sorted.count / 2
        let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        return max(1, median / medianSquare)
    }
}
