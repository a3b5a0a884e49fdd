/// A protocol's published figures beside those of a report.
package struct PublishedComparison {
    let name: PublishedProtocol
    let report: EvaluationReport

    package init(_ name: PublishedProtocol, _ report: EvaluationReport) {
        self.name = name
        self.report = report
    }

    private var heads: [String] {
        name.publishedMetrics.map { metric, k in "\(metric.title)@\(k ?? report.cutOffs.longest)" }
    }

    private func ours(_ row: EvaluationReport.Row) -> [Double?] {
        name.publishedMetrics.map { metric, k in
            report.cutOffs.values.firstIndex(of: k ?? report.cutOffs.longest).flatMap {
                row.evaluation.all.mean(of: metric, atCutOff: $0)
            }
        }
    }

    /// A table for the terminal; empty where nothing is published.
    package var text: String {
        guard !name.publishedFigures.isEmpty else { return "" }
        var table = TextTable(head: ["System", "Source"] + heads)
        for figures in name.publishedFigures {
            table.add([figures.system, figures.mark.rawValue] + figures.values.map { Self.cell($0) })
        }
        for row in report.rows {
            table.add(["foretaste: \(row.evaluation.name)", "this run"] + ours(row).map { Self.cell($0) })
        }
        let head =
            "\nPublished figures for \(name.rawValue) (P: published; R: reproduced by this project; quoted: from memory)"
        return ([head] + table.lines).joined(separator: "\n") + "\n"
    }

    package var value: ReportValue {
        .object([
            ("name", .string(name.rawValue)), ("summary", .string(name.summary)),
            (
                "published",
                .array(
                    name.publishedFigures.map { figures in
                        let metrics = zip(heads, figures.values).map { (key: $0, value: ReportValue($1)) }
                        return .object([
                            ("system", .string(figures.system)), ("source", .string(figures.mark.rawValue)),
                            ("metrics", .object(metrics)),
                        ])
                    })
            ),
        ])
    }

    private static func cell(_ value: Double?) -> String { value.map { fixedPoint($0, decimals: 4) } ?? "-" }
}
