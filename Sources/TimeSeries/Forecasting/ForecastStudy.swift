/// Forecasts of a series by rolling origin: at each of its last origins every method forecasts the values that followed. At any time
/// only errors that were known by then decide which method is taken and how wide its intervals are; so the share of values that
/// lay in their intervals says what the next ones are worth.
///
///     origins      . . . o o o o o o o o T        T: the end, or an origin that is judged
///     known by T         └──────┘ └ up to h       of an error h steps ahead the last h origins are not known yet
package struct ForecastStudy: Sendable {
    package struct Point: Sendable, Equatable {
        package let value: Double
        /// Nil where too few errors are known.
        package let interval: ClosedRange<Double>?
    }

    package struct Coverage: Sendable, Equatable {
        package let count: Int
        package let insideCount: Int
        /// NaN of none.
        package var share: Double { Double(insideCount) / Double(count) }
    }

    package let horizon: Int
    package let period: Int?
    /// Which part of values the intervals are to hold.
    package let intervalShare: Double
    private let series: [Double?]
    private let isNonNegative: Bool
    private let trials: [Trial]

    private struct Trial {
        let origin: Int
        /// By method, then by step.
        let forecasts: [[Double?]]
        /// The size of values by then: errors of a series that grows grow with it.
        let scale: Double
    }

    private static let methods = ForecastMethod.allCases
    /// As many as half a year of days has.
    private static let greatestTrialCount = 180
    /// Errors of so many steps more or less are taken for alike.
    private static let neighbourSteps = 3
    /// The last origins, for intervals: what a season ago held may hold no longer.
    private static let recentTrialCount = 90
    /// 80 % of ten values is eight: of fewer nobody can say.
    private static let leastErrorCount = 20
    /// Values that tell the scale.
    private static let scaleCount = 28

    /// - Parameter series: nil where there is no value; the end is where the forecast begins.
    /// - Parameter isNonNegative: counts and money: no forecast is below 0.
    package init(
        _ series: [Double?], period: Int?, horizon: Int, intervalShare: Double = 0.8, isNonNegative: Bool = true
    ) {
        precondition(horizon > 0 && (period.map { $0 > 1 } ?? true) && intervalShare > 0 && intervalShare < 1)
        self.series = series
        self.period = period
        self.horizon = horizon
        self.intervalShare = intervalShare
        self.isNonNegative = isNonNegative
        let least = max(2 * (period ?? 4), series.count - Self.greatestTrialCount)
        trials =
            least <= series.count
            ? (least...series.count).map { Self.trial(series, at: $0, period: period, horizon: horizon) } : []
    }

    private static func trial(_ series: [Double?], at origin: Int, period: Int?, horizon: Int) -> Trial {
        let history = series[..<origin]
        let recent = history.suffix(scaleCount).compactMap { $0?.magnitude }
        let scale = recent.isEmpty ? 0 : recent.reduce(0, +) / Double(recent.count)
        return Trial(
            origin: origin, forecasts: methods.map { $0.forecasts(history, period: period, horizon: horizon) },
            scale: scale > 0 ? scale : 1)
    }

    /// Nil where the series is too short for two periods.
    package var method: ForecastMethod? { trials.last.map { Self.methods[best(at: $0.origin)] } }

    /// Of each method, the mean absolute error over the mean of the values, over all steps and origins; nil where none is known.
    package var errors: [(method: ForecastMethod, meanAbsoluteError: Double?)] {
        Self.methods.indices.map { (Self.methods[$0], meanError($0, by: series.count)) }
    }

    /// The next values.
    package var forecast: [Point?] { trials.last.map { points(of: $0) } ?? Array(repeating: nil, count: horizon) }

    /// How many of the values that followed the origins lay in the intervals that were given there.
    package var coverage: Coverage {
        var (count, inside) = (0, 0)
        for trial in trials {
            for (step, point) in points(of: trial).enumerated() {
                let place = trial.origin + step
                guard let interval = point?.interval, place < series.count, let value = series[place] else { continue }
                count += 1
                if interval.contains(value) { inside += 1 }
            }
        }
        return Coverage(count: count, insideCount: inside)
    }

    private func points(of trial: Trial) -> [Point?] {
        let method = best(at: trial.origin)
        return (0..<horizon).map { step in
            guard let forecast = trial.forecasts[method][step] else { return nil }
            let value = isNonNegative ? max(0, forecast) : forecast
            guard let errors = errorRange(method, step: step, by: trial.origin) else {
                return Point(value: value, interval: nil)
            }
            var low = min(value, forecast + errors.lowerBound * trial.scale)
            let high = max(value, forecast + errors.upperBound * trial.scale)
            if isNonNegative { low = max(0, low) }
            return Point(value: value, interval: low...high)
        }
    }

    /// The method with the least error by then; the first where nothing is known.
    private func best(at time: Int) -> Int {
        let errors = Self.methods.indices.map { meanError($0, by: time) ?? .infinity }
        return errors.indices.min { (errors[$0], $0) < (errors[$1], $1) } ?? 0
    }

    private func meanError(_ method: Int, by time: Int) -> Double? {
        var (sum, count) = (0.0, 0)
        for step in 0..<horizon {
            for error in errors(method, step: step, by: time, of: trials[...]) {
                sum += error.magnitude
                count += 1
            }
        }
        return count > 0 ? sum / Double(count) : nil
    }

    /// In units of the scale, both ways: the ranks of split conformal prediction (Lei et al. 2018).
    private func errorRange(_ method: Int, step: Int, by time: Int) -> ClosedRange<Double>? {
        let known = trials.prefix { $0.origin < time }.suffix(Self.recentTrialCount)
        let steps = max(0, step - Self.neighbourSteps)...min(horizon - 1, step + Self.neighbourSteps)
        let sorted = steps.flatMap { errors(method, step: $0, by: time, of: known) }.sorted()
        guard sorted.count >= Self.leastErrorCount else { return nil }
        let outside = (1 - intervalShare) / 2
        let rank = Double(sorted.count + 1)
        let low = max(1, Int((rank * outside).rounded(.down)))
        let high = min(sorted.count, Int((rank * (1 - outside)).rounded(.up)))
        return sorted[low - 1]...max(sorted[low - 1], sorted[high - 1])
    }

    private func errors(_ method: Int, step: Int, by time: Int, of trials: ArraySlice<Trial>) -> [Double] {
        trials.compactMap { trial in
            let place = trial.origin + step
            guard place < time, let value = series[place], let forecast = trial.forecasts[method][step] else {
                return nil
            }
            return (value - (isNonNegative ? max(0, forecast) : forecast)) / trial.scale
        }
    }
}
