import Interactions
import KeyValueStore
import LiveStore
import TestSupport
import Testing

@Suite struct EventTests {
    @Test func anEventIsKeptAsItWasSent() throws {
        let test = try StoreUnderTest()
        var event = view("ann", "kite", id: "e1", session: "s1")
        event.value = 2.5
        event.time = 1_700_000_000_000
        event.query = "kites"
        event.recommendationId = "r-9"
        event.context = Array(#"{"page":"home"}"#.utf8)
        #expect(try test.put(event) == [.stored(1)])
        let stored = try #require(try test.store.reader.event(id: "e1"))
        #expect(stored.event == event)
        #expect(stored.sequence == 1)
        #expect(try test.store.reader.events(of: .user("ann"), limit: 9).map(\.event) == [event])
        #expect(try test.store.reader.events(of: .session("s1"), limit: 9).map(\.event) == [event])
        #expect(try test.store.reader.events(of: .user("an"), limit: 9).isEmpty, "an id's beginning is another id")
    }

    @Test func anEventIdCountsOnceAlsoWithinOneRequestAndAfterReopening() throws {
        let directory = try TemporaryDirectory()
        do {
            let test = try StoreUnderTest(in: directory)
            #expect(
                try test.put(view("ann", "kite", id: "e1"), view("ann", "ball", id: "e1")) == [
                    .stored(1), .duplicate(1),
                ])
            test.store.close()
        }
        let again = try StoreUnderTest(in: directory)
        #expect(try again.put(view("ann", "kite", id: "e1"), view("ann", "drum")) == [.duplicate(1), .stored(2)])
    }

    @Test func whatIsWrongWithOneElementIsToldAndTheOthersAreStored() throws {
        let test = try StoreUnderTest()
        var future = view("ann", "kite")
        future.time = .max / 2
        var infinite = view("ann", "kite")
        infinite.value = .infinity
        var nobody = view("ann", "kite")
        nobody.userId = nil
        var late = view("ann", "kite")
        late.time = 4_000_000_000_000
        let bad = [future, infinite, nobody, late, view("", "kite"), view("ann", String(repeating: "x", count: 257))]
        let outcomes = try test.elements(.putEvents(bad + [view("ann", "kite")]))
        let fields = outcomes.map { outcome in
            if case .refused(let reason) = outcome { reason.field } else { "" }
        }
        #expect(fields == ["time", "value", "userId", "time", "userId", "itemId", ""])
        #expect(outcomes.last == .stored(1))
        #expect(try test.store.statistics().eventCount == 1)
    }

    @Test func aHistoryIsTheLatestArrivalFirstAndCanBePaged() throws {
        let test = try StoreUnderTest()
        _ = try test.elements(.putEvents((0..<300).map { view($0 % 3 == 0 ? "ann" : "bob", "i\($0)") }))
        let all = try test.store.reader.history(of: .user("ann"), limit: 1000)
        #expect(all.map(\.itemId) == stride(from: 297, through: 0, by: -3).map { "i\($0)" })
        var paged: [HistoryRow] = []
        var cursor: UInt64?
        while true {
            let page = try test.store.reader.history(of: .user("ann"), before: cursor, limit: 7)
            paged += page
            guard page.count == 7 else { break }
            cursor = page.last?.sequence
        }
        #expect(paged == all)
        let later = try test.store.reader.history(of: .user("ann"), after: 250, limit: 1000)
        #expect(later == all.filter { $0.sequence > 250 })
        #expect(try test.store.reader.history(of: .user("ann"), before: 1, limit: 10).isEmpty)
        #expect(try test.store.reader.latestEvents(limit: 2).map(\.sequence) == [300, 299])
        #expect(try test.store.reader.latestEvents(before: 3, limit: 9).map(\.sequence) == [2, 1])
    }

    @Test func aDeletedEventIsGoneAndItsIdDoesNotBringItBack() throws {
        let test = try StoreUnderTest()
        _ = try test.put(view("ann", "kite", id: "e1"), view("ann", "ball"), view("ann", "drum", id: "e3"))
        #expect(try test.elements(.deleteEvents(.eventIds(["e1", "e9"]))) == [.stored(1), .missing])
        #expect(try test.elements(.deleteEvents(.sequences([2, 77]))) == [.stored(2), .missing])
        #expect(try test.elements(.deleteEvents(.eventIds(["e1"]))) == [.missing])
        #expect(try test.put(view("ann", "kite", id: "e1")) == [.duplicate(1)])
        #expect(try test.store.reader.history(of: .user("ann"), limit: 9).map(\.itemId) == ["drum"])
        #expect(try test.store.reader.latestEvents(limit: 9).map(\.sequence) == [3])
        #expect(try test.store.reader.events(limit: 9).events.map(\.sequence) == [3])
    }

    @Test func aSequenceIsNeverUsedTwice() throws {
        let directory = try TemporaryDirectory()
        do {
            let test = try StoreUnderTest(in: directory)
            _ = try test.put(view("ann", "kite"), view("ann", "ball"))
            _ = try test.elements(.deleteEvents(.sequences([2])))
            test.store.close()
        }
        #expect(try StoreUnderTest(in: directory).put(view("ann", "drum")) == [.stored(3)])
    }

    @Test func compactionRemovesStepByStepWhatIsConsumedAndOldEnough() throws {
        let time = Monitor<Int64>(1_000)
        var options = LiveStoreOptions()
        options.clock = { time.withLock { $0 } }
        options.compactionStepCount = 10
        let test = try StoreUnderTest(options)
        for tens in 0..<10 {
            time.change { $0 = 1_000 + 10 * Int64(tens) }
            _ = try test.elements(
                .putEvents((10 * tens..<10 * tens + 10).map { view("ann", "i\($0)", id: "e\($0)") }))
        }
        _ = try test.elements(.deleteEvents(.eventIds(["e5"])))
        test.store.compact(through: 80, receivedBefore: 1_050)
        while try test.store.statistics().eventCount > 50 { _ = try test.put() }
        _ = try test.put()
        #expect(try test.store.reader.events(limit: 200).events.map(\.sequence) == (51...100).map { UInt64($0) })
        #expect(try test.store.reader.history(of: .user("ann"), limit: 200).count == 50)
        #expect(try test.put(view("ann", "i3", id: "e3")) == [.stored(101)], "the window of event ids has passed")
        #expect(try test.put(view("ann", "i70", id: "e70")) == [.duplicate(71)])
    }
}
