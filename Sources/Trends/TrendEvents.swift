package import Interactions
package import Segmentation

/// What happened, in columns, ready to be counted by local days: one element an event, in any order.
package struct TrendEvents: Sendable {
    /// Dense numbers from 0; -1 where nobody is known.
    package private(set) var users: [Int32]
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package private(set) var times: [Int64]
    /// Days since 1970-01-01 by the clocks of the place.
    package private(set) var days: [Int32]
    package private(set) var kinds: [VisitEvents.Kind]
    /// Per event the number of its visit, or of its order where orders are all that is known.
    package private(set) var visits: [Int32]
    /// What an event came to; NaN where that is not told. Empty where no row tells.
    package private(set) var amounts: [Double]
    /// Per event an index of `groupNames`; -1 where it has none. Empty where nothing was grouped.
    package private(set) var groups: [Int32]
    package private(set) var groupNames: [String]
    /// Whether a visit is more than an order.
    package let hasVisits: Bool
    /// Rows that were not taken: of orders, those with a quantity or a price of zero or less.
    package let leftOutCount: Int

    package var count: Int { times.count }

    /// By what events are broken down.
    package enum Dimension: String, Sendable, CaseIterable {
        case channel
        case category
        case gender
        case cityTier
    }

    /// - Parameters:
    ///   - log: read for trends or for visits.
    ///   - given: what events came to, where the caller knows better than the log.
    package init(
        _ log: BehaviourLog, zone: TimeZoneRules, gap: SessionGap = .standard, by dimension: Dimension? = nil,
        amounts given: [Double]? = nil
    ) {
        let kinds = log.eventTypes.map { VisitEvents.Kind(named: $0) }
        self.kinds = log.eventTypeIndexes.map { kinds[Int($0)] }
        let events = VisitEvents(
            users: log.userIndexes, items: log.itemIndexes, times: log.times, kinds: self.kinds,
            sessions: log.sessionIndexes)
        var visits = [Int32](repeating: 0, count: log.count)
        for (number, visit) in events.visits(gap: gap).enumerated() {
            for event in visit { visits[event] = Int32(number) }
        }
        self.visits = visits
        users = log.userIndexes
        times = log.times
        days = log.times.map { zone.day(ofMilliseconds: $0) }
        let amounts = given ?? log.amounts
        self.amounts = amounts.allSatisfy(\.isNaN) ? [] : amounts
        (groups, groupNames) = dimension.map { Self.groups(of: log, by: $0) } ?? ([], [])
        hasVisits = true
        leftOutCount = 0
    }

    /// The same events in other groups.
    func grouped(by places: [Int32], names: [String]) -> TrendEvents {
        precondition(places.count == count)
        var events = self
        (events.groups, events.groupNames) = (places, names)
        return events
    }

    /// Per event an index of the names, -1 for none.
    package static func groups(of log: BehaviourLog, by dimension: Dimension) -> ([Int32], [String]) {
        let (indexes, table) =
            switch dimension {
            case .channel: (log.channelIndexes, log.channels)
            case .category: (log.categoryIndexes, log.categories)
            case .gender: (log.genderIndexes, log.genders)
            case .cityTier: (log.cityTierIndexes, log.cityTiers)
            }
        return (indexes, (0..<table.count).map { table.id(at: $0) })
    }

    /// Each row a purchase, each order a visit. Rows that came back, and those without a price, are left out and counted.
    package init(_ log: TransactionLog, zone: TimeZoneRules) {
        let rows = (0..<log.count).filter { log.quantities[$0] > 0 && log.prices[$0] > 0 }
        users = rows.map { log.customerIndexes[$0] }
        times = rows.map { log.times[$0] }
        days = times.map { zone.day(ofMilliseconds: $0) }
        kinds = Array(repeating: .purchase, count: rows.count)
        // One order id of two customers, or of two days, as with --orders days, is two orders.
        var numbers: [OrderKey: Int32] = [:]
        visits = rows.map { row in
            let key = OrderKey(order: log.orderIndexes[row], customer: log.customerIndexes[row])
            if let number = numbers[key] { return number }
            numbers[key] = Int32(numbers.count)
            return Int32(numbers.count - 1)
        }
        amounts = rows.map { log.quantities[$0] * log.prices[$0] }
        groups = []
        groupNames = []
        hasVisits = false
        leftOutCount = log.count - rows.count
    }

    private struct OrderKey: Hashable {
        let order: Int32
        let customer: Int32
    }

    /// Made up, for tests: every event of a visit of its own unless `visits` says so.
    package init(
        users: [Int32], times: [Int64], kinds: [VisitEvents.Kind], visits: [Int32], amounts: [Double] = [],
        groups: [Int32] = [], groupNames: [String] = [], zone: TimeZoneRules = .utc, hasVisits: Bool = true
    ) {
        precondition(users.count == times.count && kinds.count == times.count && visits.count == times.count)
        precondition(amounts.isEmpty || amounts.count == times.count)
        precondition(groups.isEmpty || groups.count == times.count)
        self.users = users
        self.times = times
        self.kinds = kinds
        self.visits = visits
        self.amounts = amounts
        self.groups = groups
        self.groupNames = groupNames
        self.hasVisits = hasVisits
        days = times.map { zone.day(ofMilliseconds: $0) }
        leftOutCount = 0
    }
}
