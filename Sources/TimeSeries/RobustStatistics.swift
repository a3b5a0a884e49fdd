/// Middle and spread that a few wild values do not move.
package enum RobustStatistics {
    /// Of a normal distribution, the standard deviation over the median absolute deviation: 1 / Φ⁻¹(3/4).
    package static let deviationPerMedianDeviation = 1.482602218505602

    /// The mean of the two middle values where their count is even; NaN of none. O(n log n).
    package static func median(_ values: [Double]) -> Double { quantile(0.5, ofSorted: values.sorted()) }

    /// Linear between neighbours (Hyndman, Fan 1996, type 7); NaN of none.
    package static func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let place = min(max(share, 0), 1) * Double(values.count - 1)
        let low = Int(place)
        let high = min(low + 1, values.count - 1)
        return values[low] + (values[high] - values[low]) * (place - Double(low))
    }

    /// The median absolute deviation from `centre`, as a standard deviation of a normal distribution.
    package static func deviation(_ values: [Double], from centre: Double) -> Double {
        median(values.map { ($0 - centre).magnitude }) * deviationPerMedianDeviation
    }

    /// As `deviation`; where most values are the same, so that this is 0, the root of the mean squared distance.
    package static func spread(_ values: [Double], from centre: Double) -> Double {
        let robust = deviation(values, from: centre)
        guard robust == 0 else { return robust }
        return (values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count)).squareRoot()
    }
}
