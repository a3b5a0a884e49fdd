import RecommendationService
import Testing

@Suite struct BasketTests {
    /// Items 0 and 1 link to 2 by 1 each, 0 to 3 by 1.5.
    private func recommender() throws -> Recommender {
        var catalogue = SampleCatalogue(itemCount: 6)
        catalogue.hasVector = Array(repeating: false, count: 6)
        catalogue.collaborative[0] = [0, 9, 1, 1.5, 0, 0]
        catalogue.collaborative[1] = [9, 0, 1, 0, 0, 0]
        catalogue.histories = [[.init(item: 2, weight: 1, time: 1)]]
        return try catalogue.recommender()
    }

    @Test func whatGoesWithAllComesFirst() throws {
        let recommender = try recommender()
        var options = RecommendationOptions(count: 2)
        for (items, unknownCount) in [(["i0000", "i0001"], 0), (["i0001", "i0000", "i0001", "unknown"], 1)] {
            let answer = recommender.recommend(basket: items, options: options)
            #expect(answer.items.map(\.item.rawValue) == [2, 3])
            #expect(answer.userState.usedItemCount == 2 && answer.userState.unknownItemCount == unknownCount)
        }
        options.count = 6
        let own = recommender.recommend(basket: ["i0000"], userId: "u0000", options: options)
        #expect(own.items.map(\.item.rawValue) == [1, 3, 4, 5])
    }
}
