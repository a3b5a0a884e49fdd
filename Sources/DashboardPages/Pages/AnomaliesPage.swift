import AnalyticsArtefacts
import AnalyticsService
import RecommendationService
import Reporting
import ServiceMethods

/// Anomalies as rows, with what explains them.
enum AnomalyTable {
    /// - Parameter isShort: without ranges and forms.
    static func table(
        _ id: String, _ title: String, _ anomalies: [AnomaliesDocument.Anomaly], _ source: PageSource, isShort: Bool
    ) -> DashboardTable {
        var head = ["when", "what", "value", "expected"]
        head += isShort ? ["mostly"] : ["from", "to", "score", "mostly", "state"]
        if !isShort && source.mayWrite { head.append("change") }
        return DashboardTable(
            id: id, title: title, head: head, rows: anomalies.map { row($0, source, isShort: isShort) },
            emptyText: "None: nothing unusual, or all acknowledged.")
    }

    private static func row(
        _ one: AnomaliesDocument.Anomaly, _ source: PageSource, isShort: Bool
    ) -> [DashboardTable.Cell] {
        let link = TrendsPage.address(indicator: one.indicator, unit: one.period).text
        let kind = one.kind == "level" ? "level shift" : one.direction == "up" ? "high" : "low"
        let mostly = one.contributions.first.map { "\($0.dimension): \($0.group) (\(Shown.percent($0.share)))" } ?? ""
        var cells: [DashboardTable.Cell] = [
            .words(one.period == "week" ? "week of \(one.at)" : one.at),
            .words("\(Shown.words(one.indicator)), \(kind)", link: link), .indicator(one.indicator, one.value),
            .indicator(one.indicator, one.expected),
        ]
        if isShort { return cells + [.words(mostly)] }
        cells += [
            .indicator(one.indicator, one.lower), .indicator(one.indicator, one.upper), .number(one.score),
            .words(mostly),
        ]
        return cells + state(of: one.id, source)
    }

    static func state(of id: String, _ source: PageSource) -> [DashboardTable.Cell] {
        let acknowledgement = source.states.acknowledgement(of: id)
        let text = acknowledgement.map { one in
            "acknowledged \(Shown.day(ofMilliseconds: one.time))" + (one.note.map { ": \($0)" } ?? "")
        }
        let cells: [DashboardTable.Cell] = [.words(text ?? "open")]
        guard source.mayWrite else { return cells }
        let isOpen = acknowledgement == nil
        return cells + [
            .form(
                "<form method=\"post\" action=\"\(DashboardPage.anomalies.path)\">"
                    + "<input type=\"hidden\" name=\"anomalyId\" value=\"\(Markup.escaped(id))\"/>"
                    + (isOpen ? "" : "<input type=\"hidden\" name=\"reopen\" value=\"true\"/>")
                    + "<button type=\"submit\">\(isOpen ? "Acknowledge" : "Reopen")</button></form>")
        ]
    }
}

/// What was unusual, and which users and visits are unlike the others.
struct AnomaliesPage {
    private static let count = 100
    private let source: PageSource

    init(_ source: PageSource) { self.source = source }

    func content() throws(DashboardError) -> PageContent {
        let document = try source.document(\.anomalies, "anomalies")
        let state = try source.query.choice("state", of: ["open", "acknowledged", "all"])
        let indicators = Set(document.anomalies.map(\.indicator)).sorted()
        let indicator = try source.query.choice("indicator", of: [""] + indicators)
        let unit = try source.query.choice("unit", of: ["", "day", "week"])
        func isWanted(_ id: String) -> Bool {
            state == "all" || (source.states.acknowledgement(of: id) == nil) == (state == "open")
        }
        let found = document.anomalies.filter {
            isWanted($0.id) && (indicator.isEmpty || $0.indicator == indicator) && (unit.isEmpty || $0.period == unit)
        }
        let (rows, next) = try source.shown(of: found.count, count: Self.count)
        let address = DashboardAddress(
            DashboardPage.anomalies.path, source.query.arguments.filter { $0.name != "table" && !$0.value.isEmpty })
        return PageContent(
            title: "Anomalies",
            lede:
                "\(Shown.count(found.count)) with these filters, of \(Shown.count(document.anomalies.count)) in all; newest first.",
            filters: [
                DashboardFilter(
                    name: "state", label: "State",
                    kind: .choice(["open", "acknowledged", "all"].map { ($0, $0) }), value: state),
                DashboardFilter(
                    name: "indicator", label: "Indicator",
                    kind: .choice([("", "all")] + indicators.map { ($0, Shown.words($0)) }), value: indicator),
                DashboardFilter(
                    name: "unit", label: "By", kind: .choice([("", "day and week"), ("day", "day"), ("week", "week")]),
                    value: unit),
                DashboardFilter(name: "page", label: "", kind: .hidden, value: ""),
            ],
            sections: [
                PageSection(
                    title: "Of the shop",
                    note:
                        "A value is judged by what came before it. 'Mostly' names the group that explains most of the difference.",
                    tables: [AnomalyTable.table("anomalies", "Anomalies", Array(found[rows]), source, isShort: false)]),
                visitors(document, isWanted),
            ],
            next: next.map { address.with("page", "\($0)") })
    }

    private func visitors(_ document: AnomaliesDocument, _ isWanted: (String) -> Bool) -> PageSection {
        let shown = document.visitors.filter { isWanted($0.id) && !source.context.view.isErased($0.user) }
        var head = ["who", "visit began", "events", "score", "why", "state"]
        if source.mayWrite { head.append("change") }
        let rows = shown.prefix(Self.count).map { one -> [DashboardTable.Cell] in
            let why = one.reasons.map {
                "\(Shown.words($0.feature)) \(Shown.number($0.value)), usual \(Shown.number($0.usual))"
            }
            return [
                .words(one.user, link: PageSource.person(one.user)), .words(one.start.map(Shown.time) ?? ""),
                .count(one.events), .number(one.score), .words(why.joined(separator: "; ")),
            ] + AnomalyTable.state(of: one.id, source)
        }
        return PageSection(
            title: "Unusual users and visits",
            note: "Unlike the others: bots, scrapers, test accounts, or very good customers.",
            tables: [DashboardTable(id: "visitors", title: "Users and visits", head: head, rows: Array(rows))])
    }
}
