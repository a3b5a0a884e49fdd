import Interactions
import KeyValueStore
import LiveStore
import TestSupport
import Testing

@Suite struct PeopleTests {
    /// A visitor looks at things, is found to be ann, and goes on under either name.
    private let actions: [LiveChange] = [
        .putEvents([view("visitor", "kite"), view("ann", "ball")]),
        .putEvents([view("visitor", "drum")]),
        .putEvents([view("ann", "book"), view("visitor", "lamp")]),
    ]

    @Test(arguments: 0...3)
    func aMergeGivesOneListWhicheverComesFirst(place: Int) throws {
        let test = try StoreUnderTest()
        var changes = actions
        changes.insert(.mergeUsers(from: "visitor", into: "ann"), at: place)
        for change in changes { try test.apply(change) }
        let reader = test.store.reader
        #expect(
            try reader.history(of: .user("ann"), limit: 9).map(\.itemId) == ["lamp", "book", "drum", "ball", "kite"])
        #expect(
            try reader.history(of: .user("visitor"), limit: 9).map(\.itemId) == [
                "lamp", "book", "drum", "ball", "kite",
            ])
        #expect(try reader.mergedUsers(into: "ann") == ["visitor"])
        #expect(try reader.leadingUser(of: "visitor") == "ann")
    }

    @Test func mergesOfMergesLeadToOnePersonAndMakeNoCircle() throws {
        let test = try StoreUnderTest()
        for name in ["a", "b", "c"] { _ = try test.put(view(name, "of-\(name)")) }
        try test.apply(.mergeUsers(from: "a", into: "b"))
        try test.apply(.mergeUsers(from: "b", into: "c"))
        #expect(try test.apply(.mergeUsers(from: "c", into: "a")) == .merged(into: "c", movedCount: 0))
        #expect(try test.apply(.mergeUsers(from: "c", into: "c")) == .merged(into: "c", movedCount: 0))
        for name in ["a", "b", "c"] {
            #expect(
                try test.store.reader.history(of: .user(name), limit: 9).map(\.itemId) == ["of-c", "of-b", "of-a"])
        }
        #expect(try test.store.reader.mergedUsers(into: "c") == ["a", "b"])
    }

    @Test func aVisitorsPropertiesFillTheGapsOfTheKnownUser() throws {
        let test = try StoreUnderTest()
        var visitor = UserChange(userId: "visitor")
        visitor.properties = [.init("city", .string("Riga")), .init("age", .number(30))]
        var ann = UserChange(userId: "ann")
        ann.properties = [.init("age", .number(31)), .init("gone", .boolean(true))]
        #expect(try test.elements(.upsertUsers([visitor, ann])) == [.stored(1), .stored(2)])
        try test.apply(.mergeUsers(from: "visitor", into: "ann"))
        var later = UserChange(userId: "visitor")
        later.properties = [.init("gone", nil)]
        _ = try test.elements(.upsertUsers([later]))
        let user = try #require(try test.store.reader.user("visitor"))
        #expect(user.userId == "ann")
        #expect(user.properties == [.init("age", .number(31)), .init("city", .string("Riga"))])
        #expect(try test.store.reader.users(limit: 9).map(\.userId) == ["ann"])
    }

    @Test func anErasedPersonLeavesNothingButTheIdAndComesBackAsNew() throws {
        let directory = try TemporaryDirectory()
        do {
            let test = try StoreUnderTest(in: directory)
            _ = try test.put(view("ann", "kite", id: "e1", session: "s1"), view("bob", "ball", id: "e2"))
            _ = try test.put(view("visitor", "drum", id: "e3"))
            var ann = UserChange(userId: "ann")
            ann.properties = [.init("age", .number(31))]
            _ = try test.elements(.upsertUsers([ann]))
            try test.apply(.mergeUsers(from: "visitor", into: "ann"))
            let copies = [RemainingCopy(kind: "index version", name: "v1", until: "it is removed")]
            guard case .erased(let receipt) = try test.apply(.eraseUser("visitor", copies: copies)) else {
                Issue.record("no receipt")
                return
            }
            #expect(receipt.userIds == ["ann", "visitor"])
            #expect(receipt.removedEventCount == 2)
            #expect(receipt.removedPropertySetCount == 1)
            #expect(receipt.removedMergeCount == 1)
            #expect(receipt.copies == copies)
            #expect(receipt.isIntact)
            var forged = receipt
            forged.removedEventCount = 3
            #expect(!forged.isIntact)
            #expect(try test.store.reader.erasure(of: "ann")?.receiptChecksum == receipt.checksum)
        }
        let test = try StoreUnderTest(in: directory)
        let reader = test.store.reader
        #expect(try reader.erasures(limit: 9).map(\.userId) == ["ann", "visitor"])
        #expect(try reader.events(limit: 9).events.map(\.event.eventId) == ["e2"])
        #expect(try reader.event(id: "e1") == nil && reader.event(id: "e3") == nil)
        #expect(try reader.history(of: .session("s1"), limit: 9).isEmpty)
        #expect(try reader.history(of: .user("ann"), limit: 9).isEmpty && reader.user("ann") == nil)
        #expect(try reader.merges(limit: 9).isEmpty && reader.mergedUsers(into: "ann").isEmpty)
        #expect(try reader.history(of: .user("bob"), limit: 9).count == 1)
        _ = try test.put(view("ann", "lamp"))
        #expect(try reader.history(of: .user("ann"), limit: 9).map(\.itemId) == ["lamp"])
        #expect(try reader.history(of: .user("visitor"), limit: 9).isEmpty)
    }
}
