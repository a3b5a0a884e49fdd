import SeededRandom

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

// Design note. Were two systems alike, each user's difference could as well have had the other sign. So: change the signs at
// random, and count how often the sum lies at least as far from zero as the one that was found. The test assumes no
// distribution (Fisher 1935; Smucker, Allan, Carterette: A Comparison of Statistical Significance Tests for IR
// Evaluation, CIKM 2007). Users without a difference change nothing and are left out.

/// A two-sided paired randomisation test that the mean of the differences is zero.
package struct RandomisationTest: Sendable, Equatable {
    package enum Method: String, Sendable {
        /// All 2^n choices of signs.
        case exact
        /// Random choices.
        case sampled
        /// The normal distribution with the same variance.
        case normal
    }

    /// p-values down to 1 / 5,000, which stays below 0.05 when some hundred systems are compared.
    package static let defaultResampleCount = 4999

    /// Never 0 where choices are drawn: (1 + as extreme) / (1 + resamples), for what was found is one choice too
    /// (Phipson, Smyth: Permutation P-values Should Never Be Zero, 2010).
    package let pValue: Double
    package let method: Method

    /// 1 where no difference is left. Exact up to 2^n <= resamples, normal above `BootstrapSettings.greatestUserCount`.
    /// O(resamples * values).
    package init(
        of differences: [Double], resampleCount: Int = defaultResampleCount, seed: UInt64 = 42
    ) {
        let values = differences.filter { $0 != 0 }.map(\.magnitude)
        let found = differences.reduce(0, +).magnitude
        // Sums in another order may differ in their last bits: those are as extreme.
        let bound = found - 1e-12 * values.reduce(0, +)
        if values.count < Int.bitWidth - 2, 1 << values.count <= resampleCount {
            let choiceCount = 1 << values.count
            let extreme = (0..<choiceCount).count { Self.sum(values, signs: UInt64($0)).magnitude >= bound }
            (pValue, method) = (Double(extreme) / Double(choiceCount), .exact)
        } else if values.count > BootstrapSettings.greatestUserCount {
            let squares = values.reduce(0) { $0 + $1 * $1 }
            (pValue, method) = (erfc(found / (2 * squares).squareRoot()), .normal)
        } else {
            var generator = SplitMix64(seed: seed)
            var extreme = 0
            for _ in 0..<resampleCount {
                var sum = 0.0
                for start in stride(from: 0, to: values.count, by: 64) {
                    sum += Self.sum(values[start..<min(start + 64, values.count)], signs: generator.next())
                }
                if sum.magnitude >= bound { extreme += 1 }
            }
            (pValue, method) = (Double(extreme + 1) / Double(resampleCount + 1), .sampled)
        }
    }

    /// The values, at most 64, with a minus where the bit of `signs` is set.
    private static func sum(_ values: some Sequence<Double>, signs: UInt64) -> Double {
        var signs = signs
        var sum = 0.0
        for value in values {
            sum += Double(bitPattern: value.bitPattern ^ (signs << 63))
            signs >>= 1
        }
        return sum
    }

    /// p-values of several comparisons, raised so that the chance of a single false "different" among all stays what one
    /// test promises: the i-th smallest of m times (m - i + 1), never below the one before, at most 1.
    /// Source: Holm: A Simple Sequentially Rejective Multiple Test Procedure, 1979.
    package static func holmAdjusted(_ values: [Double]) -> [Double] {
        var adjusted = values
        var least = 0.0
        for (position, index) in values.indices.sorted(by: { (values[$0], $0) < (values[$1], $1) }).enumerated() {
            least = max(least, min(1, values[index] * Double(values.count - position)))
            adjusted[index] = least
        }
        return adjusted
    }
}
