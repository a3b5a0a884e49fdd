import CommandLineInterface
import Interactions
import Personas
import Reporting

/// `report.html`: the population in charts.
struct PersonaReportPage {
    let store: PersonaStore
    let origin: PersonaOrigin

    /// As many bars as a chart of a third of a page takes without scrolling.
    private static let barCount = 15
    private static let tableCount = 50

    var html: String {
        ReportPage(
            title: "Personas",
            lede:
                "What \(ReadableNumber.count(store.userCount)) users like, by \(events). A visit counts 1, a search 5, a cart 20, a purchase 40 unless the "
                + "weights were changed; gender and city tier count events.",
            facts: [
                ("users", ReadableNumber.count(store.userCount)),
                ("brands", ReadableNumber.count(store.valueCount(.brand))),
                ("generic names", ReadableNumber.count(store.valueCount(.generic))),
                (
                    "categories",
                    PersonaDimension.categories.map { ReadableNumber.count(store.valueCount($0)) }
                        .joined(separator: " / ")
                ),
                ("products", ReadableNumber.count(store.valueCount(.item))),
            ],
            sections: [
                .init(
                    title: "Who they are", note: "Men or women from 80 % of the events on; else unisex.",
                    content: Markup.charts([genders, bars("City tiers", .cityTier), bars("Channels", .channel)])),
                .init(
                    title: "What they like", note: Self.shareNote,
                    content: Markup.charts([
                        bars("Brands", .brand), bars("Generic names", .generic), bars("Categories", .category1),
                    ]) + table),
                .init(
                    title: "Category tree", note: "The share of each level's affinity; levels sum to 1.", content: tree),
            ]
        ).html
    }

    private var events: String {
        let file = Self.name(ofPath: origin.events.path)
        guard let previous = origin.previous else { return "the events of \(file)" }
        return "the events that the personas in \(Self.name(ofPath: previous)) were made from and those of \(file), "
            + "which changed \(ReadableNumber.count(origin.changedCount)) of them"
    }

    private static func name(ofPath path: String) -> String {
        "<code>\(Markup.escaped(path.split(separator: "/").last.map(String.init) ?? path))</code>"
    }

    private static let shareNote =
        "The mean share of a user's affinity, over the users of whom something is known in the dimension."

    private var genders: String {
        let bars = store.genderCounts.enumerated().map { series, entry in
            RowCharts.Bar(
                name: entry.gender.name, value: Double(entry.count), label: ReadableNumber.count(entry.count),
                series: series)
        }
        return RowCharts.bars("Genders", bars)
    }

    private func bars(_ title: String, _ dimension: PersonaDimension) -> String {
        let values = store.top(dimension, count: Self.barCount)
        guard !values.isEmpty else { return "" }
        return RowCharts.bars(
            title,
            values.map { value in
                RowCharts.Bar(
                    name: value.path.last ?? "", value: Double(value.share), label: Self.percentage(value.share),
                    series: 0)
            })
    }

    private var table: String {
        let rows = [("brand", PersonaDimension.brand), ("generic name", .generic)].flatMap { kind, dimension in
            store.top(dimension, count: Self.tableCount).map { value in
                [value.path.last ?? "", kind, Self.percentage(value.share), ReadableNumber.count(value.userCount)]
            }
        }
        return rows.isEmpty ? "" : Markup.figures(["name", "kind", "share", "users"], rows)
    }

    private var tree: String {
        var rows: [[String]] = []
        func add(_ nodes: [PersonaCategory], above: String) {
            for node in nodes {
                let path = above.isEmpty ? node.name : "\(above) › \(node.name)"
                rows.append([path, Self.percentage(node.share), ReadableNumber.count(node.userCount)])
                add(node.children, above: path)
            }
        }
        add(store.categoryTree(count: Self.barCount), above: "")
        return rows.isEmpty
            ? "<p>The catalogue has no categories.</p>" : Markup.table(["category", "share", "users"], rows)
    }

    private static func percentage(_ share: Float) -> String { ReadableNumber.fixed(100 * Double(share), 1) + " %" }
}
