import HybridBlending
import RecommendationService
import Testing

/// Popular lists, similar items, ties, sizes, and independence of requests from each other.
@Suite struct ListTests {
    private func indexes(_ answer: Recommendation) -> [Int] { answer.items.map { $0.item.index } }

    private func popularity() -> SampleCatalogue {
        var catalogue = SampleCatalogue(itemCount: 5)
        catalogue.popularity = [1, 5, 3, 5, 0]
        catalogue.trending = [0.5, 0, 0.25, 0.75, 0]
        catalogue.recent = [2, 2, 8, 1, 0]
        catalogue.histories = [[.init(item: 3, weight: 1, time: 1)]]
        return catalogue
    }

    @Test func eachKindHasItsOwnOrderAndScores() throws {
        let recommender = try popularity().recommender()
        let options = RecommendationOptions(count: 9)
        #expect(indexes(recommender.popular(.popular, options: options)) == [1, 3, 2, 0, 4])
        #expect(indexes(recommender.popular(.trending, options: options)) == [3, 0, 2, 1, 4])
        let recent = recommender.popular(.recent, options: options)
        #expect(indexes(recent) == [2, 0, 1, 3, 4])
        #expect(recent.items.map(\.score) == [8, 2, 2, 1, 0])
        #expect(recent.items.allSatisfy { $0.source == .fallback })
        #expect(!recent.userState.known)
    }

    @Test func popularListsObeyTheFilters() throws {
        let recommender = try popularity().recommender()
        var options = RecommendationOptions(count: 2)
        #expect(indexes(recommender.popular(.popular, userId: "u0000", options: options)) == [1, 2])
        #expect(recommender.popular(.popular, userId: "u0000", options: options).userState.known)
        options.excludeSeen = false
        options.excludeIds = ["i0001", "unknown"]
        #expect(indexes(recommender.popular(.popular, userId: "u0000", options: options)) == [3, 2])
        options.count = 9
        options.minScore = 3
        #expect(indexes(recommender.popular(.popular, options: options)) == [3, 2])
    }

    @Test func similarItemsLeaveOutTheItemAndTheUsersOwn() throws {
        var catalogue = SampleCatalogue(itemCount: 5)
        catalogue.content[1] = [3, 9, 2, 1, 0.5]
        catalogue.histories = [[.init(item: 0, weight: 1, time: 1)]]
        let recommender = try catalogue.recommender()
        var options = RecommendationOptions(count: 9)
        #expect(indexes(recommender.recommend(similarTo: 1, options: options)) == [0, 2, 3, 4])
        let forUser = recommender.recommend(similarTo: 1, userId: "u0000", options: options)
        #expect(indexes(forUser) == [2, 3, 4])
        #expect(forUser.userState.known && forUser.userState.usedItemCount == 1)
        options.excludeSeen = false
        #expect(indexes(recommender.recommend(similarTo: 1, userId: "u0000", options: options)) == [0, 2, 3, 4])
        // An item without neighbours: the fallback, without the item itself.
        #expect(indexes(recommender.recommend(similarTo: 0, options: options)) == [1, 2, 3, 4])
        #expect(recommender.recommend(similarTo: 0, options: options).fallbackUsed)
    }

    @Test(arguments: 1...12) func tiesComeByAscendingIndex(count: Int) throws {
        var catalogue = SampleCatalogue(itemCount: 12)
        // Links stored in every order that a row can give: the selection must not depend on it.
        for item in 1..<12 { catalogue.collaborative[0][item] = item % 3 == 0 ? 2 : 1 }
        catalogue.histories = [[.init(item: 0, weight: 1, time: 1)]]
        let answer = try catalogue.recommender().recommend(
            for: UserEvidence(userId: "u0000"), options: RecommendationOptions(count: count))
        #expect(indexes(answer) == Array([3, 6, 9, 1, 2, 4, 5, 7, 8, 10, 11].prefix(count)))
    }

    @Test func anEmptyCatalogueAnswersNothing() throws {
        var catalogue = SampleCatalogue(itemCount: 0)
        catalogue.histories = [[]]
        let recommender = try catalogue.recommender()
        let options = RecommendationOptions(count: 10)
        for user in ["u0000", "stranger"] {
            let answer = recommender.recommend(
                for: UserEvidence(userId: user, recentItems: [RecentItem(itemId: "i0000", eventWeight: 1)]),
                options: options)
            #expect(answer.items.isEmpty && !answer.fallbackUsed)
            #expect(answer.userState.unknownItemCount == 1)
        }
        #expect(recommender.popular(.trending, options: options).items.isEmpty)
    }

    @Test func oneItemIsTheWholeAnswerOrNone() throws {
        var catalogue = SampleCatalogue(itemCount: 1)
        catalogue.histories = [[.init(item: 0, weight: 1, time: 1)]]
        let recommender = try catalogue.recommender()
        let options = RecommendationOptions(count: 10)
        #expect(indexes(recommender.recommend(for: UserEvidence(), options: options)) == [0])
        #expect(recommender.recommend(for: UserEvidence(userId: "u0000"), options: options).items.isEmpty)
        #expect(recommender.recommend(similarTo: 0, options: options).items.isEmpty)
    }

    @Test func aCountBeyondTheCatalogueGivesEveryAllowedItemOnce() throws {
        let catalogue = SampleCatalogue.random(itemCount: 30, userCount: 3, seed: 5)
        let recommender = try catalogue.recommender()
        for user in 0..<3 {
            let answer = recommender.recommend(
                for: UserEvidence(userId: SampleCatalogue.userId(user)), options: RecommendationOptions(count: .max))
            let seen = Set(catalogue.histories[user].map(\.item))
            #expect(Set(indexes(answer)) == Set(0..<30).subtracting(seen))
            #expect(answer.items.count == 30 - seen.count)
        }
    }

    @Test func answersDoNotDependOnEarlierRequests() throws {
        let catalogue = SampleCatalogue.random(itemCount: 50, userCount: 6, seed: 8)
        let serving = try catalogue.serving()
        let shared = Recommender(serving)
        var options = RecommendationOptions(count: 20)
        let first = (0..<6).map { user in
            Recommender(serving).recommend(
                for: UserEvidence(userId: SampleCatalogue.userId(user)), options: options)
        }
        for round in 0..<3 {
            for user in (0..<6).map({ ($0 * 5 + round) % 6 }) {
                options.excludeIds = ["i0002", "i0030"]
                _ = shared.recommend(similarTo: ItemNumber(user), userId: "u0001", options: options)
                _ = shared.popular(.recent, userId: "u0002", options: options)
                options.excludeIds = []
                let evidence = UserEvidence(userId: SampleCatalogue.userId(user))
                #expect(shared.recommend(for: evidence, options: options) == first[user])
                #expect(shared.recommend(for: evidence, options: options) == first[user])
            }
        }
    }
}
