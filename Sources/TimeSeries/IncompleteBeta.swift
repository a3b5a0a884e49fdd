#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What tails of binomial counts and of Student's t come from.
package enum IncompleteBeta {
    /// The regularised incomplete beta function, by its continued fraction (Abramowitz, Stegun 1964, 26.5.8) in Lentz's way.
    package static func regularised(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        // The fraction is quick below this place; beyond it the other tail is.
        if x > (a + 1) / (a + b + 2) { return max(0, 1 - regularised(1 - x, b, a)) }
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
            if (c * d - 1).magnitude < 1e-15 { break }
        }
        return min(1, exp(logarithm) * result / a)
    }
}
