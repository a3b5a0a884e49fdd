package import TimeSeries

/// One indicator over time, with what it was before, its season taken out, what was unusual, and how it goes on.
package struct IndicatorTrend: Sendable {
    package struct Anomaly: Sendable, Equatable {
        package let found: BatchDetector.Anomaly
        /// Which groups explain it, those that explain most first; empty where there are none that add up.
        package let contributions: [Contribution]
    }

    package let indicator: Indicator
    package let period: TrendPeriod
    package let values: [Double?]
    /// Of days, where there are two weeks of them: trend and remainder without the week's pattern. Nil where nothing was measured.
    package let adjusted: [Double?]
    package let trend: [Double?]
    package let anomalies: [Anomaly]
    package let study: ForecastStudy
    /// What is carried on ends before this place: a period that the log cuts off is none to learn from.
    package let end: Int

    /// Two weeks of days, eight weeks, half a year.
    package static func horizon(_ period: TrendPeriod) -> Int {
        switch period {
        case .day: 14
        case .week: 8
        case .month: 6
        }
    }

    /// - Parameter parts: the same indicator by group.
    package init(
        _ indicator: Indicator, _ table: IndicatorTable, parts: [(name: String, values: [Double?])] = []
    ) {
        self.indicator = indicator
        period = table.period
        let values = table.values[indicator] ?? Array(repeating: nil, count: table.count)
        self.values = values
        let whole = zip(values, table.isPartial).map { $1 ? nil : $0 }
        let season = table.period.season
        let filled = GapFilling.filled(whole, period: season)
        if let season, let split = SeasonalDecomposition(filled, period: season) {
            adjusted = values.indices.map { values[$0] == nil ? nil : filled[$0] - split.seasonal[$0] }
            trend = values.indices.map { values[$0] == nil ? nil : split.trend[$0] }
        } else {
            adjusted = values.map { _ in nil }
            trend = adjusted
        }
        anomalies = BatchDetector(.init(period: season)).anomalies(in: whole).map { found in
            Anomaly(found: found, contributions: Self.contributions(to: found, values, parts, season))
        }
        end = (table.isPartial.last ?? false) ? table.count - 1 : table.count
        study = ForecastStudy(Array(whole.prefix(end)), period: season, horizon: Self.horizon(table.period))
    }

    private static func contributions(
        to anomaly: BatchDetector.Anomaly, _ values: [Double?], _ parts: [(name: String, values: [Double?])],
        _ season: Int?
    ) -> [Contribution] {
        guard anomaly.kind == .point, let value = values[anomaly.index] else { return [] }
        return Contribution.explaining(
            value: value, expected: anomaly.expected.value,
            parts: parts.map { part in
                Contribution.Part(
                    name: part.name, history: Array(part.values[..<anomaly.index]),
                    value: part.values[anomaly.index] ?? 0)
            }, period: season)
    }

    /// The period before and, of days, the same weekday before; nil where either is unknown.
    package func before(_ place: Int, steps: Int) -> Double? { place >= steps ? values[place - steps] : nil }

    /// By how much of itself a value changed; nil where there was nothing to change from.
    package static func change(_ value: Double?, from earlier: Double?) -> Double? {
        guard let value, let earlier, earlier != 0 else { return nil }
        return (value - earlier) / earlier.magnitude
    }
}
