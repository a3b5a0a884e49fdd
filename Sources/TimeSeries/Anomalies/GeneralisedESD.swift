/// Outliers among values that are otherwise normal, without saying beforehand how many there are (Rosner 1983, "Percentage points for a
/// generalized ESD many-outlier procedure").
///
/// The value farthest from the middle is the least or the greatest: sorted once, each step takes one from an end.
package enum GeneralisedESD {
    package enum Centre: Sendable {
        /// Mean and standard deviation, as Rosner has it.
        case mean
        /// Median and median absolute deviation (Hochenbaum, Vallis, Kejariwal 2017, "Automatic anomaly detection in the cloud via
        /// statistical learning"): outliers do not hide each other.
        case median
    }

    package struct Outlier: Sendable, Equatable {
        package let index: Int
        /// Distance from the centre in deviations, of the values without those found before.
        package let statistic: Double
        /// What it had to exceed.
        package let criticalValue: Double
    }

    /// The outliers in the order in which they were taken out. O(n log n + limit · log n) around the median, O(n · limit) around the mean.
    /// - Parameter significance: how often a series without outliers gives one.
    /// - Parameter limit: the greatest number of outliers; at most n - 2, and less than half where the centre is the median.
    package static func outliers(
        in values: [Double], limit: Int, significance: Double = 0.05, centre: Centre = .median
    ) -> [Outlier] {
        let greatest = min(limit, centre == .median ? (values.count - 1) / 2 : values.count - 2)
        guard greatest >= 1, values.count >= 3 else { return [] }
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        let sorted = order.map { values[$0] }
        var left = 0..<sorted.count
        var taken: [Outlier] = []
        var outlierCount = 0
        var areMostlyEqual = false
        for number in 1...greatest {
            let (middle, deviation) = spread(sorted[left], centre)
            guard deviation > 0 else { break }
            if number == 1 && centre == .median {
                areMostlyEqual = RobustStatistics.deviation(sorted, from: middle) == 0
            }
            let isLow = middle - sorted[left.lowerBound] >= sorted[left.upperBound - 1] - middle
            let place = isLow ? left.lowerBound : left.upperBound - 1
            left =
                isLow ? (left.lowerBound + 1)..<left.upperBound : left.lowerBound..<(left.upperBound - 1)
            let statistic = (sorted[place] - middle).magnitude / deviation
            let critical = criticalValue(count: values.count - number, significance)
            taken.append(Outlier(index: order[place], statistic: statistic, criticalValue: critical))
            if statistic > critical { outlierCount = number }
        }
        // As many as may be, among values most of which are the same, are a second kind of value.
        return areMostlyEqual && outlierCount == greatest ? [] : Array(taken.prefix(outlierCount))
    }

    /// - Parameter count: of the values that are left without the one in question.
    private static func criticalValue(count: Int, _ significance: Double) -> Double {
        let left = Double(count)
        let t = StudentT.quantile(1 - significance / (2 * (left + 1)), degreesOfFreedom: left - 1)
        return left * t / ((left - 1 + t * t) * (left + 1)).squareRoot()
    }

    private static func spread(
        _ sorted: ArraySlice<Double>, _ centre: Centre
    ) -> (middle: Double, deviation: Double) {
        switch centre {
        case .median:
            let first = sorted.startIndex
            let middle = (sorted[first + (sorted.count - 1) / 2] + sorted[first + sorted.count / 2]) / 2
            let lower = distance(ofNearest: (sorted.count - 1) / 2 + 1, to: middle, sorted)
            let upper = distance(ofNearest: sorted.count / 2 + 1, to: middle, sorted)
            let deviation = (lower + upper) / 2 * RobustStatistics.deviationPerMedianDeviation
            // Most values are the same.
            return deviation > 0
                ? (middle, deviation) : (middle, RobustStatistics.spread(Array(sorted), from: middle))
        case .mean:
            let mean = sorted.reduce(0, +) / Double(sorted.count)
            let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (mean, (squares / Double(sorted.count - 1)).squareRoot())
        }
    }

    /// How far the `number`th nearest value lies from `middle`: the nearest ones stand together in the sorted values.
    private static func distance(
        ofNearest number: Int, to middle: Double, _ sorted: ArraySlice<Double>
    ) -> Double {
        var (low, high) = (sorted.startIndex, sorted.endIndex - number)
        while low < high {
            let start = (low + high) / 2
            if middle - sorted[start] > sorted[start + number] - middle {
                low = start + 1
            } else {
                high = start
            }
        }
        return max(middle - sorted[low], sorted[low + number - 1] - middle)
    }
}
