package import AnalyticsArtefacts
internal import CommandLineInterface

extension SummaryFacts {
    /// By rules: what happened, why, what comes, what to do.
    package var paragraphs: [String] {
        [happened, unusual, outlook, advice].filter { !$0.isEmpty }
    }

    package var document: SummaryDocument { SummaryDocument(from: from, to: to, facts: facts, paragraphs: paragraphs) }

    private var happened: String {
        var sentences = ["The week from \(from) to \(to)."]
        for change in changes {
            let value = FactText.value(change.indicator, change.value)
            var sentence = "\(Self.capitalised(FactText.name(change.indicator))): \(value)"
            if let share = change.change, let before = change.before {
                let earlier = FactText.value(change.indicator, before)
                sentence +=
                    share.magnitude < 0.0005
                    ? ", as the week before" : ", \(FactText.change(share)) against \(earlier) the week before"
            }
            sentences.append(sentence + ".")
        }
        return sentences.joined(separator: " ")
    }

    private var unusual: String {
        guard !anomalies.isEmpty else { return "No day of the week was out of its usual range." }
        return anomalies.map { anomaly in
            let side = anomaly.direction == "above" ? "more" : "less"
            var sentence =
                "On \(anomaly.at) \(FactText.name(anomaly.indicator)) came to "
                + "\(FactText.value(anomaly.indicator, anomaly.value)), \(side) than the expected "
                + "\(FactText.value(anomaly.indicator, anomaly.expected))"
            if let part = anomaly.contributions.first, part.share > 0 {
                sentence += ", most of it by \(part.dimension) “\(part.group)”"
            }
            return sentence + "."
        }.joined(separator: " ")
    }

    private var outlook: String {
        var sentences = forecasts.map { forecast -> String in
            let value = FactText.value(forecast.indicator, forecast.value)
            guard let lower = forecast.lower, let upper = forecast.upper else {
                return "Expected next week: \(value) \(FactText.name(forecast.indicator))."
            }
            return "Expected next week: \(value) \(FactText.name(forecast.indicator)) "
                + "(\(FactText.value(forecast.indicator, lower)) to \(FactText.value(forecast.indicator, upper)))."
        }
        if let atRisk, atRisk.count > 0 {
            sentences.append(
                "\(ReadableNumber.count(atRisk.count)) of \(ReadableNumber.count(atRisk.of)) customers are more likely than not to stay away."
            )
        }
        return sentences.joined(separator: " ")
    }

    private var advice: String {
        insights.map { insight in
            let worth =
                insight.worth > 0
                ? " (worth about \(FactText.value(insight.worthUnit, insight.worth)) \(insight.worthUnit) a week)" : ""
            return "\(insight.title)\(worth). \(insight.advice)"
        }.joined(separator: " ")
    }

    private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
