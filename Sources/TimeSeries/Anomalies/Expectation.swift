/// What a value was expected to be, and the range in which nearly all would have lain.
package struct Expectation: Sendable, Equatable {
    package let value: Double
    package let range: ClosedRange<Double>

    package init(value: Double, range: ClosedRange<Double>) {
        self.value = value
        self.range = range
    }
}

/// In which way a point is not as others.
package enum AnomalyDirection: String, Sendable, CaseIterable {
    case above
    case below
    /// The value itself is in the expected range; how it and those before it follow each other is not.
    case pattern

    package init(_ value: Double, _ expected: Expectation) {
        self =
            value > expected.range.upperBound
            ? .above : value < expected.range.lowerBound ? .below : .pattern
    }
}

/// What comes next by what came last: the median of the last values, or of those at the same place of the last periods; and as range, how far
/// values lay from that.
struct RecentExpectation: Sendable {
    /// Steps after which the series repeats itself; nil: it does not.
    let period: Int?
    private var values: [Double?] = []
    private var deviations: ConformalRank

    /// Without a period; so many values an hour or a day have a middle that two wild ones do not move.
    private static let recentCount = 32
    /// Of the last periods, with the neighbours of the same place: three weeks of days, a week of hours have as many.
    private static let periodCount = 7
    /// A value in a hundred lies outside of the range.
    private static let rangeShare = 0.99
    /// The range follows what the series does by now.
    private static let deviationCount = 1000
    /// Of fewer deviations the range is their largest, doubled.
    private static let enoughDeviations = 20

    init(period: Int?) {
        precondition(period.map { $0 > 1 } ?? true)
        self.period = period
        deviations = ConformalRank(capacity: Self.deviationCount)
    }

    /// Of the next value; nil where nothing is known.
    var next: Expectation? {
        guard let middle else { return nil }
        let isEnough = deviations.count >= Self.enoughDeviations
        let reach = deviations.quantile(isEnough ? Self.rangeShare : 1).map { isEnough ? $0 : 2 * $0 } ?? 0
        return Expectation(value: middle, range: (middle - reach)...(middle + reach))
    }

    private var middle: Double? {
        var known: [Double] = []
        if let period {
            for past in 1...Self.periodCount {
                for neighbour in period > 3 ? -1...1 : 0...0 {
                    let place = values.count - past * period + neighbour
                    if values.indices.contains(place), let value = values[place] { known.append(value) }
                }
            }
        }
        // The first period, and one that nothing is known of.
        if known.isEmpty { known = values.suffix(Self.recentCount).compactMap { $0 } }
        return known.isEmpty ? nil : RobustStatistics.median(known)
    }

    /// A value that is missing keeps its place in the period.
    mutating func append(_ value: Double?) {
        if let value, let middle { deviations.insert((value - middle).magnitude) }
        let kept = max(Self.recentCount, (period ?? 0) * Self.periodCount + 1)
        if values.count >= 2 * kept { values.removeFirst(kept) }
        values.append(value)
    }
}
