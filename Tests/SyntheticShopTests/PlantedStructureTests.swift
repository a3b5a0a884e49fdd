import Foundation
import SyntheticShop
import Testing

/// What was planted must be there to be found.
@Suite struct PlantedStructureTests {
    private let shop: WrittenShop
    private let items: [String: WrittenShop.Item]
    private let users: [String: WrittenShop.User]
    private let views: [WrittenShop.Event]

    init() throws {
        shop = try WrittenShop.usual.get()
        items = Dictionary(uniqueKeysWithValues: shop.items.map { ($0.id, $0) })
        users = Dictionary(uniqueKeysWithValues: shop.users.map { ($0.id, $0) })
        views = shop.events.filter { $0.kind == "view" }
    }

    private func share(of events: [WrittenShop.Event], _ isCounted: (WrittenShop.Event) throws -> Bool) rethrows
        -> Double
    {
        Double(try events.filter(isCounted).count) / Double(events.count)
    }

    /// By chance it would be 1/12 to 1/6.
    @Test func usersLookAtItemsOfTheirOwnClusters() throws {
        let own = try share(of: views) { event in
            let (user, item) = (try #require(users[event.user]), try #require(items[event.item]))
            return user.clusters.contains(item.cluster)
        }
        #expect(own > 0.85 && own < 0.98, "most and not all: \(own)")
    }

    /// By chance it would be 1/3; nothing in the text tells of it.
    @Test func withinAClusterTheyPreferTheirCircle() throws {
        let inCluster = views.filter { users[$0.user]?.clusters.contains(items[$0.item]?.cluster ?? "") == true }
        let own = try share(of: inCluster) { event in
            let (user, item) = (try #require(users[event.user]), try #require(items[event.item]))
            return zip(user.clusters, user.circles).contains { $0 == item.cluster && $1 == item.circle }
        }
        #expect(own > 0.45, "\(own)")
    }

    /// By chance it would be 2/5.
    @Test func withinAClusterTheyPreferTheirBrands() throws {
        let inCluster = views.filter { users[$0.user]?.clusters.contains(items[$0.item]?.cluster ?? "") == true }
        let own = try share(of: inCluster) { event in
            let (user, item) = (try #require(users[event.user]), try #require(items[event.item]))
            return zip(user.clusters, user.brands).contains { $0 == item.cluster && $1.contains(item.brand) }
        }
        #expect(own > 0.6, "\(own)")
    }

    @Test func theWordsOfAnItemTellItsCluster() {
        var right = 0
        for item in shop.items {
            var best: (similarity: Double, cluster: String) = (-1, "")
            for other in shop.items where other.id != item.id {
                let common = Double(item.words.intersection(other.words).count)
                let similarity = common / Double(item.words.union(other.words).count)
                if similarity > best.similarity { best = (similarity, other.cluster) }
            }
            if best.cluster == item.cluster { right += 1 }
        }
        #expect(Double(right) / Double(shop.items.count) > 0.9)
    }

    @Test func departmentsAndSomeBrandsAreSharedBetweenClusters() {
        let departments = Dictionary(grouping: shop.items, by: \.category1)
        #expect(departments.values.contains { Set($0.map(\.cluster)).count > 1 })
        let brands = Dictionary(grouping: shop.items, by: \.brand)
        #expect(brands.values.contains { Set($0.map(\.cluster)).count > 1 })
    }

    @Test func aFewItemsTakeMuchOfTheAttention() {
        var counts: [String: Int] = [:]
        for view in views { counts[view.item, default: 0] += 1 }
        let top = counts.values.sorted(by: >).prefix(30).reduce(0, +)
        let share = Double(top) / Double(views.count)
        #expect(share > 0.25 && share < 0.6, "the first tenth of the items: \(share)")
    }

    @Test func brandNewItemsHaveFewInteractionsOrNone() {
        let brandNew = shop.items.filter(\.isBrandNew)
        #expect(brandNew.count == 12)
        #expect(brandNew.filter { !$0.isFound }.count == 4)
        let lastWeek = (views.map(\.time).max() ?? .distantPast).addingTimeInterval(-8 * 86_400)
        #expect(brandNew.allSatisfy { $0.launch > lastWeek })
        #expect(shop.items.allSatisfy { $0.isBrandNew || $0.launch < lastWeek })
        var counts: [String: Int] = [:]
        for event in shop.events { counts[event.item, default: 0] += 1 }
        #expect(brandNew.filter { !$0.isFound }.allSatisfy { counts[$0.id] == nil })
        let most = brandNew.map { counts[$0.id] ?? 0 }.max() ?? 0
        #expect(most < shop.events.count / 300, "fewer than the average item's")
    }

    @Test func oneVisitUsersComeOnce() {
        let sessions = Dictionary(grouping: shop.events, by: \.user).mapValues { Set($0.map(\.session)).count }
        let oneVisit = shop.users.filter(\.isOneVisit)
        #expect((40...105).contains(oneVisit.count), "about 12 % of 600")
        #expect(oneVisit.allSatisfy { sessions[$0.id] == 1 })
    }

    @Test func weekendsAreFullerAndTheShopGrows() throws {
        let start = try Date("2025-01-06T00:00:00Z", strategy: .iso8601)
        let days = views.map { Int($0.time.timeIntervalSince(start) / 86_400) }
        var week = [Int](repeating: 0, count: 7)
        for day in days { week[day % 7] += 1 }
        #expect(week[5] > week[1] * 6 / 5, "Saturday against Tuesday: \(week)")
        let (early, late) = (days.filter { $0 < 60 }.count, days.filter { $0 >= 120 }.count)
        #expect(late > early * 5 / 4, "\(early), \(late)")
    }

    @Test func driftingTastesDrift() throws {
        let start = try Date("2025-01-06T00:00:00Z", strategy: .iso8601)
        func firstTaste(late: Bool) throws -> Double {
            let part = views.filter { view in
                guard let user = users[view.user], user.startShare > user.endShare else { return false }
                guard let item = items[view.item], user.clusters.contains(item.cluster) else { return false }
                return (view.time.timeIntervalSince(start) > 90 * 86_400) == late
            }
            #expect(part.count > 500)
            return try share(of: part) { try #require(users[$0.user]).clusters[0] == items[$0.item]?.cluster }
        }
        let (early, late) = (try firstTaste(late: false), try firstTaste(late: true))
        #expect(early - late > 0.1, "\(early), \(late)")
    }
}
