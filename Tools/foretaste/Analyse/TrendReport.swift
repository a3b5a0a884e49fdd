import CommandLineInterface
import TimeSeries
import Trends

/// Trends as JSON and as lines for people.
struct TrendReport {
    let analyses: [TrendAnalysis]
    let zone: String
    let retention: TrendPeriod

    /// Groups that explain an anomaly; the others add little.
    private static let contributionCount = 5

    var json: JSONText {
        .object([
            .init("timeZone", .string(zone)), .init("sources", .array(analyses.map(source))),
            .init("indicators", .array(analyses.flatMap { $0.trends }.map(indicator))),
            .init("funnels", .array(analyses.flatMap { $0.funnels }.map(funnel))),
            .init("lifecycle", .array((analyses.first?.lifecycle ?? []).map(lifecycle))),
            .init("retention", .string(retention.rawValue)),
            .init("cohorts", .array((analyses.first?.cohorts ?? []).map(cohort))),
        ])
    }

    private func source(_ analysis: TrendAnalysis) -> JSONText {
        let days = analysis.dayCounts
        return .object([
            .init("from", .string(analysis.tables[0].name(of: 0))),
            .init("to", .string(analysis.tables[0].name(of: analysis.tables[0].count - 1))),
            .init("events", .integer(analysis.counter.events.count)),
            .init("leftOut", .integer(analysis.counter.events.leftOutCount)),
            .init("daysWithData", .integer(days.withData)), .init("daysWithoutData", .integer(days.without)),
            .init("groups", .array(analysis.groups.map { .string($0.name) })),
            .init("groupsLeftOut", .integer(analysis.leftOutGroupCount)),
        ])
    }

    func table(of trend: IndicatorTrend) -> IndicatorTable? {
        analyses.lazy.flatMap(\.tables).first { $0.period == trend.period && $0.values[trend.indicator] != nil }
    }

    func name(_ trend: IndicatorTrend, _ place: Int) -> String {
        trend.period.name(of: (table(of: trend)?.first ?? 0) + place)
    }

    private func indicator(_ trend: IndicatorTrend) -> JSONText {
        let coverage = trend.study.coverage
        let errors = trend.study.errors.map { JSONText.Member($0.method.rawValue, number($0.meanAbsoluteError)) }
        let forecast = trend.study.forecast.enumerated().compactMap { step, point in
            point.map { point -> JSONText in
                .object([
                    .init("period", .string(name(trend, trend.end + step))), .init("value", .number(point.value)),
                    .init("lower", number(point.interval?.lowerBound)),
                    .init("upper", number(point.interval?.upperBound)),
                ])
            }
        }
        return .object([
            .init("indicator", .string(trend.indicator.rawValue)), .init("period", .string(trend.period.rawValue)),
            .init("latest", latest(trend)), .init("anomalies", .array(trend.anomalies.map { anomaly(trend, $0) })),
            .init(
                "forecast",
                .object([
                    .init("method", trend.study.method.map { .string($0.rawValue) } ?? .null),
                    .init("meanAbsoluteError", .object(errors)),
                    .init("intervalShare", .number(trend.study.intervalShare)),
                    .init("coverage", coverage.count > 0 ? .number(coverage.share) : .null),
                    .init("coverageCount", .integer(coverage.count)), .init("values", .array(forecast)),
                ])),
        ])
    }

    /// Of the last whole period with a value.
    private func latest(_ trend: IndicatorTrend) -> JSONText {
        guard let place = trend.values.prefix(trend.end).lastIndex(where: { $0 != nil }) else { return .null }
        let (value, before) = (trend.values[place], trend.before(place, steps: 1))
        var members: [JSONText.Member] = [
            .init("period", .string(name(trend, place))), .init("value", number(value)),
            .init("before", number(before)), .init("change", number(IndicatorTrend.change(value, from: before))),
        ]
        if trend.period == .day {
            let week = trend.before(place, steps: 7)
            members += [
                .init("weekBefore", number(week)),
                .init("weekChange", number(IndicatorTrend.change(value, from: week))),
                .init("adjusted", number(trend.adjusted[place])),
            ]
        }
        return .object(members)
    }

    private func anomaly(_ trend: IndicatorTrend, _ anomaly: IndicatorTrend.Anomaly) -> JSONText {
        let parts = anomaly.contributions.prefix(Self.contributionCount).map { part -> JSONText in
            .object([
                .init("group", .string(part.name)), .init("value", .number(part.value)),
                .init("expected", .number(part.expected)), .init("share", .number(part.share)),
            ])
        }
        return .object([
            .init("period", .string(name(trend, anomaly.found.index))),
            .init("kind", .string(anomaly.found.kind.rawValue)),
            .init("direction", .string(anomaly.found.direction.rawValue)), .init("value", .number(anomaly.found.value)),
            .init("expected", .number(anomaly.found.expected.value)),
            .init("lower", .number(anomaly.found.expected.range.lowerBound)),
            .init("upper", .number(anomaly.found.expected.range.upperBound)),
            .init("size", .number(anomaly.found.size)), .init("deviations", .number(anomaly.found.deviations)),
            .init("contributions", .array(Array(parts))),
        ])
    }

    private func funnel(_ funnel: Funnel) -> JSONText {
        .object([
            .init("group", funnel.group.map { .string($0) } ?? .null), .init("visits", .integer(funnel.visitCount)),
            .init("view", .integer(funnel.viewCount)), .init("cart", .integer(funnel.cartCount)),
            .init("purchase", .integer(funnel.purchaseCount)), .init("anyPurchase", .integer(funnel.anyPurchaseCount)),
        ])
    }

    private func lifecycle(_ step: UserActivity.Lifecycle) -> JSONText {
        .object([
            .init("week", .string(step.name)), .init("new", .integer(step.newCount)),
            .init("current", .integer(step.currentCount)), .init("resurrected", .integer(step.resurrectedCount)),
            .init("dormant", .integer(step.dormantCount)),
        ])
    }

    private func cohort(_ cohort: UserActivity.Cohort) -> JSONText {
        .object([
            .init("cohort", .string(cohort.name)), .init("users", .integer(cohort.userCount)),
            .init("active", .array(cohort.activeCounts.map { .integer($0) })),
        ])
    }

    private func number(_ value: Double?) -> JSONText { value.map { .number($0) } ?? .null }

    var text: String {
        var lines: [String] = []
        for analysis in analyses {
            let days = analysis.dayCounts
            let span = analysis.tables[0]
            lines.append(
                "\(span.name(of: 0)) to \(span.name(of: span.count - 1)) (\(zone)): "
                    + "\(ReadableNumber.count(analysis.counter.events.count)) events on "
                    + "\(ReadableNumber.count(days.withData)) days, \(ReadableNumber.count(days.without)) days without any"
            )
        }
        var table = TextTable([
            .left("indicator"), .right("latest"), .right("change"), .right("in 7 days"), .right("anomalies"),
            .left("forecast by"), .right("80 % held"),
        ])
        for trend in analyses.flatMap(\.trends) where trend.period == .day {
            guard let place = trend.values.prefix(trend.end).lastIndex(where: { $0 != nil }) else { continue }
            let coverage = trend.study.coverage
            table.add([
                trend.indicator.rawValue, rounded(trend.values[place]),
                percent(IndicatorTrend.change(trend.values[place], from: trend.before(place, steps: 7))),
                rounded(trend.study.forecast.count > 6 ? trend.study.forecast[6]?.value : nil),
                "\(trend.anomalies.count)", trend.study.method?.rawValue ?? "-",
                coverage.count > 0 ? percent(coverage.share, signed: false) : "-",
            ])
        }
        return lines.joined(separator: "\n") + "\n" + table.text
    }

    private func rounded(_ value: Double?) -> String {
        value.map { ReadableNumber.fixed($0, $0.magnitude < 10 ? 3 : 0) } ?? "-"
    }

    private func percent(_ share: Double?, signed: Bool = true) -> String {
        share.map { (signed && $0 >= 0 ? "+" : "") + ReadableNumber.fixed(100 * $0, 1) + " %" } ?? "-"
    }
}
