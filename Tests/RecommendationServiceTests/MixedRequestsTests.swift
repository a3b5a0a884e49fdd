import Interactions
import LinearAlgebra
import RecommendationIndex
import RecommendationService
import TestSupport
import Testing

/// An answer depends on its request alone, whatever was asked before and in whatever order.
@Suite struct MixedRequestsTests {
    private enum Parts: CaseIterable { case lists, factors, users }

    private func catalogue(_ parts: Parts) -> SampleCatalogue {
        var catalogue = SampleCatalogue.random(itemCount: 40, userCount: 12, seed: 3)
        var generator = SeededGenerator(seed: 9)
        if parts == .factors {
            catalogue.factorModel = FactorModelContents(
                items: DenseMatrix(
                    rowCount: 40, columnCount: 3, values: (0..<120).map { _ in Float(generator.unit() - 0.3) }),
                gram: DenseMatrix(rowCount: 3, columnCount: 3, values: [1, 0, 0, 0, 1, 0, 0, 0, 1]),
                constants: [1, 1, 0.1, 1])
        }
        if parts == .users {
            var lists = IndexLists()
            for item in 0..<40 {
                lists.append(
                    catalogue.histories.indices.filter { user in catalogue.histories[user].contains { $0.item == item }
                    }
                    .map { Int32($0) })
            }
            catalogue.usersOfItems = lists
        }
        return catalogue
    }

    private typealias Request = (Recommender) -> Recommendation

    private var requests: [Request] {
        var requests: [Request] = []
        for user in 0..<12 {
            let id = SampleCatalogue.userId(user)
            requests.append { $0.recommend(for: UserEvidence(userId: id), options: RecommendationOptions(count: 7)) }
            // On an index without sessions and with users, this took the user of the request before it.
            requests.append {
                $0.recommend(
                    session: [SampleCatalogue.itemId(user), SampleCatalogue.itemId(user + 3)],
                    options: RecommendationOptions(count: 7))
            }
            requests.append {
                $0.recommend(similarTo: ItemNumber(user), userId: id, options: RecommendationOptions(count: 7))
            }
            requests.append {
                var options = RecommendationOptions(count: 9)
                options.onlyIds = (user..<user + 20).map(SampleCatalogue.itemId)
                options.excludeIds = [SampleCatalogue.itemId(user + 2)]
                return $0.recommend(for: UserEvidence(userId: id), options: options)
            }
            requests.append { $0.popular(.popular, userId: id, options: RecommendationOptions(count: 5)) }
        }
        return requests
    }

    @Test(arguments: 0..<6) func answersAreThoseOfAFreshRecommender(seed: Int) throws {
        for parts in Parts.allCases {
            let serving = try catalogue(parts).serving()
            let expected = requests.map { $0(Recommender(serving)) }
            let recommender = Recommender(serving)
            var generator = SeededGenerator(seed: UInt64(seed))
            for place in (0..<3 * expected.count).map({ $0 % expected.count }).shuffled(using: &generator) {
                let answer = requests[place](recommender)
                #expect(answer == expected[place])
                // Explaining an answer must change nothing either.
                if let first = answer.items.first { _ = recommender.evidence(for: first.item, limit: 3) }
            }
        }
    }
}
