#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Judges each value of a series by those that came before it, and by nothing else.
///
/// Three members look at the last values: how far they are from the windows most like them among those of late, how far from those of
/// long ago, and how their spread changed. Each gives a p-value, the share of earlier measures that were as large; the score is 1 less
/// their geometric mean. An alarm is followed by a rest: what happens then belongs to it. Decision 0060 has what each counts for.
package struct StreamingDetector: Sendable {
    package struct Configuration: Sendable, Equatable {
        /// Values in a window.
        package var windowLength = 32
        /// Windows of late: one that ended up to so many values ago.
        package var nearMemory = 700
        package var nearCount = 20
        /// Windows of long ago, none of which shares a value with the last one.
        package var farMemory = 2500
        package var farCount = 10
        package var recentSpreadCount = 12
        package var earlierSpreadCount = 100
        /// The first values are looked at, and measures of them are not kept.
        package var learningCount = 100
        /// Alarms begin after so many values.
        package var quietCount = 150
        /// Measures that are kept for comparison.
        package var calibrationCount = 16_384
        /// Values after an alarm that raise none.
        package var restCount = 100
        /// A score of at least so much is an alarm.
        package var threshold = 0.97
        /// Steps after which the series repeats itself, for the expected range; nil: unknown.
        package var period: Int?

        package init(period: Int? = nil) { self.period = period }
    }

    package struct Judgement: Sendable, Equatable {
        /// 0 to 1: how unlike all before; half of that in the rest after an alarm.
        package let score: Double
        package let isAlarm: Bool
        /// Nil for the first value.
        package let expected: Expectation?
        package let direction: AnomalyDirection
    }

    package let configuration: Configuration
    private var distances: LagDistances
    private var spread: SpreadChange
    private var expectation: RecentExpectation
    private var near: ConformalRank
    private var far: ConformalRank
    private var spreads: ConformalRank
    private var lastAlarm: Int?

    package init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        distances = LagDistances(length: configuration.windowLength, memory: configuration.farMemory)
        spread = SpreadChange(
            recentCount: configuration.recentSpreadCount, earlierCount: configuration.earlierSpreadCount)
        expectation = RecentExpectation(period: configuration.period)
        near = ConformalRank(capacity: configuration.calibrationCount)
        far = near
        spreads = near
    }

    /// A value that is missing is judged by nobody: the windows close over it, and its place in the period stays. O(memory).
    /// - Parameter value: finite, and at most 1e150 away from 0, so that its square is finite.
    package mutating func judge(_ value: Double?) -> Judgement? {
        let expected = expectation.next
        expectation.append(value)
        guard let value else { return nil }
        precondition(value.magnitude <= 1e150)
        let number = distances.count
        distances.append(value)
        let measures = [
            distances.meanDistance(toNearest: configuration.nearCount, in: 1...configuration.nearMemory),
            distances.meanDistance(
                toNearest: configuration.farCount, in: configuration.windowLength...configuration.farMemory),
            spread.append(value),
        ]
        let product = near.pValue(of: measures[0]) * far.pValue(of: measures[1]) * spreads.pValue(of: measures[2])
        if number >= configuration.learningCount {
            near.insert(measures[0])
            far.insert(measures[1])
            spreads.insert(measures[2])
        }
        let surprise = 1 - cbrt(product)
        let isResting = lastAlarm.map { number - $0 <= configuration.restCount } ?? false
        let isAlarm = !isResting && number >= configuration.quietCount && surprise >= configuration.threshold
        if isAlarm { lastAlarm = number }
        return Judgement(
            score: isResting ? surprise / 2 : surprise, isAlarm: isAlarm, expected: expected,
            direction: expected.map { AnomalyDirection(value, $0) } ?? .pattern)
    }
}
