#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How rarely chance alone gives such a count.
package enum TailProbability {
    /// Of so many or fewer of `total`, each with the probability `share`; with a dispersion above 1 counts vary that many times as much
    /// as a binomial's, and are taken for as many fewer independent ones.
    package static func lower(_ count: Int, of total: Int, share: Double, dispersion: Double = 1) -> Double {
        let (k, n) = (Double(count) / dispersion, Double(total) / dispersion)
        return n - k <= 0 ? 1 : incompleteBeta(1 - share, n - k, k + 1)
    }

    /// Of so many or more.
    package static func upper(_ count: Int, of total: Int, share: Double, dispersion: Double = 1) -> Double {
        let (k, n) = (Double(count) / dispersion, Double(total) / dispersion)
        return k <= 0 ? 1 : incompleteBeta(share, k, n - k + 1)
    }

    /// Of a normal variable above that many deviations.
    package static func normal(above deviations: Double) -> Double { 0.5 * erfc(deviations / 2.0.squareRoot()) }

    /// The regularised incomplete beta function, by its continued fraction (Abramowitz, Stegun 1964, 26.5.8) in Lentz's way.
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        // The fraction is quick below this place; beyond it the other tail is.
        if x > (a + 1) / (a + b + 2) { return max(0, 1 - incompleteBeta(1 - x, b, a)) }
        let logarithm = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
        let tiny = 1e-300
        var (c, d) = (1.0, 1 - (a + b) * x / (a + 1))
        d = 1 / (d.magnitude < tiny ? tiny : d)
        var result = d
        // Some square root of a and b steps are enough (Press et al. 1992, 6.4).
        for step in 1...100_000 {
            let m = Double(step)
            for coefficient in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 + coefficient * d
                d = 1 / (d.magnitude < tiny ? tiny : d)
                c = 1 + coefficient / c
                if c.magnitude < tiny { c = tiny }
                result *= c * d
            }
            if (c * d - 1).magnitude < 1e-14 { break }
        }
        return min(1, exp(logarithm) * result / a)
    }
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
