import AnalyticsArtefacts
import BehaviourAnalytics
import CommandLineInterface

/// An analysis as lines for people, and as JSON.
struct AnalysisText {
    let analysis: BehaviourAnalysis
    let facts: AnalyticsManifest.Facts
    let summary: SummaryDocument?

    var json: JSONText {
        [
            "from": .string(facts.from), "to": .string(facts.to), "events": .integer(facts.events),
            "users": .integer(facts.users), "anomalies": .integer(analysis.anomalies.anomalies.count),
            "visitors": .integer(analysis.anomalies.visitors.count),
            "insights": .array(
                analysis.insights.insights.map { insight in
                    [
                        "id": .string(insight.id), "title": .string(insight.title), "worth": .number(insight.worth),
                        "worthUnit": .string(insight.worthUnit), "affected": .integer(insight.affected),
                        "confidence": .number(insight.confidence),
                    ]
                }),
            "models": .array(analysis.users.models.map(model)),
            "summary": summary.map { summary in
                [
                    "from": .string(summary.from), "to": .string(summary.to),
                    "facts": .array(
                        summary.facts.map { fact in
                            ["name": .string(fact.name), "value": .number(fact.value), "text": .string(fact.text)]
                        }),
                    "paragraphs": .array(summary.paragraphs.map { .string($0) }),
                    "written": summary.written.map { .array($0.map { .string($0) }) } ?? .null,
                    "refusal": summary.refusal.map { .string($0) } ?? .null,
                ]
            } ?? .null,
        ]
    }

    private func model(_ model: UsersDocument.Model) -> JSONText {
        [
            "name": .string(model.name), "learner": model.learner.map { .string($0) } ?? .null,
            "refusal": model.refusal.map { .string($0) } ?? .null, "rows": .integer(model.rows),
            "positives": .integer(model.positives),
            "measures": .object(
                model.measures.map { measure in
                    .init(
                        measure.name,
                        [
                            "value": .number(measure.value), "lower": measure.lower.map { .number($0) } ?? .null,
                            "upper": measure.upper.map { .number($0) } ?? .null,
                        ])
                }),
        ]
    }

    var text: String {
        var text =
            "\(facts.from) to \(facts.to) (\(facts.timeZone)): \(ReadableNumber.count(facts.events)) events of "
            + "\(ReadableNumber.count(facts.users)) users\n"
        for paragraph in summary?.written ?? summary?.paragraphs ?? [] { text += "\n\(paragraph)\n" }
        text += "\n" + models
        text += "\nanomalies: \(analysis.anomalies.anomalies.count), unusual users and visits: "
        text += "\(analysis.anomalies.visitors.count)\n"
        guard !analysis.insights.insights.isEmpty else { return text }
        var table = TextTable([.left("what to mend"), .right("affected"), .right("worth a week"), .right("confidence")])
        for insight in analysis.insights.insights.prefix(Self.shownCount) {
            table.add([
                insight.title, "\(ReadableNumber.count(insight.affected)) \(insight.affectedUnit)", Self.worth(insight),
                ReadableNumber.fixed(insight.confidence, 3),
            ])
        }
        return text + "\n" + table.text
    }

    private static let shownCount = 10

    static func worth(_ insight: InsightsDocument.Insight) -> String {
        guard insight.worth > 0 else { return "-" }
        let number = ReadableNumber.fixed(insight.worth, insight.worth < 10 ? 1 : 0)
        return insight.worthUnit == "orders" ? "\(number) orders" : number
    }

    private var models: String {
        var table = TextTable([
            .left("model"), .left("learner"), .right("rows"), .right("share"), .right("AUC"), .right("AP"),
            .right("log loss"),
        ])
        for model in analysis.users.models {
            func measure(_ name: String) -> String {
                model.measures.first { $0.name == name }.map { ReadableNumber.fixed($0.value, 3) } ?? "-"
            }
            let share = 100 * Double(model.positives) / Double(max(1, model.rows))
            table.add([
                model.name, model.learner ?? "none", ReadableNumber.count(model.rows),
                ReadableNumber.fixed(share, 1) + " %", measure("auc"), measure("averagePrecision"), measure("logLoss"),
            ])
        }
        return table.text
    }
}
