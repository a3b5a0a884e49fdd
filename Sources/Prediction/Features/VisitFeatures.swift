internal import Segmentation

/// A visit as it was after its first events, and what its user had done before it.
package struct VisitSoFar: Sendable {
    /// The visit's events until the moment.
    package let visit: EventHistory
    package let past: UserPast
}

/// What a visit's user had done before it began.
package struct UserPast: Sendable, Equatable {
    package internal(set) var visitCount = 0
    package internal(set) var eventCount = 0
    package internal(set) var cartCount = 0
    package internal(set) var purchaseCount = 0
    /// From the last event; NaN where there is none, as the next.
    package internal(set) var daysSinceEvent = Double.nan
    package internal(set) var daysSincePurchase = Double.nan
    /// Of the visit's items so far, those of events before it.
    package internal(set) var knownItemShare = Double.nan
}

/// The table of visit features: one row a visit that has so many events, at the moment of the last of these.
package enum VisitFeatures {
    package static let definitions: [FeatureDefinition<VisitSoFar>] = now + past

    private static let now: [FeatureDefinition<VisitSoFar>] = [
        .init("seconds", "seconds", "From the visit's first event to the moment.") {
            $0.visit.duration(0..<$0.visit.events.count)
        },
        .init("views", "events", "Views so far.") { $0.visit.count(.view) },
        .init("searches", "events", "Searches so far.") { $0.visit.count(.search) },
        .init("carts", "events", "Cart events so far.") { $0.visit.count(.cart) },
        .init("others", "events", "Other events so far.") { $0.visit.count(.other) },
        .init("distinct_items", "items", "Different items so far.") { $0.visit.itemCount },
        .init("repeat_share", "share", "Of the events with an item, those whose item came before in the visit.") {
            row in
            let events = row.visit.events.count { $0.item >= 0 }
            return share(Double(events) - row.visit.itemCount, of: Double(events))
        },
        .init("hour", "hours", "The local time of day at which the visit began.") { row in
            row.visit.events.first.map { row.visit.clock($0.time).hour } ?? .nan
        },
        .init("weekday", "days", "Monday is 1.") { row in
            // 1970-01-01 was a Thursday.
            row.visit.events.first.map { Double(((row.visit.clock($0.time).day + 3) % 7 + 7) % 7 + 1) } ?? .nan
        },
        .init(word: "channel", "Where the visit takes place.") { $0.visit.channel },
    ]

    private static let past: [FeatureDefinition<VisitSoFar>] = [
        .init("visits_before", "visits", "The user's visits before this one.") { Double($0.past.visitCount) },
        .init("events_before", "events", "The user's events before this visit.") { Double($0.past.eventCount) },
        .init("carts_before", "events", "The user's cart events before this visit.") { Double($0.past.cartCount) },
        .init("purchases_before", "events", "The user's purchases before this visit.") {
            Double($0.past.purchaseCount)
        },
        .init("days_since_event", "days", "From the user's last event before this visit; empty in a first visit.") {
            $0.past.daysSinceEvent
        },
        .init(
            "days_since_purchase", "days", "From the user's last purchase before this visit; empty where there is none."
        ) {
            $0.past.daysSincePurchase
        },
        .init("known_items_share", "share", "Of the visit's items, those that the user met before it.") {
            $0.past.knownItemShare
        },
    ]
}
