/// A series as trend + seasonal part + remainder: STL (Cleveland, Cleveland, McRae, Terpenning 1990, "STL: a seasonal-trend decomposition
/// procedure based on loess"), lines in all three smoothings, no jumps.
///
/// Where it is robust, points far from the rest lose their weight in 15 rounds, so that they stay in the remainder.
package struct SeasonalDecomposition: Sendable, Equatable {
    package let period: Int
    package private(set) var trend: [Double]
    package private(set) var seasonal: [Double]
    package private(set) var remainder: [Double]

    /// Smoothing spans in points; odd.
    package struct Spans: Sendable, Equatable {
        package var seasonal: Int
        package var trend: Int
        package var lowPass: Int

        /// The paper's section 3.4: the smallest odd numbers that keep the trend from taking what is seasonal.
        package init(period: Int, seasonal: Int = 7) {
            precondition(period >= 2 && seasonal >= 3 && seasonal % 2 == 1)
            self.seasonal = seasonal
            let least = 1.5 * Double(period) / (1 - 1.5 / Double(seasonal))
            trend = Self.odd(Int(least.rounded(.up)))
            lowPass = Self.odd(period + 1)
        }

        /// For finding what is unusual: a season that hardly changes and a trend over nine periods follow no single value. With the paper's spans
        /// the remainder of pure noise is so small in the middle that 24 of 374 normal values were outliers; with these none were in 30
        /// such series.
        package static func steady(period: Int) -> Spans {
            var spans = Spans(period: period, seasonal: 101)
            spans.trend = odd(9 * period)
            return spans
        }

        private static func odd(_ number: Int) -> Int { number % 2 == 0 ? number + 1 : number }
    }

    private static let robustRoundCount = 15

    /// Nil for fewer than two periods. O(rounds · n · span).
    package init?(_ values: [Double], period: Int, spans: Spans? = nil, isRobust: Bool = true) {
        guard period >= 2, values.count >= 2 * period else { return nil }
        self.period = period
        let spans = spans ?? Spans(period: period)
        trend = Array(repeating: 0, count: values.count)
        seasonal = trend
        remainder = trend
        var robustness: [Double]?
        for round in 0...(isRobust ? Self.robustRoundCount : 0) {
            for _ in 0..<(isRobust ? 2 : 5) { improve(values, spans, robustness) }
            for place in values.indices {
                remainder[place] = values[place] - trend[place] - seasonal[place]
            }
            if isRobust && round < Self.robustRoundCount { robustness = Self.robustness(remainder) }
        }
    }

    /// The inner loop's steps 1 to 6.
    private mutating func improve(_ values: [Double], _ spans: Spans, _ robustness: [Double]?) {
        let count = values.count
        let detrended = values.indices.map { values[$0] - trend[$0] }
        let cycle = smoothedCycles(detrended, span: spans.seasonal, robustness)
        let means = Self.movingMeans(Self.movingMeans(Self.movingMeans(cycle, period), period), 3)
        let low = Loess(span: spans.lowPass, robustness: nil).smoothed(means)
        for place in 0..<count { seasonal[place] = cycle[period + place] - low[place] }
        let adjusted = values.indices.map { values[$0] - seasonal[$0] }
        trend = Loess(span: spans.trend, robustness: robustness).smoothed(adjusted)
    }

    /// Each phase smoothed by itself, with a period before and a period after: `[n + 2 · period]`.
    private func smoothedCycles(_ values: [Double], span: Int, _ robustness: [Double]?) -> [Double] {
        var result = [Double](repeating: 0, count: values.count + 2 * period)
        for phase in 0..<period {
            let places = Array(stride(from: phase, to: values.count, by: period))
            let series = places.map { values[$0] }
            let loess = Loess(
                span: span, robustness: robustness.map { weights in places.map { weights[$0] } })
            let smooth = loess.smoothed(series)
            let last = series.count - 1
            let before = loess.value(at: -1, of: series, left: 0, right: min(span - 1, last)) ?? smooth[0]
            let after =
                loess.value(at: last + 1, of: series, left: max(0, last + 1 - span), right: last)
                ?? smooth[last]
            for (number, value) in ([before] + smooth + [after]).enumerated() {
                result[number * period + phase] = value
            }
        }
        return result
    }

    private static func movingMeans(_ values: [Double], _ length: Int) -> [Double] {
        var sum = values.prefix(length).reduce(0, +)
        var means = [sum / Double(length)]
        means.reserveCapacity(values.count - length + 1)
        for place in stride(from: length, to: values.count, by: 1) {
            sum += values[place] - values[place - length]
            means.append(sum / Double(length))
        }
        return means
    }

    /// Bisquare weights: nothing counts that is beyond six median absolute remainders.
    private static func robustness(_ remainder: [Double]) -> [Double] {
        let reach = 6 * RobustStatistics.median(remainder.map(\.magnitude))
        return remainder.map { value in
            let distance = value.magnitude
            if distance <= 0.001 * reach { return 1 }
            guard distance <= 0.999 * reach else { return 0 }
            let share = distance / reach
            return (1 - share * share) * (1 - share * share)
        }
    }
}
