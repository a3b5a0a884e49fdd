package import AnalyticsArtefacts
internal import CommandLineInterface

/// What is known of the last whole week: the numbers that a summary may say, and nothing else.
package struct SummaryFacts: Sendable, Equatable {
    package struct Change: Sendable, Equatable {
        package let indicator: String
        package let value: Double
        package let before: Double?
        /// Of itself, since the week before.
        package var change: Double? {
            guard let before, before != 0 else { return nil }
            return (value - before) / before.magnitude
        }
    }

    /// The first and the last day.
    package let from: String
    package let to: String
    package let changes: [Change]
    package let anomalies: [AnomaliesDocument.Anomaly]
    package let insights: [InsightsDocument.Insight]
    /// Of next week: indicator, value, interval.
    package let forecasts: [(indicator: String, value: Double, lower: Double?, upper: Double?)]
    /// Customers who are more likely than not to stay away, of all.
    package let atRisk: (count: Int, of: Int)?

    package static func == (first: SummaryFacts, second: SummaryFacts) -> Bool { first.facts == second.facts }

    private static let told = [
        "visits", "users", "newUsers", "purchases", "orders", "conversion", "revenue", "averageOrder",
    ]
    private static let insightCount = 3
    private static let anomalyCount = 5

    /// Nil where there is no whole week.
    package init?(
        trends: TrendsDocument, anomalies: AnomaliesDocument?, insights: InsightsDocument?, users: UsersDocument?
    ) {
        guard let weeks = trends.calendar("week"), let place = weeks.isPartial.lastIndex(of: false) else { return nil }
        from = weeks.names[place]
        guard let days = trends.calendar("day"), let first = days.names.firstIndex(of: from) else { return nil }
        let last = min(first + 6, days.names.count - 1)
        to = days.names[last]
        let series = trends.series.filter { $0.period == "week" && $0.group == nil }
        changes = Self.told.compactMap { indicator in
            guard let one = series.first(where: { $0.indicator == indicator }), let value = one.values[place] else {
                return nil
            }
            return Change(indicator: indicator, value: value, before: place > 0 ? one.values[place - 1] : nil)
        }
        let isOfWeek = Set(days.names[first...last])
        self.anomalies = (anomalies?.anomalies ?? []).filter { $0.period == "day" && isOfWeek.contains($0.at) }
            .sorted { ($1.deviations, $0.id) < ($0.deviations, $1.id) }.prefix(Self.anomalyCount).map { $0 }
        self.insights = Array((insights?.insights ?? []).prefix(Self.insightCount))
        forecasts = ["visits", "revenue", "purchases"].compactMap { indicator in
            guard let one = series.first(where: { $0.indicator == indicator }), let point = one.forecast?.points.first
            else {
                return nil
            }
            return (indicator, point.value, point.lower, point.upper)
        }
        atRisk = users.flatMap(Self.atRisk)
    }

    private static func atRisk(_ users: UsersDocument) -> (count: Int, of: Int)? {
        guard let churn = users.model("churn"), !churn.predictions.isEmpty else { return nil }
        let customers = users.ids.indices.filter { users.purchases[$0] > 0 }
        let count = customers.count { (churn.predictions[$0] ?? 0) > 0.5 }
        return customers.isEmpty ? nil : (count, customers.count)
    }

    /// Texts that a summary may repeat, numbers in them included.
    package var names: [String] {
        [from, to] + anomalies.flatMap { [$0.at] + $0.contributions.map(\.group) } + insights.map(\.title)
    }

    /// All numbers, each with the text that a summary may say.
    package var facts: [SummaryDocument.Fact] {
        var facts: [SummaryDocument.Fact] = []
        func add(_ name: String, _ value: Double, _ text: String) {
            facts.append(.init(name: name, value: value, text: text))
        }
        for change in changes {
            add(change.indicator, change.value, FactText.value(change.indicator, change.value))
            if let before = change.before {
                add("\(change.indicator).before", before, FactText.value(change.indicator, before))
            }
            if let share = change.change { add("\(change.indicator).change", share, FactText.change(share)) }
        }
        for anomaly in anomalies {
            let name = "anomaly.\(anomaly.at).\(anomaly.indicator)"
            add(name, anomaly.value, FactText.value(anomaly.indicator, anomaly.value))
            add("\(name).expected", anomaly.expected, FactText.value(anomaly.indicator, anomaly.expected))
        }
        for (place, insight) in insights.enumerated() {
            add("insight.\(place + 1).affected", Double(insight.affected), ReadableNumber.count(insight.affected))
            add("insight.\(place + 1).worth", insight.worth, FactText.value(insight.worthUnit, insight.worth))
            for figure in insight.figures {
                let isShare = (0...1).contains(figure.value) && figure.value != figure.value.rounded()
                for (part, value) in [("", figure.value), (".lower", figure.lower), (".upper", figure.upper)] {
                    guard let value else { continue }
                    add(
                        "insight.\(place + 1).\(figure.name)\(part)", value,
                        isShare ? FactText.share(value) : FactText.plain(value))
                }
            }
        }
        for forecast in forecasts {
            add("forecast.\(forecast.indicator)", forecast.value, FactText.value(forecast.indicator, forecast.value))
            for (part, value) in [("lower", forecast.lower), ("upper", forecast.upper)] {
                if let value {
                    add("forecast.\(forecast.indicator).\(part)", value, FactText.value(forecast.indicator, value))
                }
            }
        }
        if let atRisk {
            add("customers.atRisk", Double(atRisk.count), ReadableNumber.count(atRisk.count))
            add("customers", Double(atRisk.of), ReadableNumber.count(atRisk.of))
        }
        return facts
    }
}

/// Numbers as summaries say them.
enum FactText {
    private static let shares: Set<String> = ["conversion", "bounceRate", "stickiness"]

    static func isShare(_ indicator: String) -> Bool { shares.contains(indicator) }

    static func value(_ indicator: String, _ value: Double) -> String {
        if isShare(indicator) { return share(value) }
        return indicator == "averageOrder" ? ReadableNumber.fixed(value, 2) : plain(value)
    }

    static func plain(_ value: Double) -> String {
        value.magnitude >= 10 || value == value.rounded() ? ReadableNumber.whole(value) : ReadableNumber.fixed(value, 1)
    }

    static func share(_ value: Double) -> String { ReadableNumber.fixed(100 * value, 1) + " %" }

    static func change(_ share: Double) -> String {
        (share >= 0 ? "+" : "") + ReadableNumber.fixed(100 * share, 1) + " %"
    }

    /// As a sentence has it.
    static func name(_ indicator: String) -> String {
        switch indicator {
        case "newUsers": "new users"
        case "returningUsers": "returning users"
        case "averageOrder": "the average order"
        case "bounceRate": "the bounce rate"
        case "visitSeconds": "the length of visits"
        case "carts": "additions to the cart"
        default: indicator
        }
    }
}
