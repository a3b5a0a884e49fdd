import AnalyticsArtefacts
import BehaviourAnalytics
import CommandLineInterface
import Reporting

/// `report.html` of `foretaste analyse all`.
struct AnalysisPage {
    let analysis: BehaviourAnalysis
    let facts: AnalyticsManifest.Facts
    let summary: SummaryDocument?

    private static let shownInsights = 30
    private static let shownAnomalies = 50
    private static let shownUsers = 20

    var html: String {
        ReportPage(
            title: "What happened, and what to do",
            lede: "\(ReadableNumber.count(facts.events)) events of \(ReadableNumber.count(facts.users)) users from "
                + "\(facts.from) to \(facts.to) (\(Markup.escaped(facts.timeZone))), from "
                + facts.sources.map { "<code>\(Markup.escaped($0))</code>" }.joined(separator: ", ") + ".",
            facts: figures, sections: sections
        ).html
    }

    private var figures: [(name: String, value: String)] {
        let models = analysis.users.models.filter { $0.learner != nil }.count
        return [
            ("insights", ReadableNumber.count(analysis.insights.insights.count)),
            ("anomalies", ReadableNumber.count(analysis.anomalies.anomalies.count)),
            ("unusual users and visits", ReadableNumber.count(analysis.anomalies.visitors.count)),
            ("segments", ReadableNumber.count(analysis.segments.segments.count)), ("models", "\(models)"),
        ]
    }

    private var sections: [ReportPage.Section] {
        var sections: [ReportPage.Section] = []
        if let summary {
            sections.append(
                .init(
                    title: "The week from \(summary.from) to \(summary.to)",
                    note: summary.written == nil
                        ? "By rules, from the figures below." : "By a language model; every number was checked.",
                    content: (summary.written ?? summary.paragraphs).map { "<p>\(Markup.escaped($0))</p>" }.joined()))
        }
        sections.append(
            .init(
                title: "What to mend",
                note: "By what it may be worth a week. Confidence allows for how many were asked about.",
                content: insights))
        sections.append(.init(title: "Weeks", note: "Whole weeks, from Monday on.", content: weeks))
        sections.append(
            .init(title: "Unusual days and weeks", note: "The newest first.", content: anomalies))
        sections.append(
            .init(
                title: "Unusual users and visits",
                note: "Unlike the others by an isolation forest: programs, tests, resellers.",
                content: visitors))
        sections.append(.init(title: "Segments", note: Markup.escaped(analysis.segments.method), content: segments))
        sections.append(
            .init(
                title: "Predictions",
                note: "Judged on rows later than those that were learned from, with 95 % intervals.",
                content: models))
        return sections
    }

    private var insights: String {
        let rows = analysis.insights.insights.prefix(Self.shownInsights)
        guard !rows.isEmpty else { return "<p>Nothing stood out from chance.</p>" }
        var text = ""
        for insight in rows {
            text += "<h3>\(Markup.escaped(insight.title))</h3><p>\(Markup.escaped(insight.evidence)) "
            text += "\(Markup.escaped(insight.advice))</p><p class=\"note\">"
            text += "\(ReadableNumber.count(insight.affected)) \(Markup.escaped(insight.affectedUnit)) affected, worth "
            text += "\(Markup.escaped(AnalysisText.worth(insight))) a week, confidence "
            text += "\(ReadableNumber.fixed(insight.confidence, 3))</p>\n"
        }
        let skipped = analysis.insights.rules.compactMap { rule in
            rule.skipped.map { "\(rule.name): not looked for, \($0)" }
        }
        return text + (skipped.isEmpty ? "" : Markup.list(skipped, style: "notes"))
    }

    private var weeks: String {
        guard let calendar = analysis.trends.calendar("week") else { return "" }
        let whole = calendar.names.indices.filter { !calendar.isPartial[$0] }
        guard whole.count > 1 else { return "<p>There are no two whole weeks.</p>" }
        let charts = ["visits", "users", "conversion", "revenue", "orders"].compactMap { name -> String? in
            guard
                let series = analysis.trends.series.first(where: {
                    $0.indicator == name && $0.period == "week" && $0.group == nil
                }), whole.contains(where: { series.values[$0] != nil })
            else { return nil }
            return PlotCharts.lines(
                name, places: whole.map { calendar.names[$0] },
                series: [ChartSeries(name: name, values: whole.map { series.values[$0] })])
        }
        return Markup.charts(charts)
    }

    private var anomalies: String {
        let rows = analysis.anomalies.anomalies.prefix(Self.shownAnomalies)
        guard !rows.isEmpty else { return "<p>None.</p>" }
        return table(
            ["When", "Of", "What", "Value", "Expected", "Range", "Score", "Mostly"],
            rows.map { one in
                [
                    one.at, one.indicator,
                    "\(one.kind == "point" ? "a \(one.period)" : "a new level") \(one.direction)",
                    number(one.value), number(one.expected), "\(number(one.lower)) to \(number(one.upper))",
                    ReadableNumber.fixed(one.score, 3),
                    one.contributions.first.map { "\($0.dimension) \($0.group)" } ?? "",
                ]
            })
    }

    private var visitors: String {
        let rows = analysis.anomalies.visitors.prefix(Self.shownUsers)
        guard !rows.isEmpty else { return "<p>None.</p>" }
        return table(
            ["Who", "Events", "Score", "Why"],
            rows.map { one in
                let reasons = one.reasons.map { "\($0.feature) \(number($0.value)), usually \(number($0.usual))" }
                return [
                    one.id, ReadableNumber.count(one.events), ReadableNumber.fixed(one.score, 3),
                    reasons.joined(separator: "; "),
                ]
            })
    }

    private var segments: String {
        table(
            ["Segment", "Users", "Share", "Share of value", "Buys", "Leaves", "What to do"],
            analysis.segments.segments.map { one in
                [
                    one.title, ReadableNumber.count(one.users), percent(one.share), percent(one.revenueShare),
                    percent(one.purchaseProbability), percent(one.churnProbability), one.advice,
                ]
            })
    }

    private var models: String {
        table(
            ["Outcome", "Learner", "Rows", "AUC", "Average precision", "What tells most"],
            analysis.users.models.map { model in
                func measure(_ name: String) -> String {
                    guard let one = model.measures.first(where: { $0.name == name }) else { return "-" }
                    let bounds = [one.lower, one.upper].compactMap { $0.map { ReadableNumber.fixed($0, 3) } }
                    return ReadableNumber.fixed(one.value, 3)
                        + (bounds.count == 2 ? " (\(bounds.joined(separator: " to ")))" : "")
                }
                let best = model.features.indices.sorted { model.importances[$0] > model.importances[$1] }.prefix(3)
                return [
                    model.outcome, model.learner ?? model.refusal ?? "", ReadableNumber.count(model.rows),
                    measure("auc"),
                    measure("averagePrecision"), best.map { model.features[$0] }.joined(separator: ", "),
                ]
            })
    }

    private func table(_ head: [String], _ rows: [[String]]) -> String {
        Markup.table(head, rows)
    }

    private func percent(_ share: Double?) -> String {
        share.map { ReadableNumber.fixed(100 * $0, 1) + " %" } ?? "-"
    }

    private func number(_ value: Double) -> String {
        ReadableNumber.fixed(value, value.magnitude < 10 && value != value.rounded() ? 3 : 0)
    }
}
