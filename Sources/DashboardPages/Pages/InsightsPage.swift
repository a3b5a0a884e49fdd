import AnalyticsArtefacts
import Reporting

/// What the shop could mend.
struct InsightsPage {
    private static let count = 50
    private let source: PageSource

    init(_ source: PageSource) { self.source = source }

    func content() throws(DashboardError) -> PageContent {
        let document = try source.document(\.insights, "insights")
        let rules = document.rules.filter { $0.found > 0 }.map(\.name)
        let rule = try source.query.choice("rule", of: [""] + rules)
        let found = document.insights.filter { rule.isEmpty || $0.rule == rule }
        let (rows, next) = try source.shown(of: found.count, count: Self.count)
        let shown = Array(found[rows])
        let address = DashboardAddress(
            DashboardPage.insights.path, source.query.arguments.filter { $0.name != "table" && !$0.value.isEmpty })
        return PageContent(
            title: "Insights",
            lede:
                "\(Shown.count(found.count)) of \(Shown.count(document.insights.count)); what may be worth most a week comes first.",
            filters: [
                DashboardFilter(
                    name: "rule", label: "Rule", kind: .choice([("", "all")] + rules.map { ($0, Shown.words($0)) }),
                    value: rule),
                DashboardFilter(name: "page", label: "", kind: .hidden, value: ""),
            ],
            sections: [
                PageSection(
                    title: "With their evidence", content: shown.map(Self.markup).joined(), tables: [table(shown)]),
                PageSection(
                    title: "What was looked at",
                    note: "By each rule; how many tests are allowed for in the confidence.",
                    tables: [ruleTable(document.rules)]),
            ],
            next: next.map { address.with("page", "\($0)") })
    }

    static func markup(_ one: InsightsDocument.Insight) -> String {
        func text(_ text: String) -> String { "<bdi>\(Markup.escaped(Shown.text(text)))</bdi>" }
        let worth = "\(Shown.number(one.worth)) \(one.worthUnit) a week"
        let subjects =
            one.subjectKind == "item"
            ? one.subjects.map { id in
                "<a href=\"\(Markup.escaped(PageSource.item(id)))\">\(text(id))</a>"
            }.joined(separator: ", ") : ""
        return "<article class=\"insight\"><h3>\(text(one.title))</h3><p>\(text(one.evidence))</p>"
            + "<p><strong>Try:</strong> \(text(one.advice))</p><p class=\"note\">"
            + text(
                "May be worth \(worth); \(Shown.count(one.affected)) \(one.affectedUnit); confidence \(Shown.percent(one.confidence))."
            )
            + (subjects.isEmpty ? "" : " Items: \(subjects).") + "</p></article>"
    }

    private func table(_ insights: [InsightsDocument.Insight]) -> DashboardTable {
        DashboardTable(
            id: "insights", title: "Insights as a table",
            head: ["insight", "rule", "about", "affected", "of", "worth a week", "unit", "confidence"],
            rows: insights.map { one in
                [
                    .words(one.title), .words(Shown.words(one.rule)), .words(one.subjects.joined(separator: ", ")),
                    .count(one.affected), .words(one.affectedUnit), .number(one.worth), .words(one.worthUnit),
                    .percent(one.confidence),
                ]
            })
    }

    private func ruleTable(_ rules: [InsightsDocument.Rule]) -> DashboardTable {
        DashboardTable(
            id: "rules", title: "Rules", head: ["rule", "tested", "found", "left out because"],
            rows: rules.map {
                [.words(Shown.words($0.name)), .count($0.tested), .count($0.found), .words($0.skipped ?? "")]
            })
    }
}
