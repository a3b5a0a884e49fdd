/// Judges the values of a finished series by all of it: what the remainder of a robust decomposition has for outliers, and where the
/// level moved and stayed.
package struct BatchDetector: Sendable {
    package struct Configuration: Sendable, Equatable {
        /// Steps after which the series repeats itself; nil: it does not.
        package var period: Int?
        /// How often a series without anomalies gives one.
        package var significance = 0.01
        /// Of all values, at most this share are anomalies.
        package var greatestShare = 0.1

        package init(period: Int? = nil) { self.period = period }
    }

    package enum Kind: String, Sendable {
        /// One value that is not as its time has it.
        case point
        /// From this value on the series runs at another level.
        case levelShift
    }

    package struct Anomaly: Sendable, Equatable {
        package let index: Int
        package let kind: Kind
        package let direction: AnomalyDirection
        /// For a shift, the levels before and after it.
        package let value: Double
        package let expected: Expectation
        /// Distance from what was expected in robust standard deviations of the remainder.
        package let deviations: Double
        /// The value less what was expected: negative below it.
        package var size: Double { value - expected.value }
    }

    package let configuration: Configuration

    package init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// Of fewer values nobody can say what is usual.
    package static let leastCount = 8
    /// A line over about so many values, where there is no period.
    private static let trendSpan = 63
    /// A range within which all but one in a hundred normal values lie.
    private static let rangeDeviations = 2.575829303548901
    /// Of the greatest value; a remainder below it is none.
    private static let rounding = 1e-9
    /// A level has to last as long as that, or a period.
    private static let leastShiftCount = 7
    /// Of the difference of two medians, in its own standard errors: what a thousand places of independent values give once in
    /// a thousand series; and in deviations of a single value, so that a small move of a calm series is none.
    private static let shiftErrors = 6.0
    private static let shiftDeviations = 2.0

    /// In the order of the series; a place with both kinds has the shift first. Missing values are no anomalies.
    package func anomalies(in series: [Double?]) -> [Anomaly] {
        let known = series.compactMap { $0 }
        guard known.count >= Self.leastCount else { return [] }
        let filled = GapFilling.filled(series, period: configuration.period)
        let parts = configuration.period.flatMap {
            SeasonalDecomposition(filled, period: $0, spans: .steady(period: $0))
        }
        let expected =
            parts.map { parts in filled.indices.map { parts.trend[$0] + parts.seasonal[$0] } }
            ?? RobustTrend.values(filled, span: Self.trendSpan)
        let places = series.indices.filter { series[$0] != nil }
        let rounding = Self.rounding * filled.reduce(0) { max($0, $1.magnitude) }
        let remainder = places.map { place in
            let rest = filled[place] - expected[place]
            return rest.magnitude > rounding ? rest : 0
        }
        let centre = RobustStatistics.median(remainder)
        let deviation = RobustStatistics.spread(remainder, from: centre)
        let limit = Int(configuration.greatestShare * Double(known.count))
        let outliers = GeneralisedESD.outliers(
            in: remainder, limit: limit, significance: configuration.significance)
        let adjusted =
            parts.map { parts in filled.indices.map { filled[$0] - parts.seasonal[$0] } } ?? filled
        let shifts = levelShifts(adjusted, Self.noise(adjusted, deviation), rounding)
        let points = outliers.map { outlier -> Anomaly in
            let place = places[outlier.index]
            let middle = expected[place] + centre
            let reach = Self.rangeDeviations * deviation
            let expectation = Expectation(value: middle, range: (middle - reach)...(middle + reach))
            return Anomaly(
                index: place, kind: .point, direction: filled[place] > middle ? .above : .below,
                value: filled[place], expected: expectation, deviations: outlier.statistic)
        }
        return (shifts + points).sorted {
            ($0.index, $0.kind == .point ? 1 : 0) < ($1.index, $1.kind == .point ? 1 : 0)
        }
    }

    /// How far values lie from their neighbours, as a deviation, where that is less than what the remainder has: a trend that follows a
    /// shift slowly leaves much.
    private static func noise(_ values: [Double], _ deviation: Double) -> Double {
        let steps = zip(values.dropFirst(), values).map { $0 - $1 }
        let own = RobustStatistics.spread(steps, from: RobustStatistics.median(steps)) / 2.0.squareRoot()
        return min(own, deviation)
    }

    private struct Move {
        let place: Int
        let before: Double
        let after: Double
        let meanSize: Double
        var size: Double { (after - before).magnitude }
        /// Medians say that a level moved; means say where, as medians are the same for some places around.
        var rank: Double { size + meanSize }
    }

    /// Where the medians before and after differ most, among the places around.
    private func levelShifts(_ adjusted: [Double], _ deviation: Double, _ rounding: Double)
        -> [Anomaly]
    {
        let width = max(Self.leastShiftCount, configuration.period ?? 0)
        guard adjusted.count >= 4 * width else { return [] }
        // Of the difference of two medians of `width` normal values: sqrt(2 · π / 2 / width) deviations.
        let error = deviation * (Double.pi / Double(width)).squareRoot()
        var moves: [Move] = []
        for place in width...(adjusted.count - width) {
            let before = RobustStatistics.median(Array(adjusted[(place - width)..<place]))
            let after = RobustStatistics.median(Array(adjusted[place..<(place + width)]))
            let means =
                (place - width..<place).reduce(0.0) { $0 + adjusted[$1 + width] - adjusted[$1] }
                / Double(width)
            moves.append(Move(place: place, before: before, after: after, meanSize: means.magnitude))
        }
        let least = max(Self.shiftErrors * error, Self.shiftDeviations * deviation, rounding)
        var shifts: [Anomaly] = []
        for (number, move) in moves.enumerated() {
            guard move.size > least else { continue }
            let around = max(0, number - width)...min(moves.count - 1, number + width)
            let best = around.filter { moves[$0].size > least }.max {
                (moves[$0].rank, -$0) < (moves[$1].rank, -$1)
            }
            guard best == number else { continue }
            let reach = Self.rangeDeviations * deviation
            shifts.append(
                Anomaly(
                    index: move.place, kind: .levelShift,
                    direction: move.after > move.before ? .above : .below,
                    value: move.after,
                    expected: Expectation(
                        value: move.before, range: (move.before - reach)...(move.before + reach)),
                    deviations: move.size / max(deviation, rounding)))
        }
        return shifts
    }
}
