import AnalyticsArtefacts
import AnalyticsService
import Reporting
import ServiceMethods

/// What a hurried reader should know: the week in words, its figures, what is open, what is worth most.
struct OverviewPage {
    private let source: PageSource
    private static let anomalyCount = 5
    private static let insightCount = 3
    /// Those that stand above, in this order, as far as they are known.
    private static let indicators = ["revenue", "purchases", "users", "visits", "conversion", "averageOrder"]

    init(_ source: PageSource) { self.source = source }

    var content: PageContent {
        get throws(DashboardError) {
            guard let bundle = source.view?.bundle else { return withoutAnalysis }
            let facts = bundle.manifest.facts
            return PageContent(
                title: "Overview",
                lede:
                    "\(Shown.count(facts.events)) events of \(Shown.count(facts.users)) users from \(facts.from) to \(facts.to).",
                verdict: bundle.summary?.paragraphs.first.map(Shown.text), facts: figures(bundle) + live,
                sections: [summary(bundle), charts(bundle), anomalies(bundle), insights(bundle)].compactMap(\.self))
        }
    }

    private var live: [PageContent.Fact] {
        let live = LiveFigures(source.context)
        return [live.fact("requests answered", "answered"), live.fact("server is", "state")]
    }

    private var withoutAnalysis: PageContent {
        PageContent(
            title: "Overview",
            lede:
                "This server has no analysis yet: make one with 'foretaste analyse all --events FILE --out DIR', and start the server "
                + "with --analytics DIR. Recommendations, evaluation and health are here all the same.",
            facts: live, sections: [])
    }

    /// Of the last whole week, with its change.
    private func figures(_ bundle: AnalyticsBundle) -> [PageContent.Fact] {
        guard let trends = bundle.trends, let calendar = trends.calendar("week") else { return [] }
        return Self.indicators.compactMap { name in
            guard
                let one = trends.series.first(where: {
                    $0.indicator == name && $0.period == "week" && $0.dimension == nil
                }),
                let place = one.values.indices.last(where: { one.values[$0] != nil && !calendar.isPartial[$0] }),
                let value = one.values[place]
            else { return nil }
            let before = place > 0 ? one.values[place - 1] : nil
            let change = before.flatMap { $0 == 0 ? nil : (value - $0) / $0.magnitude }
            return PageContent.Fact(
                name: "\(Shown.words(name)), week of \(calendar.names[place])"
                    + (change.map { ", \(Shown.change($0))" } ?? ""),
                value: Shown.indicator(name, value),
                link: TrendsPage.address(indicator: name, unit: "week").text)
        }
    }

    private func summary(_ bundle: AnalyticsBundle) -> PageSection? {
        guard let summary = bundle.summary else { return nil }
        let texts = summary.written ?? Array(summary.paragraphs.dropFirst())
        guard !texts.isEmpty else { return nil }
        return PageSection(
            title: "The week in words",
            note: summary.written == nil
                ? "\(summary.from) to \(summary.to)."
                : "\(summary.from) to \(summary.to), written by \(Shown.text(summary.model ?? "a model")) from the facts.",
            content: "<div class=\"text\">"
                + texts.map { "<p><bdi>\(Markup.escaped(Shown.text($0)))</bdi></p>" }.joined() + "</div>")
    }

    private func charts(_ bundle: AnalyticsBundle) -> PageSection? {
        guard let trends = bundle.trends else { return nil }
        let charts = TrendCharts(trends, bundle.anomalies?.anomalies ?? [], unit: "day", count: TrendsPage.defaultCount)
        let known = Self.indicators.filter { name in
            trends.series.contains { $0.indicator == name && $0.period == "day" }
        }
        return PageSection(
            title: "By day", note: "The newest \(TrendsPage.defaultCount) days. \(TrendCharts.note)",
            content: Markup.charts(known.prefix(6).map { charts.figure($0, nil, nil) }))
    }

    private func anomalies(_ bundle: AnalyticsBundle) -> PageSection? {
        guard let document = bundle.anomalies else { return nil }
        let open = document.anomalies.filter { source.states.acknowledgement(of: $0.id) == nil }
        return PageSection(
            title: "Newest open anomalies", note: "\(Shown.count(open.count)) are open.",
            tables: [
                AnomalyTable.table(
                    "open", "Open anomalies", Array(open.prefix(Self.anomalyCount)), source, isShort: true)
            ])
    }

    private func insights(_ bundle: AnalyticsBundle) -> PageSection? {
        guard let document = bundle.insights, !document.insights.isEmpty else { return nil }
        return PageSection(
            title: "What is worth most", note: "\(Shown.count(document.insights.count)) insights in all.",
            content: document.insights.prefix(Self.insightCount).map(InsightsPage.markup).joined()
                + "<p><a href=\"\(DashboardPage.insights.path)\">All insights</a></p>")
    }
}
