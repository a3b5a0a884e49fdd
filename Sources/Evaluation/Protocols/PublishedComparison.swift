/// A protocol's published figures beside those of a report.
package struct PublishedComparison {
    private let name: PublishedProtocol
    private let heads: [String]
    /// Per system of this run, a value for each head; nil where the run has no such cut-off.
    private let ours: [(system: String, values: [Double?])]

    package init(_ name: PublishedProtocol, _ report: EvaluationReport) {
        let rows = report.rows.map { row in
            (row.evaluation.name, { row.evaluation.all.mean(of: $0, atCutOff: $1) })
        }
        self.init(name, report.cutOffs, rows)
    }

    /// Of a protocol of sessions.
    package init(_ name: PublishedProtocol, _ evaluations: [NextItemEvaluation], at cutOffs: CutOffs) {
        let rows = evaluations.map { evaluation in (evaluation.name, { evaluation.mean(of: $0, atCutOff: $1) }) }
        self.init(name, cutOffs, rows)
    }

    private init(
        _ name: PublishedProtocol, _ cutOffs: CutOffs,
        _ rows: [(system: String, mean: (_ metric: RankingMetric, _ cutOff: Int) -> Double?)]
    ) {
        let columns = name.publishedMetrics.map { (metric: $0.metric, k: $0.k ?? cutOffs.longest) }
        self.name = name
        heads = columns.map { "\($0.metric.title)@\($0.k)" }
        ours = rows.map { row in
            let values = columns.map { column in
                cutOffs.values.firstIndex(of: column.k).flatMap { row.mean(column.metric, $0) }
            }
            return (row.system, values)
        }
    }

    /// A table for the terminal; empty where nothing is published.
    package var text: String {
        guard !name.publishedFigures.isEmpty else { return "" }
        var table = ReportTable(head: ["System", "Source"] + heads)
        for figures in name.publishedFigures {
            table.add([figures.system, figures.mark.rawValue] + figures.values.map { Self.cell($0) })
        }
        for row in ours {
            table.add(["foretaste: \(row.system)", "this run"] + row.values.map { Self.cell($0) })
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
