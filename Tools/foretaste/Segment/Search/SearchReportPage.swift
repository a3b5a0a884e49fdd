import CommandLineInterface
import Interactions
import Segmentation
import Reporting

/// `report.html` of searches.
struct SearchReportPage {
    private let result: SearchResult

    /// Of the segments with a chart of their own, the largest: more of them nobody compares. The table has all.
    private static let shownSegmentCount = 30

    init(_ result: SearchResult) { self.result = result }

    var html: String {
        let file = result.log.report.path.split(separator: "/").last.map(String.init) ?? ""
        var sections: [ReportPage.Section] = [
            .init(title: "Segments", note: Self.sizeNote, content: sizes + table),
            .init(title: "Telling words", note: termNote, content: Markup.charts(terms)),
        ]
        if !result.labels.isEmpty {
            sections.append(.init(title: "Names", note: Self.nameNote, content: names))
        }
        if let agreement = result.agreement {
            sections.append(
                .init(title: "Against what is known", note: Self.agreementNote, content: Self.pairs(agreement)))
        }
        return ReportPage(
            title: "Segments of searches",
            lede:
                "\(ReadableNumber.count(result.log.queries.count)) searches of <code>\(Markup.escaped(file))</code> in "
                + "\(result.clusters.count) clusters; seed \(result.configuration.seed).",
            facts: facts, sections: sections
        ).html
    }

    private var facts: [(name: String, value: String)] {
        var facts = [
            ("searches", ReadableNumber.count(result.log.queries.count)), ("segments", "\(result.clusters.count)"),
        ]
        if !result.users.isEmpty { facts.append(("users", ReadableNumber.count(result.users.count))) }
        if let agreement = result.agreement {
            facts.append(("agreement (AMI)", ReadableNumber.fixed(agreement.adjustedMutualInformation, 3)))
        }
        return facts
    }

    /// The largest, by number among equals.
    private var shown: [SearchResult.Cluster] {
        result.clusters.enumerated().sorted { a, b in
            let (x, y) = (a.element.queryCount, b.element.queryCount)
            return x == y ? a.offset < b.offset : x > y
        }.prefix(Self.shownSegmentCount).map(\.element)
    }

    private static let sizeNote =
        "A user belongs to the segment that most of the searches speak for; a search that led to a click counts twice."

    private var sizes: String {
        var charts = [
            bars("Searches", \.queryCount, of: result.log.queries.count, series: 0)
        ]
        if !result.users.isEmpty { charts.append(bars("Users", \.userCount, of: result.users.count, series: 1)) }
        return Markup.charts(charts)
    }

    private func bars(
        _ title: String, _ count: (SearchResult.Cluster) -> Int, of total: Int, series: Int
    ) -> String {
        RowCharts.bars(
            title,
            shown.map { cluster in
                let share = Self.percent(count(cluster), of: total)
                return .init(
                    name: cluster.name, value: Double(count(cluster)),
                    label: "\(ReadableNumber.count(count(cluster))) (\(share))", series: series)
            })
    }

    private var table: String {
        let hasUsers = !result.users.isEmpty
        var rows = "<tr><th>Segment</th><th>Searches</th>\(hasUsers ? "<th>Users</th>" : "")"
        rows += "<th class=\"words\">Telling words</th><th class=\"words\">Searches nearest to its centre</th></tr>\n"
        for cluster in result.clusters {
            rows += "<tr><th scope=\"row\">\(Markup.escaped(cluster.name))</th>"
            rows += "<td>\(ReadableNumber.count(cluster.queryCount))</td>"
            if hasUsers { rows += "<td>\(ReadableNumber.count(cluster.userCount))</td>" }
            rows += "<td class=\"words\">\(Markup.escaped(cluster.terms.joined(separator: ", ")))</td>"
            rows += "<td class=\"words\">\(Markup.escaped(cluster.examples.joined(separator: "; ")))</td></tr>\n"
        }
        return Markup.scrolling(rows)
    }

    private var termNote: String {
        let all = result.clusters.count <= Self.shownSegmentCount
        return
            "The words that tell a segment from the others, most telling first, and in what share of its searches they are."
            + (all ? "" : " The \(Self.shownSegmentCount) largest segments; the table has all.")
    }

    private var terms: [String] {
        shown.map { cluster in
            RowCharts.bars(
                cluster.name,
                zip(cluster.terms, cluster.termCounts).map { term, count in
                    .init(
                        name: term, value: Double(count), label: Self.percent(count, of: cluster.queryCount), series: 0)
                }, greatest: Double(cluster.queryCount))
        }
    }

    private static let nameNote =
        "How near each segment's centre is to a label's meaning: the cosine, 1 at most. No label is given twice while there "
        + "are enough, so that all names together are the nearest."

    private var names: String {
        let head = ["segment", "nearest label", "cosine", "second", "cosine", "third", "cosine"]
        return Markup.table(
            head,
            zip(result.clusters, result.closeness).map { cluster, cosines in
                let nearest = cosines.indices.sorted {
                    cosines[$0] == cosines[$1] ? $0 < $1 : cosines[$0] > cosines[$1]
                }.prefix(3).flatMap { [result.labels[$0].name, ReadableNumber.fixed(cosines[$0], 3)] }
                return [cluster.name] + nearest + Array(repeating: "", count: max(0, 6 - nearest.count))
            })
    }

    private static let agreementNote =
        "1: the clusters are what is known; 0: as good as chance (normalised mutual information grows with the number of "
        + "clusters even then)."

    private static func pairs(_ agreement: LabelAgreement) -> String {
        Markup.pairs(
            [
                ("Adjusted mutual information", agreement.adjustedMutualInformation),
                ("Normalised mutual information", agreement.normalizedMutualInformation),
                ("Adjusted Rand index", agreement.adjustedRandIndex),
            ].map { ($0.0, ReadableNumber.fixed($0.1, 4)) })
    }

    private static func percent(_ count: Int, of total: Int) -> String {
        ReadableNumber.fixed(100 * Double(count) / Double(max(total, 1)), 1) + " %"
    }
}
