/// How a series is carried on.
package enum ForecastMethod: String, Sendable, CaseIterable {
    /// As it was a period ago; without a period as it was last.
    case seasonalNaive
    /// Level, damped trend and season, each by exponential smoothing (Holt 1957, Winters 1960, Gardner 1985).
    case exponentialSmoothing

    /// Of a phase that had no value in so many periods none is expected: a shop that is closed on Saturdays.
    static let dormantPeriodCount = 4

    /// The next `horizon` values; nil where none is expected or nothing is known.
    func forecasts(_ history: ArraySlice<Double?>, period: Int?, horizon: Int) -> [Double?] {
        switch self {
        case .seasonalNaive: Self.naive(history, period: period ?? 1, horizon: horizon)
        case .exponentialSmoothing:
            ExponentialSmoothing.forecasts(history, period: period, horizon: horizon)
        }
    }

    private static func naive(_ history: ArraySlice<Double?>, period: Int, horizon: Int) -> [Double?] {
        (0..<horizon).map { lastOfPhase(history, step: $0, period: period) }
    }

    /// The last value of the phase that the place `step` after the end has; without a period, of any.
    static func lastOfPhase(_ history: ArraySlice<Double?>, step: Int, period: Int) -> Double? {
        var place = history.endIndex + step % period - period
        for _ in 0..<(period == 1 ? history.count : dormantPeriodCount) {
            guard place >= history.startIndex else { return nil }
            if let value = history[place] { return value }
            place -= period
        }
        return nil
    }
}
