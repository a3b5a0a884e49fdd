#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A measured value with its 95 % interval.
package struct EstimatedValue: Sendable, Equatable {
    package let value: Double
    package let lower: Double
    package let upper: Double

    package init(_ value: Double, lower: Double, upper: Double) {
        self.value = value
        self.lower = lower
        self.upper = upper
    }

    /// The 0.975 quantile of the standard normal distribution.
    static let normalQuantile = 1.959963984540054

    /// The mean of independent values, by the normal distribution.
    init(meanOf values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(count - 1, 1)
        let half = Self.normalQuantile * (variance / count).squareRoot()
        self.init(mean, lower: max(0, mean - half), upper: mean + half)
    }

    init(_ value: Double, standardError: Double) {
        let half = Self.normalQuantile * standardError
        self.init(value, lower: value - half, upper: value + half)
    }

    /// Of a share between 0 and 1: an interval of its log-odds, which stays within.
    init(share: Double, standardError: Double) {
        let spread = share * (1 - share)
        guard spread > 0 else {
            self.init(share, lower: share, upper: share)
            return
        }
        let (middle, half) = (log(share / (1 - share)), Self.normalQuantile * standardError / spread)
        self.init(share, lower: LogOdds.share(middle - half), upper: LogOdds.share(middle + half))
    }

    /// A value and the values of resamples.
    init(_ value: Double, resampled: [Double]) {
        let sorted = resampled.sorted()
        func quantile(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let lower = Int(place)
            let upper = min(lower + 1, sorted.count - 1)
            return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
        }
        self.init(value, lower: quantile(0.025), upper: quantile(0.975))
    }
}
