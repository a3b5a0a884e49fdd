package import Interactions
package import Segmentation

/// Events as histories of users, from which both tables of features are made.
package struct FeatureTables: Sendable {
    struct User {
        var events: [EventHistory.Event] = []
        var visits: [Range<Int>] = []
    }

    /// By the numbers of the log.
    let users: [User]
    private let channelNames: [String]
    private let categoryNames: [String]
    private let offset: @Sendable (Int64) -> Int64
    /// Of all events; nil where there are none.
    package let firstTime: Int64?
    package let lastTime: Int64?

    /// A row of user features.
    package struct UserRow: Sendable {
        package let user: Int32
        package let moment: Int64
        package let history: EventHistory
        /// Within the days after the moment; nil where the events end before.
        package let purchases: Bool?
        /// Whether there was no event at all.
        package let churns: Bool?
    }

    /// A row of visit features.
    package struct VisitRow: Sendable {
        package let user: Int32
        package let start: Int64
        package let moment: Int64
        package let soFar: VisitSoFar
        /// Whether a purchase came after the moment in the visit.
        package let converts: Bool
        /// Whether nothing came after the moment.
        package let ends: Bool
    }

    /// - Parameters:
    ///   - amounts: what each event came to, NaN where that is not told; empty: of none it is.
    ///   - categories: per event an index of the names, -1 for none; empty: none has one.
    ///   - offset: milliseconds that clocks are ahead of UTC, at a time.
    package init(
        _ log: VisitEvents, gap: SessionGap = .standard, amounts: [Double] = [], categories: [Int32] = [],
        categoryNames: [String] = [],
        offset: @escaping @Sendable (Int64) -> Int64 = { _ in 0 }
    ) {
        var users = [User](repeating: User(), count: Int(log.users.max() ?? -1) + 1)
        var visits = log.visits(gap: gap)
        // A user's visits in the order of their beginnings, whatever sessions are called.
        visits.sort { (log.times[$0[0]], $0[0]) < (log.times[$1[0]], $1[0]) }
        for visit in visits {
            let user = Int(log.users[visit[0]])
            let start = users[user].events.count
            for event in visit {
                users[user].events.append(
                    .init(
                        time: log.times[event], kind: log.kinds[event], item: log.items[event],
                        channel: log.channels[event], amount: amounts.isEmpty ? .nan : amounts[event],
                        category: categories.isEmpty ? -1 : categories[event]))
            }
            users[user].visits.append(start..<users[user].events.count)
        }
        self.users = users
        channelNames = log.channelNames
        self.categoryNames = categoryNames
        self.offset = offset
        firstTime = log.times.min()
        lastTime = log.times.max()
    }

    /// A row for each user with an event before the moment, ascending by the user's number.
    package func userRows(moment: Int64, days: Int) -> [UserRow] {
        let end = moment + Int64(days) * EventHistory.dayMilliseconds
        let isKnown = lastTime.map { $0 >= end - EventHistory.dayMilliseconds } ?? false
        return users.indices.compactMap { user in
            guard let history = history(of: user, before: moment) else { return nil }
            let later = users[user].events.filter { $0.time >= moment && $0.time < end }
            return UserRow(
                user: Int32(user), moment: moment, history: history,
                purchases: isKnown ? later.contains { $0.kind == .purchase } : nil,
                churns: isKnown ? later.isEmpty : nil)
        }
    }

    /// A row for each visit with so many events before a purchase, in the order of their moments.
    /// - Parameters:
    ///   - isWanted: of which users; all by default.
    ///   - latestOnly: of each user the latest such visit alone.
    package func visitRows(
        afterEvents count: Int, latestOnly: Bool = false, of isWanted: (Int32) -> Bool = { _ in true }
    ) -> [VisitRow] {
        precondition(count >= 1)
        return users.indices.flatMap { user -> [VisitRow] in
            guard isWanted(Int32(user)) else { return [] }
            let rows = rows(of: user, count)
            return latestOnly ? rows.suffix(1) : rows
        }.sorted { ($0.moment, $0.user) < ($1.moment, $1.user) }
    }

    /// The user's past grows from visit to visit by the events before the next one's begin.
    private func rows(of user: Int, _ count: Int) -> [VisitRow] {
        let events = users[user].events.sorted { $0.time < $1.time }
        var (place, past, items) = (0, UserPast(), Set<Int32>())
        var (lastEvent, lastPurchase): (Int64?, Int64?)
        var starts: [Int64] = []
        return users[user].visits.compactMap { visit -> VisitRow? in
            let start = users[user].events[visit.lowerBound].time
            while place < events.count, events[place].time < start {
                let event = events[place]
                past.eventCount += 1
                past.cartCount += event.kind == .cart ? 1 : 0
                lastEvent = event.time
                if event.kind == .purchase { (past.purchaseCount, lastPurchase) = (past.purchaseCount + 1, event.time) }
                if event.item >= 0 { items.insert(event.item) }
                place += 1
            }
            while past.visitCount < starts.count, starts[past.visitCount] < start { past.visitCount += 1 }
            starts.append(start)
            guard let row = draft(user, visit, count) else { return nil }
            var known = past
            func days(_ time: Int64?) -> Double {
                time.map { Double(start - $0) / Double(EventHistory.dayMilliseconds) } ?? .nan
            }
            (known.daysSinceEvent, known.daysSincePurchase) = (days(lastEvent), days(lastPurchase))
            let met = Set(row.visit.events.lazy.map(\.item).filter { $0 >= 0 })
            known.knownItemShare = share(Double(met.count { items.contains($0) }), of: Double(met.count))
            return VisitRow(
                user: Int32(user), start: start, moment: row.moment, soFar: VisitSoFar(visit: row.visit, past: known),
                converts: row.converts, ends: row.ends)
        }
    }

    private struct Draft {
        let visit: EventHistory
        let moment: Int64
        let converts: Bool
        let ends: Bool
    }

    private func draft(_ user: Int, _ visit: Range<Int>, _ count: Int) -> Draft? {
        let events = users[user].events[visit]
        guard events.count >= count, !events.prefix(count).contains(where: { $0.kind == .purchase }) else { return nil }
        let last = events[visit.lowerBound + count - 1].time
        let rest = events.dropFirst(count)
        return Draft(
            // Just after the last of them.
            visit: EventHistory(
                moment: last + 1, events: Array(events.prefix(count)), visits: [0..<count], channelNames: channelNames,
                categoryNames: categoryNames,
                offset: offset),
            moment: last, converts: rest.contains { $0.kind == .purchase }, ends: rest.isEmpty)
    }

    /// Nil where nothing was before the moment. A visit that goes on over the moment is cut there.
    func history(of user: Int, before moment: Int64) -> EventHistory? {
        // Sessions of one user may overlap, so their events are not in the order of time.
        var (events, visits): ([EventHistory.Event], [Range<Int>]) = ([], [])
        for visit in users[user].visits {
            let start = events.count
            events += users[user].events[visit].lazy.filter { $0.time < moment }
            if events.count > start { visits.append(start..<events.count) }
        }
        guard !events.isEmpty else { return nil }
        return EventHistory(
            moment: moment, events: events, visits: visits, channelNames: channelNames, categoryNames: categoryNames,
            offset: offset)
    }
}
