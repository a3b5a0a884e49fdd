import CommandLineInterface
import Interactions
import LinearAlgebra
import Segmentation

/// `report.html`: one page without scripts and without anything from elsewhere, for light and dark screens and for paper.
struct SegmentReportPage {
    private let result: SegmentResult
    private var segmentation: RFMSegmentation { result.segmentation }

    init(_ result: SegmentResult) { self.result = result }

    var html: String {
        let count = segmentation.clustering.clusterCount
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Customer segments</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            <header>
            <h1>Customer segments</h1>
            <p>\(ReadableNumber.count(segmentation.table.count)) customers of
            <code>\(Markup.escaped(fileName))</code> by recency, frequency and monetary value; k-means with \(count)
            clusters, seed \(result.configuration.seed), \(result.configuration.initialisationCount) starts.</p>
            </header>
            \(facts)
            \(section("Segments", "Clusters of k-means, the largest first unless an earlier build numbered them.", segments))
            \(section("What sets them apart", Self.profileNote, profileChart))
            \(section("Ten segments by rule", "From quintile scores; every customer is in exactly one.", ruleChart))
            \(section("How many clusters?", recommendation, diagnosticCharts))
            \(section("Rows left out", "Each row counts under the first rule that it breaks.", cleaningTable))
            </main>
            </body>
            </html>

            """
    }

    private var fileName: String { result.source.path.split(separator: "/").last.map(String.init) ?? "" }

    private func section(_ title: String, _ note: String, _ content: String) -> String {
        "<section>\n<h2>\(title)</h2>\n<p class=\"note\">\(note)</p>\n\(content)\n</section>"
    }

    private var facts: String {
        let table = segmentation.table
        let count = Double(max(table.count, 1))
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / count }
        let facts = [
            ("customers", ReadableNumber.count(table.count)),
            ("clean rows", ReadableNumber.count(table.cleaning.cleanRowCount)),
            ("mean recency, days", ReadableNumber.fixed(mean(table.recencies), 1)),
            ("mean orders", ReadableNumber.fixed(mean(table.frequencies), 2)),
            ("mean value", Self.amount(mean(table.monetaries))),
        ]
        return "<dl class=\"facts\">"
            + facts.map { "<div><dd>\($0.1)</dd><dt>\($0.0)</dt></div>" }.joined() + "</dl>"
    }

    private var segments: String {
        SegmentCharts.shares(segmentation.model.profiles) + profileTable(segmentation.model.profiles)
    }

    private static let profileNote =
        "Each segment's centre against the mean customer, in standard deviations of the logarithm. "
        + "A low recency is a recent order."

    private var profileChart: String {
        let centres = segmentation.model.centres
        return SegmentCharts.profiles(
            segmentation.model.profiles.map(\.title),
            (0..<centres.rowCount).map { row in (0..<3).map { Double(centres.values[row * 3 + $0]) } })
    }

    private var ruleChart: String {
        SegmentCharts.shares(segmentation.ruleProfiles) + profileTable(segmentation.ruleProfiles)
    }

    private func profileTable(_ profiles: [SegmentProfile]) -> String {
        let features = ["Recency", "Frequency", "Monetary"]
        var rows = "<tr><th rowspan=\"2\">Segment</th><th rowspan=\"2\">Customers</th>"
        rows += features.map { "<th colspan=\"4\">\($0)</th>" }.joined() + "</tr>\n<tr>"
        rows += features.map { _ in "<th>mean</th><th>median</th><th>min</th><th>max</th>" }.joined() + "</tr>\n"
        for profile in profiles {
            rows += "<tr><th scope=\"row\">\(Markup.escaped(profile.title))</th>"
            rows += "<td>\(ReadableNumber.count(profile.customerCount))</td>"
            for statistics in profile.statistics {
                for value in [statistics.mean, statistics.median, statistics.least, statistics.greatest] {
                    rows += "<td>\(Self.amount(value))</td>"
                }
            }
            rows += "</tr>\n"
        }
        return "<div class=\"wide\"><table>\n\(rows)</table></div>"
    }

    private var recommendation: String {
        result.diagnostics.recommendation.reasons.map { Markup.escaped($0) }.joined(separator: " ")
            + " This segmentation has \(segmentation.clustering.clusterCount), as it was asked to."
    }

    private var diagnosticCharts: String {
        let rows = result.diagnostics.rows
        let counts = rows.map(\.clusterCount)
        let chosen = segmentation.clustering.clusterCount
        let charts: [(String, [Double])] = [
            ("Inertia (look for the elbow)", rows.map(\.inertia)),
            ("Silhouette (more is better)", rows.map(\.silhouette)),
            ("Davies-Bouldin (less is better)", rows.map(\.daviesBouldin)),
            ("Calinski-Harabasz (more is better)", rows.map(\.calinskiHarabasz)),
            ("Gap statistic (first peak)", rows.map(\.gap.gap)),
        ]
        return "<div class=\"charts\">"
            + charts.map { SegmentCharts.line($0.0, counts: counts, values: $0.1, chosen: chosen) }.joined()
            + "</div>"
    }

    private var cleaningTable: String {
        let cleaning = segmentation.table.cleaning
        let rows = [
            ("Rows that could not be read", result.source.badRows.total),
            ("No customer", cleaning.noCustomerCount),
            ("Quantity of zero or less", cleaning.nonPositiveQuantityCount),
            ("Price of zero or less", cleaning.nonPositivePriceCount), ("Kept", cleaning.cleanRowCount),
        ]
        return "<table class=\"narrow\">"
            + rows.map { "<tr><th scope=\"row\">\($0.0)</th><td>\(ReadableNumber.count($0.1))</td></tr>" }.joined()
            + "</table>"
    }

    /// One place where it says something.
    static func amount(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        if value.magnitude >= 1000 { return ReadableNumber.count(Int(value.rounded())) }
        return ReadableNumber.fixed(value, value == value.rounded() ? 0 : 1)
    }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1c2430; --soft: #5d6878; --line: #dde2ea; --page: #f6f7f9;
          --card: #ffffff; --one: #2f6fde; --two: #e08a1e; --three: #2a9d6f; --mark: #c8374a; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6eaf1; --soft: #9aa6b8; --line: #303947;
          --page: #12161d; --card: #1b212b; --one: #6fa0ff; --two: #f0ae57; --three: #5cc79b; --mark: #ff7786; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
        h1 { font-size: 30px; line-height: 1.2; margin: 0 0 8px; } h2 { font-size: 20px; margin: 0 0 4px; }
        header p, .note { color: var(--soft); margin: 0 0 16px; max-width: 75ch; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px 24px;
          margin-top: 20px; }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 0; }
        .facts div { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px; }
        .facts dd { margin: 0; font-size: 24px; font-weight: 650; font-variant-numeric: tabular-nums; }
        .facts dt { color: var(--soft); font-size: 13px; }
        svg { display: block; width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 13px; }
        svg text.soft { fill: var(--soft); font-size: 12px; }
        .one { fill: var(--one); } .two { fill: var(--two); } .three { fill: var(--three); } .mark { fill: var(--mark); }
        .rule { stroke: var(--line); } .curve { fill: none; stroke: var(--one); stroke-width: 2; }
        .wide { overflow-x: auto; margin-top: 16px; }
        table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; width: 100%; }
        table.narrow { width: auto; } th, td { padding: 5px 9px; border-bottom: 1px solid var(--line);
          text-align: right; white-space: nowrap; } th { color: var(--soft); font-weight: 600; }
        th[scope=row] { text-align: left; color: var(--ink); } th[colspan] { text-align: center; }
        th[rowspan]:first-child { text-align: left; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 16px; }
        figure { margin: 0; } figcaption { font-size: 13px; color: var(--soft); margin-bottom: 4px; }
        @media print { section { break-inside: avoid; } body { background: none; } }
        """
}

/// Text in HTML and SVG.
enum Markup {
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
