import Foundation
import SyntheticShop
import Testing

@Suite struct ShopFilesTests {
    private let shop: WrittenShop

    init() throws {
        shop = try WrittenShop.usual.get()
    }

    @Test func theSummaryCountsWhatIsThere() {
        #expect(shop.summary.itemCount == 300 && shop.items.count == 300)
        #expect(shop.summary.userCount == 600 && shop.users.count == 600 && shop.userRows.count == 601)
        #expect(shop.summary.interactionCount == shop.events.count)
        let kinds = Dictionary(grouping: shop.events, by: \.kind).mapValues(\.count)
        #expect(
            kinds == [
                "search": shop.summary.searchCount, "view": shop.summary.viewCount, "cart": shop.summary.cartCount,
                "purchase": shop.summary.purchaseCount,
            ])
        #expect(shop.summary.sessionCount == Set(shop.events.map(\.session)).count)
        #expect(shop.summary.oneVisitUserCount == shop.users.filter(\.isOneVisit).count)
        #expect(shop.summary.brandNewItemCount == shop.items.filter(\.isBrandNew).count)
        #expect(shop.plantedUserCount == 600)
        #expect(shop.plantedClusters.count == 12)
    }

    @Test func theUsualSizeHasAHundredThousandInteractions() throws {
        let big = try WrittenShop(ShopConfiguration())
        #expect((90_000...120_000).contains(big.summary.interactionCount))
        #expect(big.summary.interactionCount == big.events.count)
    }

    @Test func idsAreKnownUniqueAndInOrder() {
        let items = shop.items.map(\.id)
        let users = shop.users.map(\.id)
        #expect(items.first == "i00001" && items.last == "i00300" && items == items.sorted())
        #expect(users.first == "u00001" && users.last == "u00600" && users == users.sorted())
        #expect(Set(items).count == 300 && Set(users).count == 600)
        #expect(shop.userRows.dropFirst().map { $0[0] } == users)
        let knownItems = Set(items)
        #expect(shop.events.allSatisfy { knownItems.contains($0.item) })
        #expect(Set(shop.events.map(\.user)) == Set(users))
    }

    @Test func usersFollowEachOtherAndEachIsInTheOrderOfTime() {
        for (event, next) in zip(shop.events, shop.events.dropFirst()) {
            #expect(event.user < next.user || (event.user == next.user && event.time <= next.time))
        }
    }

    @Test func everyFieldIsWhereItBelongs() throws {
        #expect(shop.eventHeader == ["userId", "itemId", "type", "time", "value", "sessionId", "query"])
        #expect(shop.userRows[0] == ["userId", "city", "cityTier", "gender"])
        for row in shop.userRows.dropFirst() {
            #expect(row.count == 4 && ["1", "2", "3"].contains(row[2]) && ["", "female", "male"].contains(row[3]))
        }
        let start = try Date("2025-01-06T00:00:00Z", strategy: .iso8601)
        let end = start.addingTimeInterval(180 * 86_400)
        for event in shop.events {
            #expect(event.time >= start && event.time < end)
            #expect((event.kind == "search") == !event.query.isEmpty)
            #expect(["cart", "purchase"].contains(event.kind) == (Int(event.value) != nil))
            #expect(event.session.hasPrefix(event.user + "-"))
        }
        #expect(shop.events.contains { $0.query.contains(",") }, "a quoted field is among them")
    }

    @Test func itemsAreComplete() {
        for item in shop.items {
            #expect(
                item.memberNames == [
                    "brand", "category1", "category2", "category3", "description", "itemId", "launchTime", "price",
                    "tags", "title",
                ])
            #expect(item.price > 0 && item.price < 2000)
            #expect(Set(item.tags).count == 3)
        }
        #expect(Set(shop.items.map(\.title)).count > 290)
    }

    @Test func nobodyMeetsAnItemBeforeItsLaunch() {
        let launches = Dictionary(uniqueKeysWithValues: shop.items.map { ($0.id, $0.launch) })
        #expect(shop.events.allSatisfy { event in launches[event.item].map { $0 <= event.time } == true })
    }

    @Test func aSearchLeadsToAViewOfWhatWasClicked() {
        for (event, next) in zip(shop.events, shop.events.dropFirst()) where event.kind == "search" {
            #expect(next.kind == "view" && next.item == event.item && next.session == event.session)
        }
    }

    @Test(arguments: [(1, 1), (1, 5), (30, 1), (30, 2), (40, 11), (40, 13)])
    func tinyShopsAreShopsToo(userCount: Int, itemCount: Int) throws {
        let tiny = try WrittenShop(ShopConfiguration(userCount: userCount, itemCount: itemCount, seed: 9))
        #expect(tiny.items.count == itemCount)
        #expect(Set(tiny.events.map(\.user)).count == userCount, "everyone has a row")
        #expect(Set(tiny.items.map(\.cluster)).count == min(12, itemCount))
    }
}
