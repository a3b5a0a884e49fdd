import CommandLineInterface
import Interactions
import LinearAlgebra
import Segmentation
import Reporting

/// `report.html`.
struct SegmentReportPage {
    private let result: SegmentResult
    private var segmentation: RFMSegmentation { result.segmentation }

    init(_ result: SegmentResult) { self.result = result }

    var html: String {
        let count = segmentation.clustering.clusterCount
        return ReportPage(
            title: "Customer segments",
            lede:
                "\(ReadableNumber.count(segmentation.table.count)) customers of <code>\(Markup.escaped(fileName))</code> by "
                + "recency, frequency and monetary value; k-means with \(count) clusters, seed "
                + "\(result.configuration.seed), \(result.configuration.initialisationCount) starts.",
            facts: facts,
            sections: [
                .init(
                    title: "Segments",
                    note: "Clusters of k-means, the largest first unless an earlier build numbered them.",
                    content: segments),
                .init(title: "What sets them apart", note: Self.profileNote, content: profileChart),
                .init(
                    title: "Ten segments by rule",
                    note: "From quintile scores; every customer is in exactly one.", content: ruleChart),
                .init(
                    title: "How many clusters?", note: recommendation,
                    content: DiagnosticCharts.markup(result.diagnostics, chosen: segmentation.clustering.clusterCount)),
                .init(
                    title: "Rows left out", note: "Each row counts under the first rule that it breaks.",
                    content: cleaningTable),
            ]
        ).html
    }

    private var fileName: String { result.source.path.split(separator: "/").last.map(String.init) ?? "" }

    private var facts: [(name: String, value: String)] {
        let table = segmentation.table
        let count = Double(max(table.count, 1))
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / count }
        return [
            ("customers", ReadableNumber.count(table.count)),
            ("clean rows", ReadableNumber.count(table.cleaning.cleanRowCount)),
            ("mean recency, days", ReadableNumber.fixed(mean(table.recencies), 1)),
            ("mean orders", ReadableNumber.fixed(mean(table.frequencies), 2)),
            ("mean value", Self.amount(mean(table.monetaries))),
        ]
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
        return Markup.scrolling(rows)
    }

    private var recommendation: String {
        result.diagnostics.recommendation.reasons.map { Markup.escaped($0) }.joined(separator: " ")
            + " This segmentation has \(segmentation.clustering.clusterCount), as it was asked to."
    }

    private var cleaningTable: String {
        let cleaning = segmentation.table.cleaning
        let rows = [
            ("Rows that could not be read", result.source.badRows.total),
            ("No customer", cleaning.noCustomerCount),
            ("Quantity of zero or less", cleaning.nonPositiveQuantityCount),
            ("Price of zero or less", cleaning.nonPositivePriceCount), ("Cancelled orders", cleaning.cancelledCount),
            ("Kept", cleaning.cleanRowCount),
        ]
        return Markup.pairs(rows.map { ($0.0, ReadableNumber.count($0.1)) })
    }

    /// One place where it says something.
    static func amount(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        if value.magnitude >= 1000 { return ReadableNumber.whole(value) }
        return ReadableNumber.fixed(value, value == value.rounded() ? 0 : 1)
    }
}
