import CommandLineInterface
import Evaluation
import Reporting

/// The page of `foretaste evaluate --html`. Curves are over `CutOffs.curve`; everything else is at the first cut-off of
/// `--at`, the differences at the first and the last.
struct EvaluationPage {
    let report: EvaluationReport
    /// The name of the interactions' file.
    private let source: String
    /// The first cut-off.
    let k: Int

    init(_ report: EvaluationReport, source: String) {
        self.report = report
        self.source = source
        k = report.cutOffs.values[0]
    }

    var html: String {
        ReportPage(
            title: "How good are the recommendations?", lede: lede, verdict: report.verdict, facts: facts,
            sections: [
                summary, curves, activity, itemGroups, coldStart, catalogue, differences, latency, split, setup,
            ]
        ).html
    }

    var names: [String] { report.rows.map(\.evaluation.name) }

    private var lede: String {
        let counts = report.facts
        return "<code>\(Markup.escaped(source))</code>, split <code>\(Markup.escaped(report.split.spelling))</code>: "
            + "trained on \(ReadableNumber.count(counts.trainingRowCount)) interactions, tested on "
            + "\(ReadableNumber.count(counts.testRowCount)) that were held out. Ranked are all "
            + "\(ReadableNumber.count(report.catalogueItemCount)) items less those that a user has in training."
    }

    private var facts: [(name: String, value: String)] {
        var facts: [(name: String, value: String)] = []
        if let row = report.rows.first(where: { $0.evaluation.name == report.reference }) {
            for metric in [RankingMetric.ndcg, .hitRate, .recall] {
                let value = row.evaluation.all.mean(of: metric, atCutOff: 0)
                facts.append(("\(metric.title)@\(k) of the \(report.reference)", Self.number(value)))
            }
        }
        facts.append(("test users", ReadableNumber.count(report.facts.testUserCount)))
        facts.append(("new among them", ReadableNumber.count(report.facts.newUserCount)))
        facts.append(("pairs to find", ReadableNumber.count(report.facts.testPairCount)))
        return facts
    }

    /// Four places, as in the text report; a dash where there is no value.
    static func number(_ value: Double?) -> String { value.map { ReadableNumber.fixed($0, 4) } ?? "-" }

    static func percent(_ value: Double?) -> String {
        value.map { ReadableNumber.fixed(100 * $0, 1) + " %" } ?? "-"
    }

    /// One value of each system as bars.
    func bars(
        _ title: String, greatest: Double? = nil, label: (Double?) -> String = EvaluationPage.number,
        _ value: (EvaluationReport.Row) -> Double?
    ) -> String {
        RowCharts.bars(
            title,
            report.rows.enumerated().map { series, row in
                let value = value(row)
                return .init(name: row.evaluation.name, value: value, label: label(value), series: series)
            }, greatest: greatest)
    }
}
