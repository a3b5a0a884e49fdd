/// Additive Holt-Winters with a damped trend, over series with gaps:
///
///     error = value - (level + φ trend + season)          nothing is learnt where the value is missing
///     level += φ trend + α error      trend = φ trend + α β error      season += γ (1 - α) error
///
/// (Hyndman, Koehler, Ord, Snyder 2008, "Forecasting with exponential smoothing", the model (A, Ad, A) in its error-correction form.)
struct ExponentialSmoothing {
    struct Rates: Equatable {
        /// α.
        let level: Double
        /// β, of the level's.
        let trend: Double
        /// γ.
        let season: Double
    }

    /// φ: after a month of days a trend has an eighth of its force.
    private static let damping = 0.93
    private static let rates: [Rates] = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75].flatMap { level in
        [0, 0.05, 0.2].flatMap { trend in
            [0, 0.05, 0.15, 0.3].map { Rates(level: level, trend: trend, season: $0) }
        }
    }

    private var level = 0.0
    private var trend = 0.0
    /// By place modulo the period.
    private var seasons: [Double]
    private let rates: Rates

    /// The rates with the least mean absolute error of one step, of equal ones the slowest; those are found by trying all.
    static func forecasts(_ history: ArraySlice<Double?>, period: Int?, horizon: Int) -> [Double?] {
        guard history.contains(where: { $0 != nil }) else { return Array(repeating: nil, count: horizon) }
        var best: (error: Double, model: ExponentialSmoothing)?
        for rates in Self.rates where period != nil || rates.season == 0 {
            var model = ExponentialSmoothing(history, period: period ?? 1, rates)
            let error = model.learn(history)
            if best.map({ error < $0.error }) ?? true { best = (error, model) }
        }
        return (0..<horizon).map { step in
            let isExpected =
                period.map { ForecastMethod.lastOfPhase(history, step: step, period: $0) != nil } ?? true
            return isExpected ? best?.model.value(after: step + 1, of: history.count) : nil
        }
    }

    /// Starts from the first two periods, or the first values where there is no period.
    private init(_ history: ArraySlice<Double?>, period: Int, _ rates: Rates) {
        self.rates = rates
        seasons = Array(repeating: 0, count: period)
        let startCount = period == 1 ? 5 : 2 * period
        let known = history.compactMap { $0 }
        let start = history.prefix(startCount).compactMap { $0 }
        let first = start.isEmpty ? Array(known.prefix(startCount)) : start
        level = first.reduce(0, +) / Double(first.count)
        guard period > 1 else { return }
        for phase in 0..<period {
            let values = [phase, phase + period].compactMap { place -> Double? in
                place < history.count ? history[history.startIndex + place] : nil
            }
            if !values.isEmpty { seasons[phase] = values.reduce(0, +) / Double(values.count) - level }
        }
    }

    /// The mean absolute error after the start.
    private mutating func learn(_ history: ArraySlice<Double?>) -> Double {
        var (sum, count) = (0.0, 0)
        let quiet = seasons.count == 1 ? 1 : 2 * seasons.count
        for (place, value) in history.enumerated() {
            let phase = place % seasons.count
            let carried = level + Self.damping * trend
            trend *= Self.damping
            guard let value else {
                level = carried
                continue
            }
            let error = value - carried - seasons[phase]
            level = carried + rates.level * error
            trend += rates.level * rates.trend * error
            if seasons.count > 1 { seasons[phase] += rates.season * (1 - rates.level) * error }
            guard place >= quiet else { continue }
            sum += error.magnitude
            count += 1
        }
        return count > 0 ? sum / Double(count) : 0
    }

    private func value(after step: Int, of count: Int) -> Double {
        var (force, carried) = (1.0, level)
        for _ in 0..<step {
            force *= Self.damping
            carried += force * trend
        }
        return carried + seasons[(count + step - 1) % seasons.count]
    }
}
