import AnalyticsArtefacts
import Insights
import SeededRandom
import Segmentation
import Testing

/// A shop made visit by visit.
struct MadeShop {
    var items: [Int32] = []
    var queries: [Int32] = []
    var kinds: [VisitEvents.Kind] = []
    var visits: [Int32] = []
    var times: [Int64] = []
    var days: [Int32] = []
    var channels: [Int32] = []
    private var visitCount: Int32 = 0

    static let itemCount = 40
    static let channelNames = ["app", "web"]

    mutating func visit(day: Int32, channel: Int32 = 0, _ events: [(VisitEvents.Kind, Int32)]) {
        for (step, event) in events.enumerated() {
            kinds.append(event.0)
            items.append(event.0 == .search ? -1 : event.1)
            queries.append(event.0 == .search ? event.1 : -1)
            visits.append(visitCount)
            times.append(Int64(day) * 86_400_000 + Int64(step) * 1000)
            days.append(day)
            channels.append(channel)
        }
        visitCount += 1
    }

    func behaviour(catalogue: Int = itemCount) -> ShopBehaviour {
        ShopBehaviour(
            items: items, queries: queries, kinds: kinds, visits: visits, times: times, days: days, amounts: [],
            queryTexts: ["shoes", "gift voucher", "hat"],
            products: (0..<catalogue).map {
                .init(
                    id: "i\($0)", title: "Item \($0)", category: Int32($0 % 2), price: 10, launchDay: nil,
                    isInCatalogue: true)
            }, categories: ["even", "odd"],
            groupings: [.init(dimension: "channel", names: Self.channelNames, places: channels)])
    }

    /// Visits of 112 days: each looks at two to four items, carts two in ten of them, buys half of these.
    static func usual(seed: UInt64, _ change: (inout Plan, inout SplitMix64) -> Void = { _, _ in }) -> MadeShop {
        var shop = MadeShop()
        var random = SplitMix64(seed: seed)
        for day in 0..<Int32(112) {
            for _ in 0..<100 {
                var plan = Plan(day: day, channel: Int32(random.below(2)), views: [])
                for _ in 0..<(2 + random.below(3)) {
                    let isCarted = random.chance(0.2)
                    plan.views.append(
                        .init(
                            item: Int32(random.below(itemCount)), isCarted: isCarted,
                            isBought: isCarted && random.chance(0.5)))
                }
                if random.chance(0.15) { plan.views = Array(plan.views.prefix(1)) }
                if random.chance(0.1) { plan.query = random.chance(0.5) ? 0 : 2 }
                change(&plan, &random)
                shop.add(plan)
            }
        }
        return shop
    }

    struct Plan {
        struct View {
            var item: Int32
            var isCarted: Bool
            var isBought: Bool
        }

        var day: Int32
        var channel: Int32
        var views: [View]
        var query: Int32 = -1
        var isQueryLast = false
    }

    mutating func add(_ plan: Plan) {
        var events: [(VisitEvents.Kind, Int32)] = []
        if plan.query >= 0 && !plan.isQueryLast { events.append((.search, plan.query)) }
        for view in plan.views {
            events.append((.view, view.item))
            if view.isCarted { events.append((.cart, view.item)) }
            if view.isBought { events.append((.purchase, view.item)) }
        }
        if plan.query >= 0 && plan.isQueryLast { events.append((.search, plan.query)) }
        visit(day: plan.day, channel: plan.channel, events)
    }
}

extension SplitMix64 {
    mutating func below(_ count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }
    mutating func chance(_ share: Double) -> Bool { Double(next() >> 11) / Double(1 << 53) < share }
}

@Suite struct RuleTests {
    private func found(_ shop: MadeShop, catalogue: Int = MadeShop.itemCount) throws -> [String] {
        let document = try #require(InsightSearch(shop.behaviour(catalogue: catalogue))).document()
        #expect(document.fault == nil)
        return document.insights.map(\.id)
    }

    /// Six shops in which nothing is wrong: some thousand questions asked, and at most one answered by chance.
    @Test func nothingIsFoundWhereNothingIs() throws {
        let all = try (1...6).flatMap { try found(MadeShop.usual(seed: $0)) }
        #expect(all.count <= 1, "\(all)")
    }

    @Test func itemsThatDifferAreFound() throws {
        let shop = MadeShop.usual(seed: 7) { plan, random in
            for place in plan.views.indices {
                switch plan.views[place].item {
                case 3 where random.chance(0.9):
                    (plan.views[place].isCarted, plan.views[place].isBought) = (false, false)
                case 8: plan.views[place].isBought = false
                default: break
                }
            }
            if plan.views[0].item == 12, random.chance(0.8) {
                plan.views = [.init(item: 12, isCarted: false, isBought: false)]
                plan.query = -1
            }
        }
        let found = try found(shop)
        // Who leaves at once does not buy, and who does not buy leaves the cart.
        let expected: Set = [
            "seldomBought:i3", "abandonedCarts:i8", "seldomBought:i8", "losesVisitors:i12", "seldomBought:i12",
        ]
        #expect(Set(found).isSubset(of: expected), "\(found)")
        for id in ["seldomBought:i3", "abandonedCarts:i8", "losesVisitors:i12"] { #expect(found.contains(id), "\(id)") }
    }

    @Test func searchesThatLeadNowhereAreFound() throws {
        let shop = MadeShop.usual(seed: 8) { plan, random in
            if random.chance(0.02) { (plan.query, plan.isQueryLast) = (1, true) }
        }
        #expect(try found(shop) == ["searchWithoutClicks:gift voucher"])
    }

    @Test func goodsThatAreBoughtTogetherAreFound() throws {
        let shop = MadeShop.usual(seed: 9) { plan, random in
            if plan.views.contains(where: { $0.item == 5 && $0.isBought }), random.chance(0.6) {
                plan.views.append(.init(item: 20, isCarted: true, isBought: true))
            }
        }
        #expect(try found(shop).contains("boughtTogether:i20+i5") || found(shop).contains("boughtTogether:i5+i20"))
    }

    /// The whole shop fell by a little, the app by half: only the app is told.
    @Test func groupsThatFellAreFound() throws {
        let shop = MadeShop.usual(seed: 10) { plan, random in
            guard plan.day >= 84, plan.channel == 0, random.chance(0.6) else { return }
            for place in plan.views.indices { plan.views[place].isBought = false }
        }
        let groups = try found(shop).filter { $0.hasPrefix("conversionFell:channel") }
        #expect(groups == ["conversionFell:channel=app"])
    }

    @Test func itemsThatWereOutAreFound() throws {
        let shop = MadeShop.usual(seed: 11) { plan, _ in
            for place in plan.views.indices where plan.views[place].item == 7 && (40..<60).contains(plan.day) {
                (plan.views[place].isCarted, plan.views[place].isBought) = (false, false)
            }
        }
        let found = try found(shop).filter { $0.hasPrefix("stockOut:") }
        #expect(found.count == 1 && found[0].hasPrefix("stockOut:i7:1970-02-"), "\(found)")
    }

    @Test func whatNobodyMeetsIsCounted() throws {
        let document = try #require(InsightSearch(MadeShop.usual(seed: 12).behaviour(catalogue: 50))).document()
        let dead = try #require(document.insights.first { $0.rule == "deadCatalogue" })
        #expect(dead.affected == 10 && dead.subjects == (40..<50).map { "i\($0)" })
    }

    @Test func littleIsNoEvidence() throws {
        var shop = MadeShop()
        #expect(InsightSearch(shop.behaviour()) == nil)
        shop.visit(day: 3, [(.view, 0)])
        let document = try #require(InsightSearch(shop.behaviour())).document()
        #expect(document.insights.isEmpty && document.rules.count == 8)
        #expect(document.rules.filter { $0.skipped != nil }.count >= 5)
    }
}
