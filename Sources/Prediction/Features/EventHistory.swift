package import Segmentation

// Design note. Features are what was known at a moment. An `EventHistory` is made of the events before that moment and holds
// no others, so no feature can look past it; outcomes are counted from the events that it leaves out.

/// What one user did before a moment.
package struct EventHistory: Sendable {
    package struct Event: Sendable {
        package let time: Int64
        package let kind: VisitEvents.Kind
        /// -1 where the event has none.
        package let item: Int32
        package let channel: Int32
        /// What it came to; NaN where that is not told.
        package var amount = Double.nan
        /// Of its item; -1 where that is not told.
        package var category: Int32 = -1
    }

    /// Milliseconds since 1970; all events are before it.
    package let moment: Int64
    /// Ascending by time within a visit; visits that overlap, as two sessions may, follow each other.
    package let events: [Event]
    /// Where each visit begins and ends in `events`.
    package let visits: [Range<Int>]
    package let channelNames: [String]
    package let categoryNames: [String]
    /// Milliseconds that clocks are ahead of UTC, at a time.
    let offset: @Sendable (Int64) -> Int64

    static let dayMilliseconds: Int64 = 86_400_000

    init(
        moment: Int64, events: [Event], visits: [Range<Int>], channelNames: [String], categoryNames: [String],
        offset: @escaping @Sendable (Int64) -> Int64
    ) {
        precondition(events.allSatisfy { $0.time < moment }, "an event at or after the moment")
        self.moment = moment
        self.events = events
        self.visits = visits
        self.channelNames = channelNames
        self.categoryNames = categoryNames
        self.offset = offset
    }

    /// Events of a kind within the last so many days; nil: of any kind, or of all time.
    func count(_ kind: VisitEvents.Kind? = nil, days: Double? = nil, before: Double = 0) -> Double {
        let to = moment - Int64(before * Double(Self.dayMilliseconds))
        let from = days.map { to - Int64($0 * Double(Self.dayMilliseconds)) } ?? .min
        return Double(events.count { $0.time >= from && $0.time < to && (kind == nil || $0.kind == kind) })
    }

    /// Days to the moment from the last event of a kind; NaN where there is none.
    func recency(_ kind: VisitEvents.Kind? = nil) -> Double {
        let times = events.lazy.filter { kind == nil || $0.kind == kind }.map(\.time)
        return times.max().map { days($0, moment) } ?? .nan
    }

    var age: Double { events.lazy.map(\.time).min().map { days($0, moment) } ?? .nan }

    func days(_ from: Int64, _ to: Int64) -> Double { Double(to - from) / Double(Self.dayMilliseconds) }

    /// The local day's number and the hour in it, 0 to 24.
    func clock(_ time: Int64) -> (day: Int64, hour: Double) {
        let local = time + offset(time)
        let (quotient, remainder) = local.quotientAndRemainder(dividingBy: Self.dayMilliseconds)
        let day = remainder < 0 ? quotient - 1 : quotient
        return (day, Double(local - day * Self.dayMilliseconds) / 3_600_000)
    }

    /// Of the events, those whose local time is so.
    func share(where isSo: (_ day: Int64, _ hour: Double) -> Bool) -> Double {
        Prediction.share(
            Double(
                events.count {
                    let (day, hour) = clock($0.time)
                    return isSo(day, hour)
                }), of: Double(events.count))
    }

    /// 1970-01-01 was a Thursday.
    static func isWeekend(_ day: Int64) -> Bool { [2, 3].contains(((day % 7) + 7) % 7) }

    var activeDayCount: Double { Double(Set(events.map { clock($0.time).day }).count) }

    var itemCount: Double { Double(Set(events.lazy.map(\.item).filter { $0 >= 0 }).count) }

    /// The channel of most events; of equal ones the first by its name.
    var channel: String { most(\.channel, channelNames)?.name ?? "" }

    var category: String { most(\.category, categoryNames)?.name ?? "" }

    /// Of the events with a category, those of the one that most have.
    var categoryShare: Double {
        Prediction.share(
            Double(most(\.category, categoryNames)?.count ?? 0), of: Double(events.count { $0.category >= 0 }))
    }

    var categoryCount: Double { Double(Set(events.lazy.map(\.category).filter { $0 >= 0 }).count) }

    private func most(_ part: KeyPath<Event, Int32>, _ names: [String]) -> (name: String, count: Int)? {
        var counts: [Int32: Int] = [:]
        for event in events where event[keyPath: part] >= 0 { counts[event[keyPath: part], default: 0] += 1 }
        return counts.map { (name: names[Int($0.key)], count: $0.value) }.min {
            $0.count == $1.count
                ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : $0.count > $1.count
        }
    }

    /// What purchases came to within the last so many days, or ever; NaN where there are purchases and none tells.
    func revenue(days: Double? = nil) -> Double {
        let from = days.map { moment - Int64($0 * Double(Self.dayMilliseconds)) } ?? .min
        let bought = events.filter { $0.kind == .purchase && $0.time >= from }
        let told = bought.lazy.map(\.amount).filter { $0.isFinite }
        return bought.isEmpty ? 0 : told.isEmpty ? .nan : told.reduce(0, +)
    }

    func duration(_ visit: Range<Int>) -> Double {
        visit.isEmpty ? 0 : Double(events[visit.upperBound - 1].time - events[visit.lowerBound].time) / 1000
    }

    /// Over visits; NaN where there are none.
    func meanOverVisits(_ value: (Range<Int>) -> Double) -> Double {
        Prediction.share(visits.reduce(0) { $0 + value($1) }, of: Double(visits.count))
    }
}
