import CommandLineInterface
import TimeSeries
import Trends

/// The files of `foretaste analyse trends`.
enum TrendFiles {
    static let names = [
        "trends.json", "daily.csv", "weekly.csv", "forecast.csv", "anomalies.csv", "cohorts.csv", "lifecycle.csv",
        "funnel.csv",
    ]

    static func all(_ report: TrendReport) -> [(name: String, text: String)] {
        [
            ("trends.json", report.json.indented + "\n"), ("daily.csv", values(report, .day)),
            ("weekly.csv", values(report, .week)), ("forecast.csv", forecast(report)),
            ("anomalies.csv", anomalies(report)), ("cohorts.csv", cohorts(report)),
            ("lifecycle.csv", lifecycle(report)), ("funnel.csv", funnel(report)),
        ]
    }

    private static func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

    /// A row per period, group and indicator; `group` is empty for all.
    private static func values(_ report: TrendReport, _ period: TrendPeriod) -> String {
        let back = period == .day ? 7 : 1
        var rows = ["period,group,indicator,value,before,change,weekBefore,weekChange,adjusted,trend,isPartial"]
        for analysis in report.analyses {
            guard let place = analysis.tables.firstIndex(where: { $0.period == period }) else { continue }
            for trend in analysis.trends where trend.period == period {
                rows += Self.rows(trend.indicator, analysis.tables[place], group: "", back: back, trend)
                for group in analysis.groups {
                    rows += Self.rows(trend.indicator, group.tables[place], group: group.name, back: back, nil)
                }
            }
        }
        return rows.joined(separator: "\n") + "\n"
    }

    private static func rows(
        _ indicator: Indicator, _ table: IndicatorTable, group: String, back: Int, _ trend: IndicatorTrend?
    ) -> [String] {
        guard let values = table.values[indicator] else { return [] }
        return values.indices.map { place in
            let before = place >= 1 ? values[place - 1] : nil
            let week = back == 7 && place >= 7 ? values[place - 7] : nil
            return [
                table.name(of: place), CSVField.text(group), indicator.rawValue, text(values[place]), text(before),
                text(IndicatorTrend.change(values[place], from: before)), text(week),
                text(IndicatorTrend.change(values[place], from: week)), text(trend?.adjusted[place]),
                text(trend?.trend[place]), table.isPartial[place] ? "1" : "0",
            ].joined(separator: ",")
        }
    }

    private static func forecast(_ report: TrendReport) -> String {
        var rows = ["period,kind,indicator,value,lower,upper,method"]
        for trend in report.analyses.flatMap(\.trends) {
            for (step, point) in trend.study.forecast.enumerated() {
                rows.append(
                    [
                        report.name(trend, trend.end + step), trend.period.rawValue, trend.indicator.rawValue,
                        text(point?.value), text(point?.interval?.lowerBound), text(point?.interval?.upperBound),
                        trend.study.method?.rawValue ?? "",
                    ].joined(separator: ","))
            }
        }
        return rows.joined(separator: "\n") + "\n"
    }

    private static func anomalies(_ report: TrendReport) -> String {
        var rows = ["period,of,indicator,kind,direction,value,expected,lower,upper,deviations,mostly,share"]
        for trend in report.analyses.flatMap(\.trends) {
            for anomaly in trend.anomalies {
                let (found, part) = (anomaly.found, anomaly.contributions.first)
                rows.append(
                    [
                        report.name(trend, found.index), trend.period.rawValue, trend.indicator.rawValue,
                        found.kind.rawValue, found.direction.rawValue, text(found.value), text(found.expected.value),
                        text(found.expected.range.lowerBound), text(found.expected.range.upperBound),
                        text(found.deviations), CSVField.text(part?.name ?? ""), text(part?.share),
                    ].joined(separator: ","))
            }
        }
        return rows.joined(separator: "\n") + "\n"
    }

    private static func cohorts(_ report: TrendReport) -> String {
        var rows = ["cohort,users,after,active,share"]
        for cohort in report.analyses.first?.cohorts ?? [] {
            for (after, active) in cohort.activeCounts.enumerated() {
                let share = Double(active) / Double(cohort.userCount)
                rows.append("\(cohort.name),\(cohort.userCount),\(after),\(active),\(share)")
            }
        }
        return rows.joined(separator: "\n") + "\n"
    }

    private static func lifecycle(_ report: TrendReport) -> String {
        var rows = ["week,new,current,resurrected,dormant"]
        for step in report.analyses.first?.lifecycle ?? [] {
            rows.append(
                "\(step.name),\(step.newCount),\(step.currentCount),\(step.resurrectedCount),\(step.dormantCount)")
        }
        return rows.joined(separator: "\n") + "\n"
    }

    private static func funnel(_ report: TrendReport) -> String {
        var rows = ["group,visits,view,cart,purchase,anyPurchase"]
        for funnel in report.analyses.flatMap(\.funnels) {
            rows.append(
                "\(CSVField.text(funnel.group ?? "")),\(funnel.visitCount),\(funnel.viewCount),\(funnel.cartCount),"
                    + "\(funnel.purchaseCount),\(funnel.anyPurchaseCount)")
        }
        return rows.joined(separator: "\n") + "\n"
    }
}
