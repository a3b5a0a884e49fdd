import Interactions
import Segmentation
import Testing
import TimeSeries

@testable import Trends

@Suite struct TrendTests {
    private static let day: Int64 = 86_400_000
    /// A Monday.
    private static let monday: Int64 = 15_341

    private struct Row {
        let user: Int32
        let day: Int64
        let second: Int64
        let kind: VisitEvents.Kind
        let visit: Int32
        var amount = Double.nan
        var group: Int32 = 0
    }

    private static func events(_ rows: [Row], zone: TimeZoneRules = .utc) -> TrendEvents {
        TrendEvents(
            users: rows.map(\.user), times: rows.map { (monday + $0.day) * day + $0.second * 1000 },
            kinds: rows.map(\.kind), visits: rows.map(\.visit), amounts: rows.map(\.amount),
            groups: rows.map(\.group), groupNames: ["app", "web"], zone: zone)
    }

    /// Two users on Monday, nobody on Tuesday, one again on Wednesday, a third user the Monday after.
    private static let week = [
        Row(user: 0, day: 0, second: 0, kind: .view, visit: 0),
        Row(user: 0, day: 0, second: 30, kind: .cart, visit: 0),
        Row(user: 0, day: 0, second: 60, kind: .purchase, visit: 0, amount: 12),
        Row(user: 1, day: 0, second: 5, kind: .view, visit: 1, group: 1),
        Row(user: 0, day: 2, second: 0, kind: .purchase, visit: 2, amount: 8),
        Row(user: 2, day: 7, second: 0, kind: .view, visit: 3, group: 1),
    ]

    @Test func daysAreCounted() throws {
        let counter = try #require(TrendCounter(Self.events(Self.week)))
        let table = counter.table(.day)
        #expect(table.count == 8)
        func head(_ indicator: Indicator) -> [Double?]? { table.values[indicator].map { Array($0.prefix(3)) } }
        #expect(head(.users) == [2, nil, 1])
        #expect(head(.newUsers) == [2, nil, 0])
        #expect(head(.returningUsers) == [0, nil, 1])
        #expect(head(.visits) == [2, nil, 1])
        #expect(head(.views) == [2, nil, 0])
        #expect(head(.carts) == [1, nil, 0])
        #expect(head(.conversion) == [0.5, nil, 1])
        #expect(head(.bounceRate) == [0.5, nil, 1])
        #expect(head(.visitSeconds) == [30, nil, 0])
        #expect(head(.revenue) == [12, nil, 8])
        #expect(head(.averageOrder) == [12, nil, 8])
        #expect(head(.stickiness) == [1, nil, 0.5])
        #expect(table.values[.averageOrder]?[7] == .some(nil))
        #expect(table.name(of: 0) == "2012-01-02")
    }

    @Test func aGroupHasZeroesWhereOthersHaveEvents() throws {
        let counter = try #require(TrendCounter(Self.events(Self.week)))
        let table = counter.table(.day, group: 1)
        #expect(table.values[.visits]?.prefix(3) == [1, nil, 0])
        #expect(table.values[.conversion]?[2] == .some(nil))
    }

    @Test func weeksBeginOnMondayAndSayWhereTheyAreCut() throws {
        let counter = try #require(TrendCounter(Self.events(Self.week)))
        let table = counter.table(.week)
        #expect(table.values[.users] == [2, 1])
        #expect(table.isPartial == [false, true])
        #expect(table.values[.stickiness] == nil)
        for number in -20...20 {
            #expect(TrendPeriod.week.number(ofDay: Int32(TrendPeriod.week.firstDay(of: number))) == number)
            #expect(TrendPeriod.week.number(ofDay: Int32(TrendPeriod.week.firstDay(of: number) + 6)) == number)
        }
        for number in 23_000...24_200 {
            #expect(TrendPeriod.month.number(ofDay: Int32(TrendPeriod.month.firstDay(of: number))) == number)
            #expect(TrendPeriod.month.number(ofDay: Int32(TrendPeriod.month.firstDay(of: number + 1) - 1)) == number)
        }
    }

    @Test func daysAreThoseOfThePlace() throws {
        let rows = [Row(user: 0, day: 0, second: 23 * 3600, kind: .view, visit: 0)]
        let zone = try TimeZoneRules(parsing: "+02:00")
        let counter = try #require(TrendCounter(Self.events(rows, zone: zone)))
        #expect(counter.table(.day).name(of: 0) == "2012-01-03")
    }

    @Test func cohortsAndLifecycleFollowUsers() throws {
        let weeks: [(user: Int32, week: Int32)] = [(0, 0), (0, 1), (0, 3), (1, 0), (2, 1), (2, 2), (2, 3)]
        let rows: [Row] = weeks.map { user, week in
            Row(user: user, day: Int64(week) * 7, second: 0, kind: .view, visit: user * 10 + week)
        }
        let counter = try #require(TrendCounter(Self.events(rows)))
        let activity = try #require(UserActivity(counter, .week))
        #expect(activity.cohorts.map(\.userCount) == [2, 1])
        #expect(activity.cohorts.map(\.activeCounts) == [[2, 1, 0, 1], [1, 1, 1]])
        let steps = activity.lifecycle
        #expect(steps.map(\.newCount) == [2, 1, 0, 0])
        #expect(steps.map(\.currentCount) == [0, 1, 1, 1])
        #expect(steps.map(\.resurrectedCount) == [0, 0, 0, 1])
        #expect(steps.map(\.dormantCount) == [0, 1, 1, 0])
    }

    @Test func funnelsNeedTheirOrder() throws {
        let counter = try #require(TrendCounter(Self.events(Self.week)))
        let funnels = counter.funnels
        #expect(funnels.map(\.group) == [nil, "app", "web"])
        #expect(funnels.map(\.visitCount) == [4, 2, 2])
        #expect(funnels[0].viewCount == 3 && funnels[0].cartCount == 1 && funnels[0].purchaseCount == 1)
        #expect(funnels[0].anyPurchaseCount == 2)
    }

    @Test func ordersHaveNoVisits() throws {
        var log = TransactionLog()
        log.append(customer: "a", order: "1", time: 0, quantity: 2, price: 5)
        log.append(customer: "a", order: "1", time: 0, quantity: 1, price: 3)
        log.append(customer: "", order: "2", time: 0, quantity: 1, price: 7)
        log.append(customer: "a", order: "C3", time: 0, quantity: -1, price: 5)
        let events = TrendEvents(log, zone: .utc)
        #expect(events.leftOutCount == 1)
        let table = try #require(TrendCounter(events)).table(.day)
        #expect(table.values[.revenue] == [20])
        #expect(table.values[.orders] == [2])
        #expect(table.values[.users] == [1])
        #expect(table.values[.visits] == nil && table.values[.conversion] == nil)
    }

    @Test func nothingIsNoCounter() { #expect(TrendCounter(Self.events([])) == nil) }

    @Test func aDropIsExplainedByTheGroupThatFell() throws {
        var rows: [Row] = []
        for day in 0..<60 {
            let (app, web) = (day == 45 ? 2 : 30 + day % 3, 20 + day % 2)
            for number in 0..<(app + web) {
                let visit = Int32(rows.count)
                rows.append(
                    Row(
                        user: Int32(number), day: Int64(day), second: Int64(number), kind: .view, visit: visit,
                        group: number < app ? 0 : 1))
            }
        }
        let counter = try #require(TrendCounter(Self.events(rows)))
        let analysis = TrendAnalysis(counter, indicators: [.visits], retention: .week)
        let daily = try #require(analysis.trends.first { $0.period == .day })
        let anomaly = try #require(daily.anomalies.first { $0.found.index == 45 && $0.found.kind == .point })
        #expect(anomaly.found.direction == .below)
        let most = try #require(anomaly.contributions.first)
        #expect(most.name == "app" && most.share > 0.9)
        #expect(daily.study.forecast.count == 14)
        #expect(daily.adjusted.allSatisfy { $0 != nil })
    }
}
