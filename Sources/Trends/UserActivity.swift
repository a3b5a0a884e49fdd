/// In which periods each user was active: what cohorts and lifecycles are read from.
package struct UserActivity: Sendable {
    package let period: TrendPeriod
    /// The first period's number.
    package let first: Int
    package let periodCount: Int
    /// Per user number the places of the periods with an event, ascending, each once; users come one after another.
    private let places: [Int32]
    private let starts: [Int]

    package init?(_ counter: TrendCounter, _ period: TrendPeriod) {
        let events = counter.events
        guard let greatest = events.users.max(), greatest >= 0 else { return nil }
        self.period = period
        first = period.number(ofDay: counter.days.lowerBound)
        periodCount = period.number(ofDay: counter.days.upperBound) - first + 1
        let byDay = (Int(counter.days.lowerBound)...Int(counter.days.upperBound)).map {
            period.number(ofDay: Int32($0))
        }
        var keys: [UInt64] = []
        keys.reserveCapacity(events.count)
        for event in 0..<events.count where events.users[event] >= 0 {
            let place = byDay[Int(events.days[event] - counter.days.lowerBound)] - first
            keys.append(UInt64(events.users[event]) << 32 | UInt64(place))
        }
        keys.sort()
        var places: [Int32] = []
        var starts = [0]
        var last: UInt64?
        for key in keys where key != last {
            while starts.count <= Int(key >> 32) { starts.append(places.count) }
            places.append(Int32(key & 0xffff_ffff))
            last = key
        }
        while starts.count <= Int(greatest) + 1 { starts.append(places.count) }
        self.places = places
        self.starts = starts
    }

    private var users: Range<Int> { 0..<(starts.count - 1) }

    private func places(of user: Int) -> ArraySlice<Int32> { places[starts[user]..<starts[user + 1]] }

    /// Users by the period that they were first seen in.
    package struct Cohort: Sendable, Equatable {
        package let name: String
        package let userCount: Int
        /// Those of them who were active so many periods later; the first is all of them. Ends with the log.
        package let activeCounts: [Int]
    }

    /// Periods in which nobody came for the first time have none. O(users · their periods).
    package var cohorts: [Cohort] {
        var counts = (0..<periodCount).map { [Int](repeating: 0, count: periodCount - $0) }
        for user in users {
            let places = places(of: user)
            guard let start = places.first else { continue }
            for place in places { counts[Int(start)][Int(place - start)] += 1 }
        }
        return counts.enumerated().compactMap { start, active in
            guard active[0] > 0 else { return nil }
            return Cohort(name: period.name(of: first + start), userCount: active[0], activeCounts: active)
        }
    }

    /// Who came, came back and stayed away in a period, by what they did in the one before it.
    package struct Lifecycle: Sendable, Equatable {
        package let name: String
        /// Never seen before.
        package internal(set) var newCount = 0
        /// Active in the period before too.
        package internal(set) var currentCount = 0
        /// Active before, not in the period before.
        package internal(set) var resurrectedCount = 0
        /// Active in the period before, and not in this one.
        package internal(set) var dormantCount = 0
    }

    package var lifecycle: [Lifecycle] {
        var steps = (0..<periodCount).map { Lifecycle(name: period.name(of: first + $0)) }
        for user in users {
            var before: Int32?
            for place in places(of: user) {
                switch before {
                case nil: steps[Int(place)].newCount += 1
                case place - 1: steps[Int(place)].currentCount += 1
                default: steps[Int(place)].resurrectedCount += 1
                }
                if let before, before != place - 1 { steps[Int(before) + 1].dormantCount += 1 }
                before = place
            }
            if let before, Int(before) + 1 < periodCount { steps[Int(before) + 1].dormantCount += 1 }
        }
        return steps
    }
}
