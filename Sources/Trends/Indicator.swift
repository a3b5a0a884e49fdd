/// What is counted of a period.
package enum Indicator: String, Sendable, CaseIterable {
    /// Different users.
    case users
    /// Of these, those never seen before.
    case newUsers
    case returningUsers
    case visits
    case views
    case carts
    /// Events of purchase; of order files, rows.
    case purchases
    /// Visits with a purchase over visits.
    case conversion
    /// Visits of one event over visits.
    case bounceRate
    /// From a visit's first event to its last, the mean.
    case visitSeconds
    /// Visits with a purchase.
    case orders
    case revenue
    /// Revenue over orders.
    case averageOrder
    /// Users of a day over those of the 28 days that end with it.
    case stickiness

    /// Counts and sums, which are 0 where there was nothing; the others are then unknown.
    package var isCount: Bool {
        switch self {
        case .conversion, .bounceRate, .visitSeconds, .averageOrder, .stickiness: false
        default: true
        }
    }

    /// Whether the values of groups add up to the total's.
    package var addsUp: Bool {
        switch self {
        case .visits, .views, .carts, .purchases, .orders, .revenue: true
        default: false
        }
    }

    /// Those that say something of such events.
    package static func known(of events: TrendEvents) -> [Indicator] {
        allCases.filter { indicator in
            switch indicator {
            case .visits, .views, .carts, .conversion, .bounceRate, .visitSeconds: events.hasVisits
            case .revenue, .averageOrder: !events.amounts.isEmpty
            default: true
            }
        }
    }
}
