internal import AnalyticsArtefacts
internal import TimeSeries
internal import Trends

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What trends tell, as documents.
struct TrendDocuments {
    let analysis: TrendAnalysis
    /// By what the analysis is grouped.
    let dimension: String?
    /// The same events by segment, and the segments' names.
    let segments: (counter: TrendCounter, names: [String])?
    let retention: TrendPeriod

    /// Groups that explain an anomaly; the others add little.
    private static let contributionCount = 5

    var trends: TrendsDocument {
        let calendars = analysis.tables.map { table in
            TrendsDocument.Calendar(
                period: table.period.rawValue, names: (0..<table.count).map(table.name(of:)), isPartial: table.isPartial
            )
        }
        var series = analysis.trends.map(whole)
        for group in analysis.groups {
            for table in group.tables { series += parts(table, dimension, group.name) }
        }
        if let (counter, names) = segments {
            for (place, name) in names.enumerated() {
                for period in [TrendPeriod.day, .week] {
                    series += parts(counter.table(period, group: Int32(place)), "segment", name)
                }
            }
        }
        return TrendsDocument(
            calendars: calendars, series: series,
            funnels: funnels(analysis.funnels, dimension)
                + (segments.map { funnels($0.counter.funnels, "segment").filter { $0.group != nil } } ?? []),
            retention: retention.rawValue,
            cohorts: analysis.cohorts.map { .init(name: $0.name, users: $0.userCount, active: $0.activeCounts) },
            lifecycle: analysis.lifecycle.map {
                .init(
                    week: $0.name, new: $0.newCount, current: $0.currentCount, resurrected: $0.resurrectedCount,
                    dormant: $0.dormantCount)
            })
    }

    private func table(_ period: TrendPeriod) -> IndicatorTable? { analysis.tables.first { $0.period == period } }

    private func name(_ trend: IndicatorTrend, _ place: Int) -> String {
        trend.period.name(of: (table(trend.period)?.first ?? 0) + place)
    }

    private func whole(_ trend: IndicatorTrend) -> TrendsDocument.Series {
        let points = trend.study.forecast.enumerated().compactMap { step, point in
            point.map { point in
                TrendsDocument.Forecast.Point(
                    period: name(trend, trend.end + step), value: Rounded.value(point.value),
                    lower: point.interval.map { Rounded.value($0.lowerBound) },
                    upper: point.interval.map { Rounded.value($0.upperBound) })
            }
        }
        let forecast = trend.study.method.map { method in
            TrendsDocument.Forecast(
                method: method.rawValue, intervalShare: trend.study.intervalShare,
                coverage: trend.study.coverage.count > 0 ? trend.study.coverage.share : nil, points: points)
        }
        func known(_ values: [Double?]) -> [Double?] {
            values.contains { $0 != nil } ? values.map { $0.map(Rounded.value) } : []
        }
        return TrendsDocument.Series(
            indicator: trend.indicator.rawValue, period: trend.period.rawValue,
            values: trend.values.map { $0.map(Rounded.value) },
            adjusted: known(trend.adjusted), trend: known(trend.trend), forecast: forecast)
    }

    private func parts(_ table: IndicatorTable, _ dimension: String?, _ group: String) -> [TrendsDocument.Series] {
        Indicator.allCases.compactMap { indicator in
            table.values[indicator].map { values in
                TrendsDocument.Series(
                    indicator: indicator.rawValue, period: table.period.rawValue, dimension: dimension, group: group,
                    values: values.map { $0.map(Rounded.value) })
            }
        }
    }

    private func funnels(_ funnels: [Funnel], _ dimension: String?) -> [TrendsDocument.FunnelSteps] {
        funnels.map { funnel in
            TrendsDocument.FunnelSteps(
                dimension: funnel.group == nil ? nil : dimension, group: funnel.group, visits: funnel.visitCount,
                views: funnel.viewCount, carts: funnel.cartCount, purchases: funnel.purchaseCount,
                anyPurchases: funnel.anyPurchaseCount)
        }
    }

    /// Newest first.
    var anomalies: [AnomaliesDocument.Anomaly] {
        analysis.trends.flatMap { trend in trend.anomalies.map { anomaly(trend, $0) } }.sorted {
            ($1.at, $0.id) < ($0.at, $1.id)
        }
    }

    private func anomaly(_ trend: IndicatorTrend, _ anomaly: IndicatorTrend.Anomaly) -> AnomaliesDocument.Anomaly {
        let (found, at) = (anomaly.found, name(trend, anomaly.found.index))
        let kind = found.kind.rawValue
        return AnomaliesDocument.Anomaly(
            id: "\(trend.period.rawValue):\(trend.indicator.rawValue):\(kind):\(at)", period: trend.period.rawValue,
            at: at,
            indicator: trend.indicator.rawValue, kind: kind, direction: found.direction.rawValue,
            value: Rounded.value(found.value), expected: Rounded.value(found.expected.value),
            lower: Rounded.value(found.expected.range.lowerBound),
            upper: Rounded.value(found.expected.range.upperBound),
            deviations: Rounded.value(min(found.deviations, 1e6)),
            score: Self.score(found.deviations, of: trend.values.count { $0 != nil }),
            contributions: anomaly.contributions.prefix(Self.contributionCount).map { part in
                .init(
                    dimension: dimension ?? "", group: part.name, value: Rounded.value(part.value),
                    expected: Rounded.value(part.expected), share: Rounded.value(part.share))
            })
    }

    /// 1 less the chance that a usual series of so many values has one so far off: the one scale of all kinds of anomalies.
    static func score(_ deviations: Double, of count: Int) -> Double {
        let tail = erfc(deviations.magnitude / 2.0.squareRoot())
        // (1 - tail)^count, exact where tail is tiny.
        return Rounded.share(exp(Double(max(1, count)) * log1p(-min(tail, 1 - 1e-15))))
    }
}

/// Numbers as documents have them: nine digits say all that was measured, and sixteen cost twice the bytes.
enum Rounded {
    static func value(_ value: Double) -> Double {
        guard value.isFinite, value != 0 else { return 0 }
        let scale = pow(10, 8 - floor(log10(value.magnitude)))
        guard scale.isFinite, scale > 0 else { return value }
        let rounded = (value * scale).rounded() / scale
        return rounded.isFinite ? rounded : value
    }

    /// A probability or a share, to a millionth.
    static func share(_ value: Double) -> Double { (min(1, max(0, value)) * 1e6).rounded() / 1e6 }
}
