import Segmentation

/// Indicators by period, from the first period with an event to the last. Periods without any event at all are unknown, not zero: the
/// log has nothing of them.
package struct IndicatorTable: Sendable {
    package let period: TrendPeriod
    /// The first period's number.
    package let first: Int
    package let values: [Indicator: [Double?]]
    /// Per period, whether the log begins or ends inside of it.
    package let isPartial: [Bool]

    package var count: Int { isPartial.count }

    package func name(of place: Int) -> String { period.name(of: first + place) }
}

/// Counts events by period, all of them and by group.
package struct TrendCounter: Sendable {
    package let events: TrendEvents
    let visits: VisitSummaries
    /// The days with the first and the last event.
    package let days: ClosedRange<Int32>

    /// Days that a user counts as active after an event.
    private static let activeDayCount = 28

    /// Nil of no events.
    package init?(_ events: TrendEvents) {
        guard let first = events.days.min(), let last = events.days.max() else { return nil }
        self.events = events
        visits = VisitSummaries(events)
        days = first...last
    }

    /// The same events in other groups: per event an index of the names, -1 for none.
    package func grouped(by places: [Int32], names: [String]) -> TrendCounter {
        TrendCounter(events: events.grouped(by: places, names: names), visits: visits, days: days)
    }

    private init(events: TrendEvents, visits: VisitSummaries, days: ClosedRange<Int32>) {
        (self.events, self.visits, self.days) = (events, visits, days)
    }

    /// - Parameter group: of one group alone; nil: all. A visit is of the group of its first event.
    package func table(_ period: TrendPeriod, group: Int32? = nil) -> IndicatorTable {
        let first = period.number(ofDay: days.lowerBound)
        let count = period.number(ofDay: days.upperBound) - first + 1
        var tally = Tally(count: count)
        // A period is found once a day, not once an event.
        let places = (Int(days.lowerBound)...Int(days.upperBound)).map { period.number(ofDay: Int32($0)) - first }
        func place(_ event: Int) -> Int { places[Int(events.days[event] - days.lowerBound)] }
        var hasData = [Bool](repeating: false, count: count)
        var firstPlaces = [Int](repeating: .max, count: Int(events.users.max() ?? -1) + 1)
        for event in 0..<events.count {
            let place = place(event)
            hasData[place] = true
            let user = Int(events.users[event])
            if user >= 0 { firstPlaces[user] = min(firstPlaces[user], place) }
            guard isOf(group, event) else { continue }
            tally.add(events, event, at: place)
        }
        for (visit, event) in visits.firstEvents.enumerated() where event >= 0 && isOf(group, event) {
            tally.add(visits, visit, at: place(event))
        }
        tally.countUsers(firstPlaces)
        var values = tally.values(Indicator.known(of: events), hasData: hasData)
        if period == .day { values[.stickiness] = stickiness(tally.userKeys, hasData: hasData) }
        let isPartial = (0..<count).map { place in
            period.firstDay(of: first + place) < Int(days.lowerBound)
                || period.firstDay(of: first + place + 1) - 1 > Int(days.upperBound)
        }
        return IndicatorTable(period: period, first: first, values: values, isPartial: isPartial)
    }

    func isOf(_ group: Int32?, _ event: Int) -> Bool { group.map { events.groups[event] == $0 } ?? true }

    /// - Parameter keys: of days and users, ascending, each once.
    private func stickiness(_ keys: [UInt64], hasData: [Bool]) -> [Double?] {
        var active = [Int32](repeating: 0, count: Int(events.users.max() ?? -1) + 1)
        var (activeCount, leaving, next) = (0, 0, 0)
        return hasData.indices.map { day in
            var today = 0
            while next < keys.count && Tally.place(keys[next]) == day {
                let user = Tally.user(keys[next])
                if active[user] == 0 { activeCount += 1 }
                active[user] += 1
                today += 1
                next += 1
            }
            while leaving < next && Tally.place(keys[leaving]) <= day - Self.activeDayCount {
                let user = Tally.user(keys[leaving])
                active[user] -= 1
                if active[user] == 0 { activeCount -= 1 }
                leaving += 1
            }
            return hasData[day] && activeCount > 0 ? Double(today) / Double(activeCount) : nil
        }
    }
}

/// The sums behind a table.
private struct Tally {
    /// A period's place and a user's number in one; ascending and each once after `countUsers`.
    private(set) var userKeys: [UInt64] = []
    private var sums: [Indicator: [Double]] = [:]
    private let count: Int

    init(count: Int) {
        self.count = count
        for indicator in Indicator.allCases { sums[indicator] = Array(repeating: 0, count: count) }
    }

    static func place(_ key: UInt64) -> Int { Int(key >> 32) }
    static func user(_ key: UInt64) -> Int { Int(key & 0xffff_ffff) }

    mutating func add(_ events: TrendEvents, _ event: Int, at place: Int) {
        if events.users[event] >= 0 { userKeys.append(UInt64(place) << 32 | UInt64(events.users[event])) }
        switch events.kinds[event] {
        case .view: sums[.views]?[place] += 1
        case .cart: sums[.carts]?[place] += 1
        case .purchase:
            sums[.purchases]?[place] += 1
            if !events.amounts.isEmpty && !events.amounts[event].isNaN {
                sums[.revenue]?[place] += events.amounts[event]
            }
        case .search, .other: break
        }
    }

    mutating func add(_ visits: VisitSummaries, _ visit: Int, at place: Int) {
        sums[.visits]?[place] += 1
        if visits.hasPurchase[visit] { sums[.orders]?[place] += 1 }
        if visits.eventCounts[visit] == 1 { sums[.bounceRate]?[place] += 1 }
        sums[.visitSeconds]?[place] += visits.seconds[visit]
    }

    mutating func countUsers(_ firstPlaces: [Int]) {
        userKeys.sort()
        var last: UInt64?
        userKeys = userKeys.filter { key in
            defer { last = key }
            return key != last
        }
        for key in userKeys {
            let place = Self.place(key)
            sums[.users]?[place] += 1
            sums[firstPlaces[Self.user(key)] == place ? .newUsers : .returningUsers]?[place] += 1
        }
    }

    func values(_ known: [Indicator], hasData: [Bool]) -> [Indicator: [Double?]] {
        var values: [Indicator: [Double?]] = [:]
        for indicator in known where indicator != .stickiness {
            values[indicator] = hasData.indices.map { place -> Double? in
                guard hasData[place] else { return nil }
                switch indicator {
                case .conversion: return ratio(.orders, .visits, place)
                case .bounceRate, .visitSeconds: return ratio(indicator, .visits, place)
                case .averageOrder: return ratio(.revenue, .orders, place)
                default: return sums[indicator]?[place]
                }
            }
        }
        return values
    }

    private func ratio(_ part: Indicator, _ whole: Indicator, _ place: Int) -> Double? {
        guard let part = sums[part]?[place], let whole = sums[whole]?[place], whole > 0 else { return nil }
        return part / whole
    }
}
