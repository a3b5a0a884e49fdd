#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Student's t distribution.
enum StudentT {
    /// The value below which a variable of so many degrees of freedom lies with that probability, to about 1e-12 of itself. By halving: the
    /// function below is monotonous.
    static func quantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
        precondition(probability > 0 && probability < 1 && degreesOfFreedom > 0)
        if probability < 0.5 { return -quantile(1 - probability, degreesOfFreedom: degreesOfFreedom) }
        let tail = 1 - probability
        var (low, high) = (0.0, 1.0)
        while upperTail(high, degreesOfFreedom) > tail && high < 1e300 { high *= 2 }
        // As many halvings as a Double has bits leave neighbours.
        for _ in 0..<64 {
            let middle = (low + high) / 2
            if upperTail(middle, degreesOfFreedom) > tail { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The probability of more than `value`, which is not negative.
    static func upperTail(_ value: Double, _ degreesOfFreedom: Double) -> Double {
        let share = degreesOfFreedom / (degreesOfFreedom + value * value)
        return incompleteBeta(share, degreesOfFreedom / 2, 0.5) / 2
    }

    /// The regularised incomplete beta function, by its continued fraction (Abramowitz, Stegun 1964, 26.5.8) in Lentz's way.
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        // The fraction is quick below this place; beyond it the other tail is.
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
        let logarithm = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
        let tiny = 1e-300
        var (result, c, d) = (1.0, 1.0, 1 - (a + b) * x / (a + 1))
        d = 1 / (d.magnitude < tiny ? tiny : d)
        result = d
        for step in 1...500 {
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
        return exp(logarithm) * result / a
    }
}
