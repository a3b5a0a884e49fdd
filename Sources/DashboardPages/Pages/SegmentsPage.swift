import AnalyticsArtefacts
import AnalyticsService
import Reporting

/// Who the users are: segments with what they come to and what to do.
struct SegmentsPage {
    private let source: PageSource

    init(_ source: PageSource) { self.source = source }

    var content: PageContent {
        get throws(DashboardError) {
            let document = try source.document(\.segments, "segments")
            return PageContent(
                title: "Segments", lede: Shown.text(document.method),
                sections: [
                    PageSection(
                        title: "Shares", note: "Of the users, and of what they come to, on one scale.",
                        content: shares(document)),
                    PageSection(
                        title: "Who they are",
                        note: "Medians of each segment's users; probabilities and value are means of what is foretold.",
                        tables: [table(document)]),
                    PageSection(title: "What to do", tables: [advice(document)]),
                    weeks,
                ].compactMap(\.self))
        }
    }

    private func shares(_ document: SegmentsDocument) -> String {
        let greatest = document.segments.reduce(0.01) { max($0, $1.share, $1.revenueShare) }
        func bars(_ title: String, _ series: Int, _ share: (SegmentsDocument.Segment) -> Double) -> String {
            RowCharts.bars(
                title,
                document.segments.map {
                    .init(name: Shown.text($0.title), value: share($0), label: Shown.percent(share($0)), series: series)
                }, greatest: greatest)
        }
        return Markup.charts([
            bars("Share of the users", 0) { $0.share }, bars("Share of the revenue", 1) { $0.revenueShare },
        ])
    }

    private func table(_ document: SegmentsDocument) -> DashboardTable {
        DashboardTable(
            id: "segments", title: "Segments",
            head: [
                "segment", "users", "share", "revenue", "purchases", "days since", "purchases each", "revenue each",
                "will buy", "will be lost", "value",
            ],
            rows: document.segments.map { one in
                [
                    .words(one.title), .count(one.users), .percent(one.share), .number(one.revenue),
                    .count(one.purchases), .number(one.recencyDays), .number(one.purchasesEach),
                    .number(one.revenueEach), .percent(one.purchaseProbability), .percent(one.churnProbability),
                    .number(one.value),
                ]
            })
    }

    private func advice(_ document: SegmentsDocument) -> DashboardTable {
        DashboardTable(
            id: "advice", title: "Advice", head: ["segment", "what to do"],
            rows: document.segments.map { [.words($0.title), .words($0.advice)] })
    }

    private var weeks: PageSection? {
        guard let trends = source.view?.bundle.trends else { return nil }
        let charts = TrendCharts(trends, [], unit: "week", count: 52)
        let indicator = ["revenue", "purchases", "users"].first { name in
            trends.series.contains { $0.indicator == name && $0.period == "week" && $0.dimension == "segment" }
        }
        guard let indicator else { return nil }
        let groups = trends.series.filter {
            $0.indicator == indicator && $0.period == "week" && $0.dimension == "segment"
        }.compactMap(\.group)
        return PageSection(
            title: "By week: \(Shown.words(indicator))",
            content: Markup.charts(groups.map { charts.figure(indicator, "segment", $0) }))
    }
}
