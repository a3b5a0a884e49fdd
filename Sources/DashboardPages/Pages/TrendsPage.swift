import AnalyticsArtefacts
import AnalyticsService
import Reporting

/// Small charts of indicators with their anomalies and forecasts.
struct TrendCharts {
    static let note = "Circles: unusual. Dashed: the forecast, with the interval that holds four of five values."

    private let trends: TrendsDocument
    private let anomalies: [AnomaliesDocument.Anomaly]
    private let unit: String
    private let shown: Range<Int>
    private let names: [String]

    init(_ trends: TrendsDocument, _ anomalies: [AnomaliesDocument.Anomaly], unit: String, count: Int) {
        self.trends = trends
        self.anomalies = anomalies
        self.unit = unit
        names = trends.calendar(unit)?.names ?? []
        shown = max(names.count - count, 0)..<names.count
    }

    func series(_ indicator: String, _ dimension: String?, _ group: String?) -> TrendsDocument.Series? {
        trends.series.first {
            $0.indicator == indicator && $0.period == unit && $0.dimension == dimension && $0.group == group
        }
    }

    func figure(_ indicator: String, _ dimension: String?, _ group: String?) -> String {
        guard let one = series(indicator, dimension, group) else { return "" }
        let places = Array(names[shown])
        var marked: Set<Int> = []
        if dimension == nil {
            let unusual = Set(anomalies.filter { $0.indicator == indicator && $0.period == unit }.map(\.at))
            marked = Set(places.indices.filter { unusual.contains(places[$0]) })
        }
        let title = group.map { "\(Shown.words(indicator)), \(Shown.text($0))" } ?? Shown.words(indicator)
        return TimelineChart(
            title, places: places, values: Array(one.values[shown]),
            forecast: (one.forecast?.points ?? []).map {
                TimelineChart.Forecast(place: $0.period, value: $0.value, lower: $0.lower, upper: $0.upper)
            }, marked: marked
        ) { Shown.indicator(indicator, $0) }.figure
    }
}

/// Indicators over time, of all or by group; funnels, cohorts, lifecycle.
struct TrendsPage {
    static let defaultCount = 90
    private static let counts = ["90", "30", "180", "365", "1096"]
    private static let greatestGroupCount = 12

    private let source: PageSource

    init(_ source: PageSource) { self.source = source }

    static func address(indicator: String, unit: String) -> DashboardAddress {
        DashboardAddress(DashboardPage.trends.path, [("indicator", indicator), ("unit", unit)])
    }

    func content() throws(DashboardError) -> PageContent {
        let trends = try source.document(\.trends, "trends")
        let unit = try source.query.choice("unit", of: ["day", "week"])
        let count = try source.query.choice("count", of: Self.counts)
        let all = trends.series.filter { $0.period == unit }
        let indicators = Self.unique(all.map(\.indicator))
        let indicator = try source.query.choice("indicator", of: indicators)
        let dimensions = Self.unique(all.compactMap(\.dimension))
        let dimension = try source.query.choice("by", of: [""] + dimensions)
        let filters = [
            DashboardFilter(
                name: "indicator", label: "Indicator", kind: .choice(indicators.map { ($0, Shown.words($0)) }),
                value: indicator),
            DashboardFilter(
                name: "unit", label: "By", kind: .choice([("day", "day"), ("week", "week")]), value: unit),
            DashboardFilter(
                name: "by", label: "Groups of",
                kind: .choice([("", "all together")] + dimensions.map { ($0, Shown.words($0)) }), value: dimension),
            DashboardFilter(
                name: "count", label: "Newest", kind: .choice(Self.counts.map { ($0, "\($0) \(unit)s") }), value: count),
        ]
        let charts = TrendCharts(
            trends, source.view?.bundle.anomalies?.anomalies ?? [], unit: unit, count: Int(count) ?? Self.defaultCount)
        let groups: [String?] =
            dimension.isEmpty
            ? [nil]
            : all.filter { $0.dimension == dimension && $0.indicator == indicator }.map(\.group)
        return PageContent(
            title: "Trends",
            lede:
                "\(Shown.words(indicator).capitalizedFirst) by \(unit). Periods of which the log has nothing are left open, not drawn as zero.",
            filters: filters,
            sections: [
                PageSection(
                    title: dimension.isEmpty ? Shown.words(indicator).capitalizedFirst : "By \(Shown.words(dimension))",
                    note: TrendCharts.note,
                    content: Markup.charts(
                        groups.prefix(Self.greatestGroupCount).map {
                            charts.figure(indicator, dimension.isEmpty ? nil : dimension, $0)
                        }),
                    tables: [
                        values(trends, unit, Int(count) ?? Self.defaultCount, indicator, dimension, groups),
                        forecast(charts.series(indicator, nil, nil), indicator),
                    ].compactMap(\.self)),
                others(indicators, indicator, charts, unit), funnels(trends), cohorts(trends), lifecycle(trends),
            ].compactMap(\.self))
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    private func others(
        _ indicators: [String], _ shown: String, _ charts: TrendCharts, _ unit: String
    ) -> PageSection? {
        let others = indicators.filter { $0 != shown && charts.series($0, nil, nil) != nil }
        guard !others.isEmpty else { return nil }
        return PageSection(
            title: "Beside it", note: "Each leads to its own page.",
            content: Markup.charts(
                others.map { name in
                    "<a href=\"\(Markup.escaped(Self.address(indicator: name, unit: unit).text))\">\(charts.figure(name, nil, nil))</a>"
                }))
    }

    private func values(
        _ trends: TrendsDocument, _ unit: String, _ count: Int, _ indicator: String, _ dimension: String,
        _ groups: [String?]
    ) -> DashboardTable {
        let calendar = trends.calendar(unit)
        let names = calendar?.names ?? []
        let wanted = groups.compactMap { group in
            trends.series.first {
                $0.indicator == indicator && $0.period == unit && $0.dimension == (dimension.isEmpty ? nil : dimension)
                    && $0.group == group
            }
        }
        let back = unit == "day" ? 7 : 1
        let rows = names.indices.suffix(count).reversed().map { place in
            var row: [DashboardTable.Cell] = [
                .words(names[place] + (calendar?.isPartial[place] == true ? " (in part)" : ""))
            ]
            for one in wanted {
                row.append(.indicator(indicator, one.values[place]))
                guard dimension.isEmpty else { continue }
                let before = place >= back ? one.values[place - back] : nil
                row.append(.change(Self.change(one.values[place], from: before)))
                row.append(.indicator(indicator, one.adjusted.isEmpty ? nil : one.adjusted[place]))
            }
            return row
        }
        let heads =
            dimension.isEmpty
            ? [
                Shown.words(indicator), unit == "day" ? "against the same weekday" : "against the week before",
                "without the season",
            ] : wanted.map { Shown.text($0.group ?? "") }
        return DashboardTable(
            id: "values", title: "All values", head: [unit] + heads, rows: Array(rows),
            emptyText: "The log has nothing of it.")
    }

    private static func change(_ value: Double?, from before: Double?) -> Double? {
        guard let value, let before, before != 0 else { return nil }
        return (value - before) / before.magnitude
    }

    private func forecast(_ series: TrendsDocument.Series?, _ indicator: String) -> DashboardTable? {
        guard let forecast = series?.forecast, !forecast.points.isEmpty else { return nil }
        let held = forecast.coverage.map { ", which held \(Shown.percent($0)) before" } ?? ""
        return DashboardTable(
            id: "forecast",
            title:
                "Forecast by \(Shown.words(forecast.method)), intervals of \(Shown.percent(forecast.intervalShare))\(held)",
            head: ["period", "expected", "from", "to"],
            rows: forecast.points.map { point in
                [
                    .words(point.period), .indicator(indicator, point.value), .indicator(indicator, point.lower),
                    .indicator(indicator, point.upper),
                ]
            })
    }

    private func funnels(_ trends: TrendsDocument) -> PageSection? {
        guard !trends.funnels.isEmpty else { return nil }
        func share(_ part: Int, _ whole: Int) -> DashboardTable.Cell {
            .percent(whole > 0 ? Double(part) / Double(whole) : nil)
        }
        let rows = trends.funnels.map { one -> [DashboardTable.Cell] in
            let name = one.group.map { "\(one.dimension.map { "\($0): " } ?? "")\($0)" } ?? "all"
            return [
                .words(name), .count(one.visits), .count(one.views), .count(one.carts), .count(one.purchases),
                share(one.carts, one.views), share(one.purchases, one.carts), share(one.anyPurchases, one.visits),
            ]
        }
        return PageSection(
            title: "Funnels", note: "How far visits came: a view, then a cart, then a purchase.",
            tables: [
                DashboardTable(
                    id: "funnels", title: "Visits by step",
                    head: [
                        "group", "visits", "with a view", "then a cart", "then a purchase", "cart after view",
                        "purchase after cart", "with any purchase",
                    ], rows: rows)
            ])
    }

    private func cohorts(_ trends: TrendsDocument) -> PageSection? {
        guard !trends.cohorts.isEmpty else { return nil }
        let width = min(trends.cohorts.map(\.active.count).max() ?? 0, 13)
        let rows = trends.cohorts.suffix(26).map { one -> [DashboardTable.Cell] in
            var row: [DashboardTable.Cell] = [.words(one.name), .count(one.users)]
            for after in 1..<max(width, 1) {
                let isKnown = after < one.active.count && one.users > 0
                row.append(.percent(isKnown ? Double(one.active[after]) / Double(one.users) : nil))
            }
            return row
        }
        return PageSection(
            title: "Who comes back",
            note:
                "Of those who came first in a \(trends.retention), the share active so many \(trends.retention)s later.",
            tables: [
                DashboardTable(
                    id: "cohorts", title: "Retention",
                    head: ["first \(trends.retention)", "users"] + (1..<max(width, 1)).map { "+\($0)" }, rows: rows)
            ])
    }

    private func lifecycle(_ trends: TrendsDocument) -> PageSection? {
        guard !trends.lifecycle.isEmpty else { return nil }
        let rows = trends.lifecycle.suffix(26).reversed().map { one -> [DashboardTable.Cell] in
            [.words(one.week), .count(one.new), .count(one.current), .count(one.resurrected), .count(one.dormant)]
        }
        return PageSection(
            title: "Lifecycle",
            note: "Users by week: new, seen the week before too, back after a pause, and gone since the week before.",
            tables: [
                DashboardTable(
                    id: "lifecycle", title: "New, current, back, gone",
                    head: ["week", "new", "current", "back", "gone"],
                    rows: Array(rows))
            ])
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
