internal import Segmentation

/// The table of user features: one row a user and moment.
package enum UserFeatures {
    package static let definitions: [FeatureDefinition<EventHistory>] =
        basics + value + kinds.flatMap { byKind($0.0, $0.1) } + ratios + [7, 30, 90].flatMap { window($0) } + rhythm
        + visits
        + trends

    private static let kinds: [(VisitEvents.Kind, String)] = [
        (.view, "views"), (.search, "searches"), (.cart, "carts"), (.purchase, "purchases"),
    ]

    private static let basics: [FeatureDefinition<EventHistory>] = [
        .init("age_days", "days", "From the user's first event to the moment.") { $0.age },
        .init("recency_days", "days", "From the user's last event to the moment.") { $0.recency() },
        .init("events", "events", "All events before the moment.") { $0.count() },
        .init("active_days", "days", "Different days with an event.") { $0.activeDayCount },
        .init("distinct_items", "items", "Different items of the user's events.") { $0.itemCount },
        .init("events_per_active_day", "events", "Events on a day with any.") {
            share($0.count(), of: $0.activeDayCount)
        },
        .init(word: "channel", "The channel of most events.") { $0.channel },
    ]

    private static let value: [FeatureDefinition<EventHistory>] = [
        .init("revenue", "money", "What purchases came to; empty where no event tells.") { $0.revenue() },
        .init("revenue_30d", "money", "What purchases of the last 30 days came to.") { $0.revenue(days: 30) },
        .init("revenue_90d", "money", "What purchases of the last 90 days came to.") { $0.revenue(days: 90) },
        .init("revenue_per_purchase", "money", "What a purchase came to, in the mean.") {
            share($0.revenue(), of: $0.count(.purchase))
        },
        .init("categories", "categories", "Different categories of the user's events.") { $0.categoryCount },
        .init("category_share", "share", "Of the events with a category, those of the one that most have.") {
            $0.categoryShare
        },
        .init(word: "category", "The category of most events.") { $0.category },
    ]

    private static func byKind(_ kind: VisitEvents.Kind, _ name: String) -> [FeatureDefinition<EventHistory>] {
        [
            .init(name, "events", "All \(name) before the moment.") { $0.count(kind) },
            .init("\(name)_share", "share", "Of the events, those that are \(name).") {
                share($0.count(kind), of: $0.count())
            },
            .init(
                "\(name)_recency_days", "days",
                "From the last of the \(name) to the moment; empty where there is none."
            ) { $0.recency(kind) },
        ]
    }

    private static let ratios: [FeatureDefinition<EventHistory>] = [
        .init("purchases_per_cart", "share", "Purchases for each cart event.") {
            share($0.count(.purchase), of: $0.count(.cart))
        },
        .init("purchases_per_view", "share", "Purchases for each view.") {
            share($0.count(.purchase), of: $0.count(.view))
        },
    ]

    private static func window(_ days: Int) -> [FeatureDefinition<EventHistory>] {
        let length = Double(days)
        var features = [
            FeatureDefinition<EventHistory>("events_\(days)d", "events", "Events within the last \(days) days.") {
                $0.count(days: length)
            }
        ]
        for (kind, name) in kinds {
            features.append(
                FeatureDefinition("\(name)_\(days)d", "events", "The \(name) within the last \(days) days.") {
                    $0.count(kind, days: length)
                })
        }
        return features
    }

    private static let rhythm: [FeatureDefinition<EventHistory>] = [
        .init("weekend_share", "share", "Of the events, those on Saturdays and Sundays.") {
            $0.share { day, _ in EventHistory.isWeekend(day) }
        },
        .init("night_share", "share", "Of the events, those from 0 to 6 o'clock.") { $0.share { _, hour in hour < 6 } },
        .init("morning_share", "share", "Of the events, those from 6 to 12 o'clock.") {
            $0.share { _, hour in (6..<12).contains(hour) }
        },
        .init("afternoon_share", "share", "Of the events, those from 12 to 18 o'clock.") {
            $0.share { _, hour in (12..<18).contains(hour) }
        },
        .init("evening_share", "share", "Of the events, those from 18 to 24 o'clock.") {
            $0.share { _, hour in hour >= 18 }
        },
    ]

    private static let visits: [FeatureDefinition<EventHistory>] = [
        .init("visits", "visits", "Visits before the moment.") { Double($0.visits.count) },
        .init("visit_gap_days", "days", "Mean time from one visit's begin to the next; empty below two visits.") {
            history in
            guard let first = history.visits.first, let last = history.visits.last, history.visits.count > 1 else {
                return .nan
            }
            return history.days(history.events[first.lowerBound].time, history.events[last.lowerBound].time)
                / Double(history.visits.count - 1)
        },
        .init("visit_depth", "events", "Events of a visit, in the mean.") { $0.meanOverVisits { Double($0.count) } },
        .init("visit_seconds", "seconds", "From a visit's first event to its last, in the mean.") { history in
            history.meanOverVisits { history.duration($0) }
        },
        .init("bounce_share", "share", "Of the visits, those with one event.") {
            $0.meanOverVisits { $0.count == 1 ? 1 : 0 }
        },
        .init("buying_visit_share", "share", "Of the visits, those with a purchase.") { history in
            history.meanOverVisits { visit in history.events[visit].contains { $0.kind == .purchase } ? 1 : 0 }
        },
    ]

    private static let trends: [FeatureDefinition<EventHistory>] = [
        .init("events_trend_7d", "events", "Events of the last 7 days less those of the 7 before.") {
            $0.count(days: 7) - $0.count(days: 7, before: 7)
        },
        .init("events_trend_30d", "events", "Events of the last 30 days less those of the 30 before.") {
            $0.count(days: 30) - $0.count(days: 30, before: 30)
        },
        .init("purchases_trend_30d", "events", "Purchases of the last 30 days less those of the 30 before.") {
            $0.count(.purchase, days: 30) - $0.count(.purchase, days: 30, before: 30)
        },
    ]
}
