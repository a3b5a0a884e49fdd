import HybridBlending
import RecommendationService
import TestSupport
import Testing

/// Rankings of given candidates: the list of the whole catalogue with the others taken out.
@Suite struct CandidateTests {
    /// Random links, some of them negative, and a history with a dislike.
    private func catalogue(seed: UInt64) -> SampleCatalogue {
        var generator = SeededGenerator(seed: seed)
        var catalogue = SampleCatalogue(itemCount: 40)
        for item in 0..<40 {
            for other in 0..<40 where other != item {
                if Int.random(in: 0..<4, using: &generator) == 0 {
                    catalogue.collaborative[item][other] = Float.random(in: -0.5...1, using: &generator)
                }
                if Int.random(in: 0..<5, using: &generator) == 0 {
                    catalogue.content[item][other] = Float.random(in: 0...1, using: &generator)
                }
            }
        }
        catalogue.histories = [
            [
                .init(item: 3, weight: 1, time: 9), .init(item: 8, weight: -1, time: 5),
                .init(item: 20, weight: 2, time: 1),
            ]
        ]
        return catalogue
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func equalTheWholeListWithOthersTakenOut(seed: UInt64) throws {
        let recommender = try catalogue(seed: seed).recommender()
        let whole = recommender.recommend(
            for: UserEvidence(userId: "u0000"), options: RecommendationOptions(count: 40))
        var generator = SeededGenerator(seed: seed + 100)
        let chosen = (0..<40).filter { _ in Bool.random(using: &generator) }
        var options = RecommendationOptions(count: 40)
        // In any order, with a repeat and an id that the index does not know.
        options.onlyIds =
            chosen.reversed().map { SampleCatalogue.itemId($0) } + ["unknown", SampleCatalogue.itemId(chosen[0])]
        for count in [1, 7, 40] {
            options.count = count
            let answer = recommender.recommend(for: UserEvidence(userId: "u0000"), options: options)
            let expected = whole.items.filter { chosen.contains($0.item.index) }.prefix(count)
            #expect(answer.items == Array(expected))
        }
    }

    @Test func excludedItemsStayOut() throws {
        let recommender = try catalogue(seed: 1).recommender()
        var options = RecommendationOptions(count: 9)
        options.onlyIds = ["i0003", "i0004", "i0005"]
        options.excludeIds = ["i0005"]
        // Item 3 is in the history.
        #expect(
            recommender.recommend(for: UserEvidence(userId: "u0000"), options: options).items.map(\.item) == [4])
        #expect(recommender.popular(.popular, userId: "u0000", options: options).items.map(\.item) == [4])
        #expect(recommender.popular(.popular, options: options).items.map(\.item) == [3, 4])
        options.onlyIds = []
        #expect(recommender.recommend(for: UserEvidence(userId: "u0000"), options: options).items.isEmpty)
    }

    @Test func whatNobodyScoresComesByPopularity() throws {
        var catalogue = SampleCatalogue(itemCount: 6)
        catalogue.collaborative[0][4] = 1
        catalogue.histories = [[.init(item: 0, weight: 1)]]
        var options = RecommendationOptions(count: 6)
        options.onlyIds = ["i0005", "i0004", "i0002"]
        let answer = try catalogue.recommender().recommend(for: UserEvidence(userId: "u0000"), options: options)
        #expect(answer.items.map(\.item) == [4, 2, 5])
        #expect(answer.items.map(\.source) == [.collaborative, .fallback, .fallback])
    }
}
