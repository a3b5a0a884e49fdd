import AnalyticsArtefacts
import AnalyticsService
import WireProtocol

/// `insights.list`. Borrowed: valid while the request is lent.
struct InsightsListParameters: MethodParameters {
    var count = AnalyticsLimits.defaultInsights
    var after: WireString?
    /// Nil: all.
    var rule: WireString?

    static let declared = ParameterSet<Self>([
        .count(default: AnalyticsLimits.defaultInsights) { $0.count = $1 },
        .name("after", maximumBytes: AnalyticsLimits.insightBytes) { $0.after = $1 },
        .name("rule", maximumBytes: AnalyticsLimits.nameBytes) { $0.rule = $1 },
    ])
}

extension ServiceMethod {
    static let insightsList = ServiceMethod(
        "insights.list", cost: .scan, "What the shop could mend, with evidence; what is worth most first."
    ) { (parameters: InsightsListParameters, context, writer) throws(WireError) in
        let view = try context.analysis()
        let document = try context.document(\.insights, "no insights", of: view)
        let rule = parameters.rule?.string
        if let rule, !document.rules.contains(where: { $0.name == rule }) {
            let known = document.rules.map(\.name).joined(separator: ", ")
            throw WireError(
                .badField, "The analysis has no such rule; there are: \(known).", field: "params.rule")
        }
        var start = 0
        if let after = parameters.after?.string {
            guard let place = document.insights.firstIndex(where: { $0.id == after }) else { throw .isNoPage }
            start = place + 1
        }
        writer.beginObject()
        writer.analysisMember(view)
        writer.page("insights", document.insights[start...], count: parameters.count, \.id) { one in
            (rule ?? one.rule) == one.rule
        } write: { writer, one in
            writer.insight(one)
        }
        writer.list("rules", document.rules) { writer, rule in
            writer.member("rule", rule.name)
            writer.member("tested", rule.tested)
            writer.member("found", rule.found)
            writer.member("skipped", rule.skipped)
        }
        writer.endObject()
    }

    static let insightsSummary = ServiceMethod(
        "insights.summary", cost: .list, "The last whole week in words, with the facts behind them."
    ) { (_: NoParameters, context, writer) throws(WireError) in
        let view = try context.analysis()
        let summary = try context.document(\.summary, "no summary", of: view)
        writer.beginObject()
        writer.analysisMember(view)
        writer.member("from", summary.from)
        writer.member("to", summary.to)
        writer.strings("paragraphs", summary.paragraphs)
        if let written = summary.written { writer.strings("written", written) }
        writer.member("model", summary.model)
        writer.member("refusal", summary.refusal)
        writer.list("facts", summary.facts) { writer, fact in
            writer.member("name", fact.name)
            writer.member("value", Double?(fact.value))
            writer.member("text", fact.text)
        }
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func insight(_ one: InsightsDocument.Insight) {
        member("insightId", one.id)
        member("rule", one.rule)
        member("title", one.title)
        member("evidence", one.evidence)
        member("advice", one.advice)
        member("subjectKind", one.subjectKind)
        strings("subjects", one.subjects)
        member("affected", one.affected)
        member("affectedUnit", one.affectedUnit)
        member("confidence", Double?(one.confidence))
        member("worth", Double?(one.worth))
        member("worthUnit", one.worthUnit)
        list("figures", one.figures) { writer, figure in
            writer.member("name", figure.name)
            writer.member("value", Double?(figure.value))
            writer.member("lower", figure.lower)
            writer.member("upper", figure.upper)
        }
    }
}
