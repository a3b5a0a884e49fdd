// Design note. Events become visits, and visits become rows of features:
//
//     events of one user and session id, or without one of one user without a pause longer than `gap`  ─▶  a visit
//
// A visit's purchases are its outcome, not a feature.

package import Interactions

/// Events in columns, one element an event, in any order.
package struct VisitEvents: Sendable {
    package enum Kind: UInt8, Sendable, CaseIterable {
        case view, search, cart, purchase, other

        /// The kind that an event type's name tells; capitals, `_`, `-` and spaces do not matter.
        package init(named name: String) {
            switch String(name.lowercased().unicodeScalars.filter { !"_- ".unicodeScalars.contains($0) }) {
            case "view", "click", "pageview", "visit", "productview", "detail": self = .view
            case "search", "query": self = .search
            case "cart", "addtocart", "basket", "addtobasket": self = .cart
            case "purchase", "order", "buy", "transaction", "checkout": self = .purchase
            default: self = .other
            }
        }
    }

    /// Dense numbers from 0.
    package let users: [Int32]
    /// Likewise; -1 for an event without an item, such as a search.
    package let items: [Int32]
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let times: [Int64]
    package let kinds: [Kind]
    /// Given sessions, dense numbers from 0, each user's own: two users of one number have two visits. -1 for an event
    /// without one, whose visit is found by gaps.
    package let sessions: [Int32]
    /// Where it took place, as indexes of `channelNames`; -1 where that is not told.
    package let channels: [Int32]
    package let channelNames: [String]

    /// Without sessions and channels no event has one.
    package init(
        users: [Int32], items: [Int32], times: [Int64], kinds: [Kind], sessions: [Int32]? = nil,
        channels: [Int32]? = nil, channelNames: [String] = []
    ) {
        let none = [Int32](repeating: -1, count: users.count)
        let (sessions, channels) = (sessions ?? none, channels ?? none)
        precondition(items.count == users.count && times.count == users.count && kinds.count == users.count)
        precondition(sessions.count == users.count && channels.count == users.count)
        self.users = users
        self.items = items
        self.times = times
        self.kinds = kinds
        self.sessions = sessions
        self.channels = channels
        self.channelNames = channelNames
    }

    /// The events of each visit in the order of their times. Visits come in the order of sessions, then of users and time.
    package func visits(gap: SessionGap = .standard) -> [[Int]] {
        // Events without a session come last.
        let groups = sessions.map { $0 >= 0 ? $0 : .max }
        let order = users.indices.sorted {
            (groups[$0], users[$0], times[$0], $0) < (groups[$1], users[$1], times[$1], $1)
        }
        var visits: [[Int]] = []
        var last: Int?
        for event in order {
            let continues = last.map { previous in
                sessions[previous] == sessions[event] && users[previous] == users[event]
                    && (sessions[event] >= 0 || !gap.separates(times[previous], times[event]))
            }
            if continues == true {
                visits[visits.count - 1].append(event)
            } else {
                visits.append([event])
            }
            last = event
        }
        return visits
    }
}

/// What is measured of one visit.
package struct VisitMeasures: Sendable, Equatable {
    /// From the first event to the last: 0 for a single one, since nobody knows when its page was left.
    package var durationSeconds = 0.0
    package var counts = [Int](repeating: 0, count: VisitEvents.Kind.allCases.count)
    package var distinctItemCount = 0
    package var startMilliseconds: Int64 = 0
    /// Of the first event that tells one; -1 where none does.
    package var channel: Int32 = -1

    package init(_ events: [Int], of log: VisitEvents) {
        guard let first = events.first, let last = events.last else { return }
        startMilliseconds = log.times[first]
        durationSeconds = Double(log.times[last] - log.times[first]) / 1000
        var items: Set<Int32> = []
        for event in events {
            counts[Int(log.kinds[event].rawValue)] += 1
            if log.kinds[event] != .search && log.items[event] >= 0 { items.insert(log.items[event]) }
            if channel < 0 { channel = log.channels[event] }
        }
        distinctItemCount = items.count
    }

    package func count(of kind: VisitEvents.Kind) -> Int { counts[Int(kind.rawValue)] }

    /// Purchases left out: see the design note.
    private var pageCount: Int { counts.reduce(0, +) - count(of: .purchase) }
    private var itemEventCount: Int { pageCount - count(of: .search) }

    /// Names and values of the features, in order.
    package var features: [(name: String, value: Double)] {
        let pages = Double(pageCount)
        func share(_ kind: VisitEvents.Kind) -> Double { pages == 0 ? 0 : Double(count(of: kind)) / pages }
        let repeats =
            itemEventCount == 0 ? 0 : max(0, 1 - Double(distinctItemCount) / Double(itemEventCount))
        return [
            ("duration_seconds", durationSeconds), ("views", Double(count(of: .view))),
            ("searches", Double(count(of: .search))), ("carts", Double(count(of: .cart))),
            ("distinct_items", Double(distinctItemCount)), ("bounce", pageCount <= 1 ? 1 : 0),
            ("search_share", share(.search)), ("cart_share", share(.cart)), ("repeat_share", repeats),
            ("seconds_per_event", pageCount <= 1 ? 0 : durationSeconds / (pages - 1)), ("hour", hour),
            ("weekend", isWeekend ? 1 : 0),
        ]
    }

    /// Of the day, UTC, in 0 ..< 24.
    private var hour: Double {
        let day: Int64 = 86_400_000
        return Double(((startMilliseconds % day) + day) % day) / 3_600_000
    }

    /// 1970-01-01 was a Thursday.
    private var isWeekend: Bool {
        let day: Int64 = 86_400_000
        let number = startMilliseconds >= 0 ? startMilliseconds / day : (startMilliseconds - day + 1) / day
        return [2, 3].contains(((number % 7) + 7) % 7)
    }
}

extension VisitTable {
    /// When and where a visit took place is no behaviour, but it would part the visits before anything else does.
    package static let circumstances = ["hour", "weekend", "channel"]

    /// One row per visit. Features that are the same for every visit are left out. Conversion is a purchase, where the events
    /// have any. Periods are those of `VisitPeriods`.
    ///
    /// - Parameters:
    ///   - isFeature: which of the features to keep, by name; `channel` becomes one of each channel, 1 or 0.
    ///   - name: the id of the visit that begins with this event; `position` counts from 0.
    package init(
        _ log: VisitEvents, gap: SessionGap = .standard,
        isFeature: (String) -> Bool = { !VisitTable.circumstances.contains($0) },
        name: (_ event: Int, _ position: Int) -> String
    ) throws(SegmentationError) {
        let visits = log.visits(gap: gap)
        let measures = visits.map { VisitMeasures($0, of: log) }
        var features: [Feature] = []
        for (index, named) in (measures.first?.features ?? []).enumerated() where isFeature(named.name) {
            let values = measures.map { $0.features[index].value }
            if values.contains(where: { $0 != values[0] }) { features.append(Feature(named.name, values)) }
        }
        if isFeature("channel") { features += Self.channels(of: measures, named: log.channelNames) }
        let starts = measures.map(\.startMilliseconds)
        let first = starts.min() ?? 0
        let calendar = VisitPeriods(from: first, to: starts.max() ?? 0)
        let periods = starts.map { calendar.period(of: $0) }
        let hasPurchases = log.kinds.contains(.purchase)
        try self.init(
            ids: visits.enumerated().map { name($0.element[0], $0.offset) }, features: features,
            isConverted: hasPurchases ? measures.map { $0.count(of: .purchase) > 0 } : nil, periods: periods,
            periodNames: (0...(periods.max() ?? 0)).map { calendar.name(ofPeriod: $0) })
    }

    /// One feature a channel, ascending by its name.
    private static func channels(of visits: [VisitMeasures], named names: [String]) -> [Feature] {
        names.enumerated().sorted { $0.element < $1.element }.map { index, name in
            Feature("channel=\(name)", visits.map { Int($0.channel) == index ? 1 : 0 })
        }.filter { feature in feature.values.contains { $0 != feature.values[0] } }
    }
}
