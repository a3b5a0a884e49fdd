import Prediction
import Segmentation
import Testing

@Suite struct FeatureTablesTests {
    private static let day: Int64 = 86_400_000
    private static let minute: Int64 = 60_000

    /// Times in minutes: user 0 has three visits, of which the last buys; user 1 has one.
    private static let log = VisitEvents(
        users: [0, 0, 0, 0, 1, 0, 0, 0, 0], items: [1, 2, 1, 3, 1, 2, 3, 4, 4],
        times: [0, 1, 2, 2000, 2005, 90_000, 90_001, 90_002, 90_003].map { $0 * minute },
        kinds: [.view, .view, .cart, .view, .view, .view, .view, .cart, .purchase],
        channels: [0, 0, 1, 1, -1, 1, 0, 0, 0], channelNames: ["web", "app"])

    private func number(_ row: FeatureTables.UserRow, _ name: String) throws -> Double {
        let definition = try #require(UserFeatures.definitions.first { $0.name == name })
        guard case .number(let number) = definition.value(row.history) else { return -1 }
        return number
    }

    private func number(_ row: FeatureTables.VisitRow, _ name: String) throws -> Double {
        let definition = try #require(VisitFeatures.definitions.first { $0.name == name })
        guard case .number(let number) = definition.value(row.soFar) else { return -1 }
        return number
    }

    @Test func featuresAreFromBeforeTheMomentAlone() throws {
        let tables = FeatureTables(Self.log)
        let moment = 2000 * Self.minute
        let rows = tables.userRows(moment: moment, days: 1)
        // The event at the moment itself is none before it, and user 1 has none yet.
        #expect(rows.map(\.user) == [0])
        #expect(try number(rows[0], "events") == 3)
        #expect(try number(rows[0], "carts") == 1)
        #expect(try number(rows[0], "purchases") == 0)
        #expect(try number(rows[0], "purchases_recency_days").isNaN)
        #expect(try number(rows[0], "visits") == 1)
        #expect(try number(rows[0], "distinct_items") == 2)
        #expect(abs(try number(rows[0], "recency_days") - 1998.0 / 1440) < 1e-12)
        #expect(abs(try number(rows[0], "visit_seconds") - 120) < 1e-12)
        #expect(rows[0].churns == false && rows[0].purchases == false)
    }

    /// Whatever is appended at or after the moment, the features stay what they were.
    @Test func laterEventsChangeNothing() throws {
        let moment = 90_001 * Self.minute
        let whole = FeatureTables(Self.log).userRows(moment: moment, days: 30)
        let kept = Self.log.times.indices.filter { Self.log.times[$0] < moment }
        let past = VisitEvents(
            users: kept.map { Self.log.users[$0] }, items: kept.map { Self.log.items[$0] },
            times: kept.map { Self.log.times[$0] }, kinds: kept.map { Self.log.kinds[$0] },
            channels: kept.map { Self.log.channels[$0] }, channelNames: Self.log.channelNames)
        let before = FeatureTables(past).userRows(moment: moment, days: 30)
        #expect(whole.count == 2 && before.count == 2)
        for (a, b) in zip(whole, before) {
            for definition in UserFeatures.definitions {
                #expect("\(definition.value(a.history))" == "\(definition.value(b.history))", "\(definition.name)")
            }
        }
        // The events end before thirty days are over, so nobody knows what they would have held.
        #expect(whole.allSatisfy { $0.purchases == nil && $0.churns == nil })
    }

    @Test func outcomesAreCountedFromTheMomentOn() {
        let tables = FeatureTables(Self.log)
        let rows = tables.userRows(moment: 2001 * Self.minute, days: 62)
        #expect(rows.map(\.user) == [0])
        #expect(rows[0].purchases == true && rows[0].churns == false)
        let late = tables.userRows(moment: 3000 * Self.minute, days: 30)
        #expect(late.map(\.churns) == [true, true])
    }

    @Test func visitsAreSeenAsTheyWere() throws {
        let rows = FeatureTables(Self.log).visitRows(afterEvents: 1)
        #expect(rows.map(\.user) == [0, 0, 1, 0])
        #expect(rows.map(\.ends) == [false, true, true, false])
        #expect(rows.map(\.converts) == [false, false, false, true])
        #expect(try number(rows[3], "views") == 1)
        #expect(try number(rows[3], "carts") == 0)
        #expect(try number(rows[3], "visits_before") == 2)
        #expect(try number(rows[3], "events_before") == 4)
        #expect(try number(rows[3], "known_items_share") == 1)
        #expect(try number(rows[0], "days_since_event").isNaN)
        let later = FeatureTables(Self.log).visitRows(afterEvents: 3)
        #expect(later.map(\.converts) == [false, true])
        #expect(try number(later[1], "carts") == 1)
        #expect(try number(later[1], "seconds") == 120)
        // Four events hold the purchase: nothing is left to foretell.
        #expect(FeatureTables(Self.log).visitRows(afterEvents: 4).isEmpty)
    }

    @Test func clocksAreLocal() throws {
        let night = FeatureTables(Self.log).userRows(moment: 10 * Self.minute, days: 1)
        let morning = FeatureTables(Self.log, offset: { _ in 8 * 3_600_000 }).userRows(
            moment: 10 * Self.minute, days: 1)
        #expect(try number(night[0], "night_share") == 1 && (try number(morning[0], "morning_share")) == 1)
    }

    @Test func moneyAndCategoriesAreFromBeforeTheMoment() throws {
        let amounts = Self.log.times.map { $0 == 90_003 * Self.minute ? 25 : Double.nan }
        let tables = FeatureTables(
            Self.log, amounts: amounts, categories: [0, 1, 0, 1, 0, 1, 1, 1, 1], categoryNames: ["hats", "shoes"])
        let before = try #require(tables.userRows(moment: 90_003 * Self.minute, days: 1).first)
        #expect(try number(before, "revenue") == 0 && number(before, "categories") == 2)
        let after = try #require(tables.userRows(moment: 90_004 * Self.minute, days: 1).first)
        #expect(try number(after, "revenue") == 25 && number(after, "revenue_30d") == 25)
        #expect(try number(after, "revenue_per_purchase") == 25 && number(after, "category_share") == 6.0 / 8)
        let category = try #require(UserFeatures.definitions.first { $0.name == "category" })
        #expect(category.value(after.history) == .word("shoes"))
        // A purchase that nobody told the worth of is not worth nothing.
        let untold = try #require(FeatureTables(Self.log).userRows(moment: 90_004 * Self.minute, days: 1).first)
        #expect(try number(untold, "revenue").isNaN && number(untold, "categories") == 0)
    }

    @Test func noEventsAreNoTrap() {
        let none = FeatureTables(VisitEvents(users: [], items: [], times: [], kinds: []))
        #expect(none.userRows(moment: 0, days: 1).isEmpty && none.visitRows(afterEvents: 1).isEmpty)
        #expect(none.lastTime == nil)
    }

    @Test func namesAreDifferent() {
        #expect(Set(UserFeatures.definitions.map(\.name)).count == UserFeatures.definitions.count)
        #expect(Set(VisitFeatures.definitions.map(\.name)).count == VisitFeatures.definitions.count)
    }
}
