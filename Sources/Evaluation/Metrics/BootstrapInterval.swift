// Design note. The users of a test part are a sample of all users; how far its mean may be off is estimated by the
// percentile bootstrap: draw as many users with replacement, take their mean, repeat, and cut 2.5 % off both ends
// (Efron, Tibshirani: An Introduction to the Bootstrap, 1993, section 13.3). Two systems are compared on the same users:
// the series is each user's difference, so what is hard for both cancels out (Sakai: Evaluating Evaluation Metrics Based on
// the Bootstrap, SIGIR 2006). The same seed draws the same users for every series of the same length.

import SeededRandom

/// How intervals are estimated.
package struct BootstrapSettings: Sendable, Equatable {
    /// 1,000 is Efron and Tibshirani's least for a percentile interval.
    package static let defaultResampleCount = 1000
    /// From here on the mean of values inside 0 and 1 is normal to three digits, and the resamples would take seconds.
    package static let greatestUserCount = 50_000

    package var resampleCount: Int
    package var seed: UInt64

    /// At least 40 resamples: fewer have no value to cut off at each end.
    package init(resampleCount: Int = defaultResampleCount, seed: UInt64 = 42) {
        precondition(resampleCount >= 40, "a 95 % interval needs at least 40 resamples")
        self.resampleCount = resampleCount
        self.seed = seed
    }
}

/// A mean over users with its 95 % interval.
package struct ConfidenceInterval: Sendable, Equatable {
    package enum Method: String, Sendable { case bootstrap, normal }

    package let mean: Double
    /// Sample standard deviation / square root of the users; nil for a single user.
    package let standardError: Double?
    package let lower: Double
    package let upper: Double
    package let method: Method

    /// Nil without a value. A single value is its own interval. Above `BootstrapSettings.greatestUserCount` values the
    /// normal interval, mean plus and minus 1.96 standard errors, is taken. O(resamples * values).
    package init?(ofMeanOf values: [Double], settings: BootstrapSettings) {
        guard !values.isEmpty else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        self.mean = mean
        let squares = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
        let error = values.count == 1 ? nil : (squares / (count - 1) / count).squareRoot()
        standardError = error
        guard values.count <= BootstrapSettings.greatestUserCount else {
            // 0.975 quantile of the standard normal distribution.
            let half = 1.959964 * (error ?? 0)
            (lower, upper, method) = (mean - half, mean + half, .normal)
            return
        }
        let means = Self.resampledMeans(of: values, settings: settings)
        let cut = settings.resampleCount / 40
        (lower, upper, method) = (means[cut], means[means.count - 1 - cut], .bootstrap)
    }

    /// The interval of `values - others`, user by user: both have the same users in the same order.
    package init?(ofMeanDifferenceOf values: [Double], and others: [Double], settings: BootstrapSettings) {
        precondition(values.count == others.count, "a paired comparison needs the same users")
        self.init(ofMeanOf: zip(values, others).map { $0 - $1 }, settings: settings)
    }

    /// Whether zero lies outside: a difference that is not explained by the choice of users.
    package var excludesZero: Bool { lower > 0 || upper < 0 }

    private static func resampledMeans(of values: [Double], settings: BootstrapSettings) -> [Double] {
        var generator = SplitMix64(seed: settings.seed)
        var means: [Double] = []
        means.reserveCapacity(settings.resampleCount)
        for _ in 0..<settings.resampleCount {
            var sum = 0.0
            for _ in 0..<values.count { sum += values[generator.nextIndex(below: values.count)] }
            means.append(sum / Double(values.count))
        }
        return means.sorted()
    }
}
