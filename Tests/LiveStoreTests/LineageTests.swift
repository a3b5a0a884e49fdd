import KeyValueStore
import LiveStore
import TestSupport
import Testing

/// Which store it is, and what an index that has taken events of some store has of it.
@Suite struct LineageTests {
    private func consumed(
        _ store: String?, _ sequence: UInt64, _ lineage: StoreLineage
    ) throws -> StoreLineage.Standing {
        try lineage.standing(
            of: .init(store: store, sequence: sequence), version: "v1", directory: "shop.live")
    }

    private func refusal(_ store: String?, _ sequence: UInt64, _ lineage: StoreLineage) -> LiveStoreError? {
        do throws(LiveStoreError) {
            _ = try lineage.standing(of: .init(store: store, sequence: sequence), version: "v1", directory: "shop.live")
            return nil
        } catch {
            return error
        }
    }

    @Test func aStoreKeepsItsIdAndNoTwoHaveOne() throws {
        let directory = try TemporaryDirectory()
        let first: StoreLineage
        do {
            let test = try StoreUnderTest(in: directory)
            _ = try test.put(view("ann", "kite"))
            first = try test.store.reader.lineage()
            test.store.close()
        }
        #expect(first.lastSequence == 1 && first.ancestors.isEmpty)
        #expect(try StoreUnderTest(in: directory).store.reader.lineage() == first)
        #expect(try StoreUnderTest().store.reader.lineage().id != first.id)
        let text = try #require(first.id).description
        #expect(text.utf8.count == 16 && LiveStoreId(text) == first.id)
        for wrong in ["", "1", "+00000000000001f", "00000000000000zz", text + "0"] {
            #expect(LiveStoreId(wrong) == nil)
        }
    }

    /// One that was made before there were ids.
    @Test func aStoreWithoutAnIdGetsOne() throws {
        let directory = try TemporaryDirectory()
        do {
            let test = try StoreUnderTest(in: directory)
            _ = try test.put(view("ann", "kite"))
            test.store.close()
        }
        do {
            let names = ["events", "by-actor", "by-id", "items", "users", "merges", "merged", "erasures", "meta"]
            let environment = try LiveEnvironment(
                path: directory.path("live/live.mdb"), tables: names, mapByteCount: 1 << 24)
            var write = try environment.beginWrite()
            #expect(try write.delete(LiveEnvironment.Table(number: 8), Array("store".utf8)))
            try write.commit()
        }
        let old = try LiveStoreReader(directory: directory.path("live")).lineage()
        #expect(old.id == nil)
        #expect(try consumed("0000000000000001", 1, old) == .taken(1))
        let test = try StoreUnderTest(in: directory)
        #expect(try test.store.reader.lineage().id != nil)
        #expect(try test.store.reader.history(of: .user("ann"), limit: 9).count == 1)
    }

    @Test func whatAnIndexHasOfAStore() throws {
        let (own, other) = ("00000000000000aa", "00000000000000bb")
        let lineage = StoreLineage(
            id: LiveStoreId(own), ancestors: [try #require(LiveStoreId(other)): 500], lastSequence: 800)
        #expect(try consumed(nil, 0, lineage) == .consumed(0))
        #expect(try consumed("another", 0, lineage) == .consumed(0))
        #expect(try consumed(nil, 300, lineage) == .taken(300))
        #expect(try consumed(own, 800, lineage) == .consumed(800))
        #expect(try consumed(other, 300, lineage) == .consumed(300))
        #expect(try consumed(other, 700, lineage) == .consumed(500))
        let ahead = try #require(refusal(own, 801, lineage))
        #expect(ahead.code == .foreign && ahead.text.contains("foretaste restore"), "\(ahead)")
        for store in ["00000000000000cc", "no id", ""] {
            let foreign = try #require(refusal(store, 1, lineage))
            #expect(foreign.code == .foreign && foreign.text.contains("--from-live shop.live"), "\(foreign)")
        }
        let empty = StoreLineage(id: LiveStoreId(own), ancestors: [:], lastSequence: 0)
        #expect(try consumed(other, 9, empty) == .unrelatedButEmpty(try #require(LiveStoreId(other))))
    }

    @Test func anEmptyStoreFollowsAnother() throws {
        let test = try StoreUnderTest()
        let other = try #require(LiveStoreId("00000000000000bb"))
        try test.store.follow(other)
        #expect(try consumed("\(other)", 9, try test.store.reader.lineage()) == .consumed(0))
        _ = try test.put(view("ann", "kite"))
        #expect(try consumed("\(other)", 9, try test.store.reader.lineage()) == .consumed(0))
        #expect(throws: LiveStoreError.self) { try test.store.follow(try #require(LiveStoreId("00000000000000cc"))) }
        #expect(try test.store.reader.verify().isIntact)
    }

    /// What was given after a backup is given again by the restored store: an index that took it must not hide it.
    @Test func aRestoredStoreIsAnotherThatKnowsWhatItHas() throws {
        let directory = try TemporaryDirectory()
        let (first, second): (StoreLineage, StoreLineage)
        do {
            let test = try StoreUnderTest(in: directory)
            _ = try test.put(view("ann", "kite"), view("bob", "kite"))
            _ = try test.store.reader.backUp(to: directory.path("copy.mdb"))
            _ = try test.put(view("ann", "ball"))
            first = try test.store.reader.lineage()
            test.store.close()
        }
        let id = try #require(first.id)
        try LiveDataStore.restore(backup: directory.path("copy.mdb"), into: directory.path("live"))
        do {
            let test = try StoreUnderTest(in: directory)
            second = try test.store.reader.lineage()
            #expect(second.id != first.id && second.ancestors == [id: 2] && second.lastSequence == 2)
            _ = try test.put(view("ann", "drum"))
            let lineage = try test.store.reader.lineage()
            #expect(try consumed("\(id)", 3, lineage) == .consumed(2))
            #expect(try consumed("\(id)", 1, lineage) == .consumed(1))
            let after = try test.store.reader.history(of: .user("ann"), after: 2, limit: 9)
            #expect(after.map(\.itemId) == ["drum"], "though the index took a sequence 3")
            _ = try test.store.reader.backUp(to: directory.path("later.mdb"))
            test.store.close()
        }
        // Of a restored one again, and of the first backup into another place.
        try LiveDataStore.restore(backup: directory.path("later.mdb"), into: directory.path("live"))
        let third = try StoreUnderTest(in: directory).store.reader.lineage()
        #expect(third.ancestors == [id: 2, try #require(second.id): 3])
        try LiveDataStore.restore(backup: directory.path("copy.mdb"), into: directory.path("other"))
        let other = try LiveStoreReader(directory: directory.path("other")).lineage()
        #expect(other.ancestors == [id: 2] && ![id, second.id, third.id].contains(other.id))
        #expect(refusal(third.id.map { "\($0)" }, 2, other)?.code == .foreign)
    }
}
