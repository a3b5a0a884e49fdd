import Interactions
import KeyValueStore
import LiveStore
import TestSupport
import Testing

@Suite struct ItemTests {
    @Test func whatIsNamedChangesAndTheRestStays() throws {
        let test = try StoreUnderTest()
        var first = ItemChange(itemId: "kite")
        first.properties = [
            .init("price", .number(9.5)), .init("tags", .strings(["red", ""])), .init("fresh", .boolean(true)),
            .init("since", .time(-5)), .init("name", .string("Kite")),
        ]
        first.text = .set("A red kite")
        first.vector = .set([1, -0.5])
        first.availableFrom = .set(10)
        first.stock = .set(3)
        #expect(try test.elements(.upsertItems([first])) == [.stored(1)])
        var second = ItemChange(itemId: "kite")
        second.properties = [.init("price", .number(8)), .init("fresh", nil)]
        second.text = .remove
        second.isHidden = .set(true)
        _ = try test.elements(.upsertItems([second]))
        let item = try #require(try test.store.reader.item("kite"))
        #expect(
            item.properties == [
                .init("fresh", nil), .init("name", .string("Kite")), .init("price", .number(8)),
                .init("since", .time(-5)),
                .init("tags", .strings(["red", ""])),
            ])
        #expect(item.text == nil && item.vector == [1, -0.5] && item.isHidden && item.stock == 3)
        #expect(item.availableFrom == 10 && item.availableUntil == nil && item.sequence == 2)
        #expect(!item.isAvailable(at: 20))
    }

    @Test func availabilityFollowsTimesStockAndHiding() throws {
        var item = LiveItem(itemId: "kite")
        #expect(item.isAvailable(at: 0))
        item.availableFrom = 10
        item.availableUntil = 20
        #expect([9, 10, 19, 20].map { item.isAvailable(at: $0) } == [false, true, true, false])
        item.stock = 0
        #expect(!item.isAvailable(at: 15))
        item.stock = 1
        item.isHidden = true
        #expect(!item.isAvailable(at: 15))
    }

    @Test func aDeletedItemIsRememberedAndBeginsAnew() throws {
        let test = try StoreUnderTest()
        var change = ItemChange(itemId: "kite")
        change.properties = [.init("price", .number(9.5))]
        _ = try test.elements(.upsertItems([change]))
        #expect(try test.elements(.deleteItems(["kite", "never-seen"])) == [.stored(2), .stored(3)])
        #expect(try test.store.reader.items(limit: 9).allSatisfy { $0.isDeleted && $0.properties.isEmpty })
        change.properties = [.init("name", .string("Kite"))]
        _ = try test.elements(.upsertItems([change]))
        let item = try #require(try test.store.reader.item("kite"))
        #expect(!item.isDeleted && item.properties == change.properties)
        #expect(try test.store.reader.items(after: "kite", limit: 9).map(\.itemId) == ["never-seen"])
    }

    @Test func whatCannotBeIsRefusedByName() throws {
        let test = try StoreUnderTest()
        var infinite = ItemChange(itemId: "a")
        infinite.vector = .set([.nan])
        var empty = ItemChange(itemId: "a")
        empty.vector = .set([])
        var huge = ItemChange(itemId: "a")
        huge.properties = [.init("price", .number(1e300))]
        var long = ItemChange(itemId: "a")
        long.text = .set(String(repeating: "x", count: LiveLimits.textBytes + 1))
        let outcomes = try test.elements(.upsertItems([infinite, empty, huge, long, ItemChange(itemId: "")]))
        let fields = outcomes.map { outcome in
            if case .refused(let reason) = outcome { reason.field } else { "" }
        }
        #expect(fields == ["vector", "vector", "properties.price", "text", "itemId"])
        #expect(try test.store.statistics().itemCount == 0)
    }

    @Test func aHundredPropertiesMoreInEveryChangeEndAtTheLimit() throws {
        let test = try StoreUnderTest()
        for round in 0..<3 {
            var change = ItemChange(itemId: "kite")
            change.properties = (0..<100).map { .init("p\(round)-\($0)", .boolean(false)) }
            let outcome = try test.elements(.upsertItems([change]))
            if case .refused = outcome[0] { #expect(round == 2) } else { #expect(round < 2) }
        }
    }
}
