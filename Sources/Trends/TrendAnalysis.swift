/// All that is told of a log of events.
package struct TrendAnalysis: Sendable {
    package struct Group: Sendable {
        package let name: String
        package let tables: [IndicatorTable]
    }

    package let counter: TrendCounter
    /// By day and by week, the same indicators each.
    package let tables: [IndicatorTable]
    package let trends: [IndicatorTrend]
    /// Those with most events first, and of equal ones by name.
    package let groups: [Group]
    /// Groups beyond the limit.
    package let leftOutGroupCount: Int
    package let funnels: [Funnel]
    package let cohorts: [UserActivity.Cohort]
    package let lifecycle: [UserActivity.Lifecycle]

    /// More are no breakdown that anybody reads, and each costs a pass over the events.
    package static let greatestGroupCount = 50
    private static let periods: [TrendPeriod] = [.day, .week]

    /// - Parameter indicators: those of the log that are wanted.
    /// - Parameter progress: called with the steps done and those to do.
    package init(
        _ counter: TrendCounter, indicators: [Indicator], retention: TrendPeriod,
        progress: (Int, Int) -> Void = { _, _ in }
    ) {
        self.counter = counter
        let order = Self.groupOrder(counter.events)
        let kept = order.prefix(Self.greatestGroupCount)
        leftOutGroupCount = order.count - kept.count
        let known = Set(Indicator.known(of: counter.events)).intersection(indicators)
        let wanted = Indicator.allCases.filter { known.contains($0) }
        let steps = Self.periods.count * (1 + wanted.count) + kept.count
        var done = 0
        func step() {
            done += 1
            progress(done, steps)
        }
        tables = Self.periods.map { period in
            defer { step() }
            return counter.table(period)
        }
        groups = kept.map { group in
            defer { step() }
            return Group(
                name: counter.events.groupNames[Int(group)],
                tables: Self.periods.map { counter.table($0, group: group) })
        }
        var trends: [IndicatorTrend] = []
        for (place, table) in tables.enumerated() {
            for indicator in wanted where table.values[indicator] != nil {
                let parts = indicator.addsUp ? groups.map { ($0.name, $0.tables[place].values[indicator] ?? []) } : []
                trends.append(IndicatorTrend(indicator, table, parts: parts))
                step()
            }
        }
        self.trends = trends
        funnels = counter.funnels
        cohorts = UserActivity(counter, retention)?.cohorts ?? []
        lifecycle = UserActivity(counter, .week)?.lifecycle ?? []
    }

    private static func groupOrder(_ events: TrendEvents) -> [Int32] {
        var counts = [Int](repeating: 0, count: events.groupNames.count)
        for group in events.groups where group >= 0 { counts[Int(group)] += 1 }
        return counts.indices.sorted { first, second in
            counts[first] != counts[second]
                ? counts[first] > counts[second] : events.groupNames[first] < events.groupNames[second]
        }.map { Int32($0) }
    }

    /// Days of the log with an event, and those without.
    package var dayCounts: (withData: Int, without: Int) {
        let users = tables[0].values[.users] ?? []
        let known = users.count { $0 != nil }
        return (known, users.count - known)
    }
}
