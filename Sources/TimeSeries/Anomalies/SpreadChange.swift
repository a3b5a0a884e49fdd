#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How much wilder or calmer the last values are than those before them: |log(s₁ / s₂)| of their standard deviations.
struct SpreadChange: Sendable {
    let recentCount: Int
    let earlierCount: Int
    private var values: [Double] = []

    /// Each deviation gets so much of the other: a series that stands still for a moment is not infinitely calmer.
    private static let share = 1e-3
    /// Below so much of the largest value, deviations are rounding.
    private static let rounding = 1e-9

    init(recentCount: Int, earlierCount: Int) {
        precondition(recentCount > 1 && earlierCount > 1)
        self.recentCount = recentCount
        self.earlierCount = earlierCount
    }

    /// 0 until there are enough values.
    mutating func append(_ value: Double) -> Double {
        if values.count >= 2 * (recentCount + earlierCount) { values.removeFirst(recentCount + earlierCount) }
        values.append(value)
        guard values.count >= recentCount + earlierCount else { return 0 }
        let boundary = values.count - recentCount
        let recent = Self.deviation(values[boundary...])
        let earlier = Self.deviation(values[(boundary - earlierCount)..<boundary])
        let greatest = values[(boundary - earlierCount)...].reduce(0) { max($0, $1.magnitude) }
        guard recent + earlier > Self.rounding * greatest else { return 0 }
        return log((recent + Self.share * earlier) / (earlier + Self.share * recent)).magnitude
    }

    private static func deviation(_ values: ArraySlice<Double>) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    }
}
