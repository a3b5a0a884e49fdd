import HybridBlending
import RecommendationService
import Testing

@Suite struct EvidenceTests {
    /// Without dislikes and negative links every share is positive, so that `evidence` gives all of them.
    private func likes(seed: UInt64) -> SampleCatalogue {
        var catalogue = SampleCatalogue.random(itemCount: 40, userCount: 4, seed: seed)
        catalogue.collaborative = catalogue.collaborative.map { $0.map(abs) }
        catalogue.histories = catalogue.histories.map { history in
            history.map { SampleCatalogue.Entry(item: $0.item, weight: abs($0.weight), time: $0.time) }
        }
        return catalogue
    }

    @Test(arguments: 0..<12) func sharesOfTheWholeHistorySumToTheScore(seed: Int) throws {
        let catalogue = likes(seed: UInt64(seed))
        let recommender = try catalogue.recommender()
        var explained = 0
        for user in 0..<4 {
            let answer = recommender.recommend(
                for: UserEvidence(userId: SampleCatalogue.userId(user)), options: RecommendationOptions(count: 40))
            let history = Set(catalogue.histories[user].map { ItemNumber($0.item) })
            for item in answer.items where item.source != .fallback {
                let shares = recommender.evidence(for: item.item, limit: 500)
                let sum = shares.reduce(0) { $0 + Double($1.weight) }
                #expect(abs(sum - Double(item.score)) <= 1e-4 * Double(item.score))
                #expect(abs(item.contributions.score - item.score) <= 1e-6 * item.score)
                #expect(zip(shares, shares.dropFirst()).allSatisfy { $0.weight >= $1.weight })
                #expect(Set(shares.map(\.item)).isSubset(of: history))
                #expect(recommender.evidence(for: item.item, limit: 2) == Array(shares.prefix(2)))
                explained += 1
            }
        }
        #expect(explained > 0)
    }

    @Test func sharesAreThoseOfTheRule() throws {
        var catalogue = SampleCatalogue(itemCount: 4)
        catalogue.hasVector = Array(repeating: false, count: 4)
        catalogue.collaborative[0][3] = 1
        catalogue.collaborative[1][3] = 2
        catalogue.collaborative[2][3] = -1
        catalogue.histories = [
            [
                .init(item: 0, weight: 3, time: 9), .init(item: 1, weight: 1, time: 9),
                .init(item: 2, weight: 1, time: 9),
            ]
        ]
        let recommender = try catalogue.recommender()
        let answer = recommender.recommend(
            for: UserEvidence(userId: "u0000"), options: RecommendationOptions(count: 1))
        // One candidate with 3 + 2 - 1 = 4, scaled to 1: shares 3/4, 2/4, and -1/4, which does not speak for it.
        #expect(answer.items.map(\.score) == [1])
        let shares = recommender.evidence(for: 3, limit: 10)
        #expect(shares.map(\.item) == [0, 1])
        #expect(shares.map(\.weight) == [0.75, 0.5])
    }

    @Test func equalSharesComeByIndex() throws {
        var catalogue = SampleCatalogue(itemCount: 4)
        for item in 0..<3 { catalogue.collaborative[item][3] = 1 }
        catalogue.histories = [[2, 0, 1].map { .init(item: $0, weight: 1, time: 4) }]
        let recommender = try catalogue.recommender()
        _ = recommender.recommend(for: UserEvidence(userId: "u0000"), options: RecommendationOptions(count: 1))
        #expect(recommender.evidence(for: 3, limit: 10).map(\.item) == [0, 1, 2])
    }

    @Test func similarItemsAreExplainedByTheItem() throws {
        var catalogue = SampleCatalogue(itemCount: 3)
        catalogue.content[0] = [0, 1, 2]
        let recommender = try catalogue.recommender()
        let answer = recommender.recommend(similarTo: 0, options: RecommendationOptions(count: 2))
        #expect(answer.items.map(\.item) == [2, 1])
        for item in answer.items {
            let shares = recommender.evidence(for: item.item, limit: 3)
            #expect(shares.map(\.item) == [0])
            #expect(shares.map(\.weight) == [item.score])
        }
    }

    @Test func popularListsHaveNoPersonalEvidence() throws {
        let recommender = try likes(seed: 3).recommender()
        #expect(recommender.evidence(for: 0, limit: 5).isEmpty)
        _ = recommender.recommend(for: UserEvidence(userId: "u0000"), options: RecommendationOptions(count: 5))
        _ = recommender.popular(.popular, options: RecommendationOptions(count: 5))
        #expect((0..<40).allSatisfy { recommender.evidence(for: ItemNumber($0), limit: 5).isEmpty })
    }
}
