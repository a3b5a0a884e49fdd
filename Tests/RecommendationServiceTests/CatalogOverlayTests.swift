import Interactions
import LinearAlgebra
import RecommendationIndex
import RecommendationService
import TestSupport
import Testing

/// What an overlay takes from answers, and what it refuses.
@Suite struct CatalogOverlayTests {
    private func publish(
        _ recommender: Recommender, now: Int64 = 0, _ change: (inout CatalogOverlayBuilder) throws -> Void
    ) rethrows {
        var builder = CatalogOverlayBuilder(recommender.serving)
        try change(&builder)
        recommender.serving.live.publish(builder.snapshot())
        recommender.refresh(now: now)
    }

    private func user(_ id: String, count: Int = 40) -> (Recommender) -> Recommendation {
        { $0.recommend(for: UserEvidence(userId: id), options: RecommendationOptions(count: count)) }
    }

    // MARK: Hidden items

    /// By any method, and with any parameters; they count in histories all the same.
    @Test(arguments: 0..<5) func hiddenItemsAreNeverInAnAnswer(seed: UInt64) throws {
        let catalogue = SampleCatalogue.random(itemCount: 40, userCount: 12, seed: seed)
        let recommender = try catalogue.recommender()
        let before = (0..<12).map { user(SampleCatalogue.userId($0))(recommender).userState }
        let hidden: [ItemNumber] = [0, 3, 4, 11, 25, 39]
        try publish(recommender) { builder in
            for item in hidden { try builder.setAvailability(.never, of: item) }
        }
        var options = RecommendationOptions(count: 40)
        for user in 0..<12 {
            let id = SampleCatalogue.userId(user)
            for excludesSeen in [true, false] {
                options.excludeSeen = excludesSeen
                options.onlyIds = excludesSeen ? nil : (0..<30).map(SampleCatalogue.itemId)
                let recent = [RecentItem(itemId: "i0003", eventWeight: 4)]
                let answers = [
                    recommender.recommend(for: UserEvidence(userId: id), options: options),
                    recommender.recommend(for: UserEvidence(userId: id, recentItems: recent), options: options),
                    recommender.recommend(similarTo: 3, userId: id, options: options),
                    recommender.recommend(session: ["i0003", "i0005"], userId: id, options: options),
                    recommender.popular(.popular, userId: id, options: options),
                    recommender.popular(.trending, options: options), recommender.popular(.recent, options: options),
                ]
                for answer in answers { #expect(Set(answer.items.map(\.item)).isDisjoint(with: hidden)) }
            }
            options.excludeSeen = true
            options.onlyIds = nil
            #expect(recommender.recommend(for: UserEvidence(userId: id), options: options).userState == before[user])
        }
        try publish(recommender) { builder in try builder.setAvailability(.always, of: 3) }
        #expect(recommender.popular(.popular, options: options).items.count == 40)
    }

    @Test func availabilityGoesByTheTimeOfTheRequest() throws {
        let recommender = try SampleCatalogue(itemCount: 4).recommender()
        var builder = CatalogOverlayBuilder(recommender.serving)
        try builder.setAvailability(Availability(from: 100, until: 200), of: 1)
        var item = NewItem(id: "i0002b")
        item.availability = Availability(from: 150)
        item.scores.popular = 9
        try builder.put(item)
        recommender.serving.live.publish(builder.snapshot())
        for (time, expected) in [
            (0, ["i0000", "i0002", "i0003"]), (99, ["i0000", "i0002", "i0003"]),
            (100, ["i0000", "i0001", "i0002", "i0003"]), (150, ["i0002b", "i0000", "i0001", "i0002", "i0003"]),
            (199, ["i0002b", "i0000", "i0001", "i0002", "i0003"]), (200, ["i0002b", "i0000", "i0002", "i0003"]),
            // A clock may go back.
            (120, ["i0000", "i0001", "i0002", "i0003"]), (10_000, ["i0002b", "i0000", "i0002", "i0003"]),
        ] {
            recommender.refresh(now: Int64(time))
            let answer = recommender.popular(.popular, options: RecommendationOptions(count: 9))
            #expect(answer.items.map { recommender.view.idString(of: $0.item) } == expected)
        }
    }

    // MARK: New items

    /// Ties go by ascending id, wherever a new id belongs.
    @Test func newItemsTieById() throws {
        var catalogue = SampleCatalogue(itemCount: 3)
        catalogue.popularity = [1, 1, 1]
        catalogue.itemOrder = [2, 0, 1]
        let recommender = try catalogue.recommender()
        try publish(recommender) { builder in
            for id in ["zz", "i0001a", "a", "i0001aa", "i0000Z"] {
                var item = NewItem(id: id)
                item.scores.popular = 1
                try builder.put(item)
            }
        }
        let list = recommender.popular(.popular, options: RecommendationOptions(count: 9)).items
        #expect(
            list.map { recommender.view.idString(of: $0.item) }
                == ["a", "i0000", "i0000Z", "i0001", "i0001a", "i0001aa", "i0002", "zz"])
    }

    /// Where everything else is excluded, one by one, what remains is the new item, by its content.
    @Test func aNewItemIsLeftWhereThousandsAreExcluded() throws {
        var catalogue = SampleCatalogue(itemCount: 300)
        for item in 1..<300 { catalogue.content[0][item] = 1 + Float(item) }
        let recommender = try catalogue.recommender()
        try publish(recommender) { builder in
            var item = NewItem(id: "new")
            item.content = NewItem.Links(incoming: [ItemLink(0, 0.001)])
            try builder.put(item)
        }
        var options = RecommendationOptions(count: 10)
        options.excludeIds = (0..<300).map(SampleCatalogue.itemId)
        let recent = [RecentItem(itemId: "i0000", eventWeight: 1)]
        let answer = recommender.recommend(for: UserEvidence(recentItems: recent), options: options)
        #expect(answer.items.map(\.item) == [300] && answer.items[0].source == .content)
        #expect(recommender.recommend(session: ["i0000"], options: options).items.map(\.item) == [300])
        #expect(recommender.recommend(similarTo: 0, options: options).items.map(\.item) == [300])
        // The same item as evidence.
        #expect(recommender.recommend(similarTo: 300, options: RecommendationOptions(count: 1)).items.count == 1)
    }

    @Test func changedItemsKeepTheirNumberAndLoseTheirLinks() throws {
        var catalogue = SampleCatalogue(itemCount: 4)
        catalogue.popularity = [0, 0, 0, 0]
        let recommender = try catalogue.recommender()
        var builder = CatalogOverlayBuilder(recommender.serving)
        var options = RecommendationOptions(count: 9)
        options.strict = true
        func similar(to item: ItemNumber) -> [ItemNumber] {
            recommender.serving.live.publish(builder.snapshot())
            recommender.refresh(now: 0)
            return recommender.recommend(similarTo: item, options: options).items.map(\.item)
        }
        var item = NewItem(id: "new")
        item.content = NewItem.Links(outgoing: [ItemLink(2, 1)], incoming: [ItemLink(0, 1), ItemLink(1, 2)])
        let number = try builder.put(item)
        #expect(number == 4)
        #expect(similar(to: 0) == [4] && similar(to: 1) == [4] && similar(to: 4) == [2])
        var other = NewItem(id: "another")
        other.content = NewItem.Links(outgoing: [ItemLink(4, 1)], incoming: [ItemLink(4, 3)])
        let otherNumber = try builder.put(other)
        #expect(otherNumber == 5)
        #expect(similar(to: 4) == [5, 2] && similar(to: 5) == [4])
        item.content = NewItem.Links(outgoing: [ItemLink(3, 1)], incoming: [ItemLink(1, 2)])
        let sameNumber = try builder.put(item)
        #expect(sameNumber == 4)
        // The other item's links to it and from it stand; its own are those that it was given last.
        #expect(similar(to: 0) == [] && similar(to: 1) == [4] && similar(to: 4) == [5, 3] && similar(to: 5) == [4])
        item.content = nil
        try builder.put(item)
        #expect(similar(to: 1) == [])
    }

    @Test func whatCannotBeTakenIsRefusedAndChangesNothing() throws {
        let serving = try SampleCatalogue(itemCount: 3).serving()
        var builder = CatalogOverlayBuilder(serving, itemLimit: 2)
        #expect(throws: CatalogOverlayError.knownItem(id: "i0001")) { try builder.put(NewItem(id: "i0001")) }
        #expect(throws: CatalogOverlayError.badId(id: "")) { try builder.put(NewItem(id: "")) }
        let long = String(repeating: "x", count: 257)
        #expect(throws: CatalogOverlayError.badId(id: long)) { try builder.put(NewItem(id: long)) }
        var item = NewItem(id: "a")
        item.content = NewItem.Links(outgoing: [ItemLink(3, 1)])
        #expect(throws: CatalogOverlayError.unknownItem(number: 3)) { try builder.put(item) }
        item.content = NewItem.Links(incoming: [ItemLink(0, .nan)])
        #expect(throws: CatalogOverlayError.badNumber(what: "links", id: "a")) { try builder.put(item) }
        item.content = nil
        item.scores.recent = -1
        #expect(throws: CatalogOverlayError.badNumber(what: "scores from 0", id: "a")) { try builder.put(item) }
        item.scores.recent = 0
        item.factors = [1]
        #expect(throws: CatalogOverlayError.wrongFactorCount(expected: 0, found: 1, id: "a")) { try builder.put(item) }
        let overlay = builder.snapshot()
        #expect(overlay.itemCount == 3)
        try builder.put(NewItem(id: "a"))
        try builder.put(NewItem(id: "b"))
        #expect(throws: CatalogOverlayError.tooManyItems(limit: 2)) { try builder.put(NewItem(id: "c")) }
        // What is there can still be changed.
        let number = try builder.put(NewItem(id: "b"))
        #expect(number == 4)
        #expect(throws: CatalogOverlayError.unknownItem(number: 5)) { try builder.setProperties([], of: 5) }
        #expect(throws: CatalogOverlayError.unknownItem(number: -1)) { try builder.setAvailability(.never, of: -1) }
        #expect(throws: CatalogOverlayError.self) { try builder.setScore(.infinity, of: 0, in: .fallback) }
        #expect("\(CatalogOverlayError.tooManyItems(limit: 2))".contains("build a new index"))
    }

    // MARK: Properties and lists

    @Test func propertiesAreThoseOfNow() throws {
        var catalogue = SampleCatalogue(itemCount: 2)
        catalogue.properties = [
            [.init("title", .string("Old")), .init("price", .number(5))], [.init("tags", .strings(["x"]))],
        ]
        let recommender = try catalogue.recommender()
        let view = recommender.view
        try publish(recommender) { builder in
            try builder.setProperties([.init("title", .string("New")), .init("sale", .boolean(true))], of: 0)
            var item = NewItem(id: "new")
            item.properties = [
                .init("tags", .strings(["a", "b"])), .init("since", .time(7)), .init("sale", .boolean(false)),
            ]
            try builder.put(item)
        }
        #expect(view.properties(of: 0) == [.init("title", .string("Old")), .init("price", .number(5))])
        let now = recommender.view
        #expect(now.properties(of: 0) == [.init("title", .string("New")), .init("sale", .boolean(true))])
        #expect(now.properties(of: 1) == [.init("tags", .strings(["x"]))])
        #expect(
            now.properties(of: 2)
                == [.init("tags", .strings(["a", "b"])), .init("since", .time(7)), .init("sale", .boolean(false))])
        #expect(now.propertyNames == ["title", "price", "tags", "sale", "since"])
    }

    @Test func scoresOfListsChange() throws {
        let recommender = try SampleCatalogue(itemCount: 5).recommender()
        func popular() -> [ItemNumber] {
            recommender.popular(.popular, options: RecommendationOptions(count: 9)).items.map(\.item)
        }
        try publish(recommender) { builder in
            try builder.setScore(4.5, of: 4, in: .everybodys(.popular))
            try builder.setScore(0, of: 0, in: .everybodys(.popular))
            try builder.setScore(2, of: 1, in: .everybodys(.popular))
            try builder.setScore(nil, of: 1, in: .everybodys(.popular))
        }
        #expect(popular() == [4, 1, 2, 3, 0])
        try publish(recommender) { builder in
            try builder.replaceScores(in: .everybodys(.popular), by: [(3, 9), (2, 8)])
            try builder.replaceScores(in: .everybodys(.popular), by: [(3, 9)])
        }
        #expect(popular() == [3, 0, 1, 2, 4])
    }

    // MARK: Erased people

    private func segmented() throws -> SampleCatalogue {
        var catalogue = SampleCatalogue.random(itemCount: 20, userCount: 3, seed: 1)
        catalogue.histories = [
            [.init(item: 0, weight: 1, time: 9), .init(item: 1, weight: 1, time: 9)],
            [.init(item: 0, weight: 1, time: 9), .init(item: 5, weight: 1, time: 9)], [],
        ]
        var lists = IndexLists()
        for _ in 0..<2 * SegmentList.allCases.count { lists.append([4, 3]) }
        catalogue.segments = SegmentContents(
            names: ["quiet", "keen"], memberIds: ["stranger", "u0000", "u0001"], segments: [1, 0, 1], lists: lists,
            scores: Array(repeating: 0.5, count: lists.indexes.count))
        return catalogue
    }

    @Test func anErasedUserIsNobody() throws {
        let recommender = try segmented().recommender()
        publish(recommender) { builder in
            builder.erase(userId: "u0001")
            builder.erase(userId: "never met")
        }
        #expect(user("u0001")(recommender) == user("never met")(recommender))
        #expect(!user("u0001")(recommender).userState.known && user("u0000")(recommender).userState.known)
        let options = RecommendationOptions(count: 20)
        #expect(
            recommender.popular(.popular, userId: "u0001", options: options)
                == recommender.popular(.popular, options: options))
        #expect(
            recommender.recommend(session: ["i0002"], userId: "u0001", options: options)
                == recommender.recommend(session: ["i0002"], options: options))
        #expect(recommender.view.isErased("u0001") && !recommender.view.isErased("u0000"))
    }

    @Test func anErasedMemberIsInNoSegment() throws {
        let recommender = try segmented().recommender()
        publish(recommender) { $0.erase(userId: "stranger") }
        let segments = try #require(recommender.view.segments)
        #expect(segments.member("stranger") == nil && segments.member("u0001") == 2)
        #expect(segments.members(ofSegment: 1, after: nil, count: 1) == [2])
        #expect(segments.memberCount == 2 && segments.memberCount(ofSegment: 1) == 1)
        #expect(segments.memberCount(ofSegment: 0) == 1)
        #expect(user("stranger")(recommender).segment == nil)
    }

    /// What they did before is gone; what they do now counts.
    @Test func whoComesBackIsNew() throws {
        let recommender = try segmented().recommender()
        publish(recommender) { $0.erase(userId: "u0001") }
        recommender.liveHistories = ListedHistories([
            .init(userId: "u0001", itemId: "i0007", weight: 1, time: 99, sequence: 4)
        ])
        let answer = user("u0001")(recommender)
        #expect(answer.userState.known && answer.userState.usedItemCount == 1)
        #expect(answer.items.contains { $0.item == 5 } && !answer.items.contains { $0.item == 7 })
    }

    @Test func anErasedUserIsNobodysNeighbour() throws {
        var catalogue = SampleCatalogue(itemCount: 8)
        catalogue.hasVector = Array(repeating: false, count: 8)
        catalogue.histories = [[0, 3], [0, 1, 4], [2]].map { $0.map { .init(item: $0, weight: 1) } }
        var lists = IndexLists()
        for users: [Int32] in [[0, 1], [1], [2], [0], [1], [], [], []] { lists.append(users) }
        catalogue.usersOfItems = lists
        let recommender = try catalogue.recommender()
        func found() -> [ItemNumber] {
            var options = RecommendationOptions(count: 8)
            options.strict = true
            let recent = [RecentItem(itemId: "i0000", eventWeight: 1)]
            return recommender.recommend(for: UserEvidence(recentItems: recent), options: options).items.map(\.item)
        }
        #expect(found() == [3, 1, 4])
        publish(recommender) { $0.erase(userId: "u0001") }
        #expect(found() == [3])
        publish(recommender) { $0.erase(userId: "u0000") }
        #expect(found() == [1, 4])
    }
}
