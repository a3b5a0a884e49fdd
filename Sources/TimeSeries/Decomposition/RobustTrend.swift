/// A smooth line through a series without seasons, that a few wild values do not bend.
enum RobustTrend {
    private static let roundCount = 4

    /// Loess with bisquare weights of robustness (Cleveland 1979). O(rounds · n · span).
    static func values(_ values: [Double], span: Int) -> [Double] {
        var robustness: [Double]?
        var smooth = values
        for _ in 0...roundCount {
            smooth = Loess(span: span, robustness: robustness).smoothed(values)
            let distances = values.indices.map { (values[$0] - smooth[$0]).magnitude }
            let reach = 6 * RobustStatistics.median(distances)
            guard reach > 0 else { return smooth }
            robustness = distances.map { distance in
                let share = min(1, distance / reach)
                return (1 - share * share) * (1 - share * share)
            }
        }
        return smooth
    }
}
