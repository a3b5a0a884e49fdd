import HybridBlending
import Interactions
import LinearAlgebra
import RecommendationIndex
import RecommendationService
import Testing

/// Factors and users in the place of item lists.
@Suite struct ServedModelTests {
    /// 6 items with two factors each; item 5 is cold. The Gram matrix is the identity and nothing else is constant, so that
    /// the system of a history is (1 + regularisation) I and the items' own products.
    private func factorCatalogue() -> SampleCatalogue {
        var catalogue = SampleCatalogue(itemCount: 6)
        catalogue.hasVector = Array(repeating: false, count: 6)
        catalogue.interactionCounts[5] = 0
        catalogue.factorModel = FactorModelContents(
            items: DenseMatrix(rowCount: 6, columnCount: 2, values: [1, 0, 1, 1, 0, 1, 2, 0, -1, 0, 0, 0]),
            gram: DenseMatrix(rowCount: 2, columnCount: 2, values: [1, 0, 0, 1]), constants: [1, 0, 0, 1])
        return catalogue
    }

    private func answer(_ recommender: Recommender, recent: String) -> Recommendation {
        recommender.recommend(
            for: UserEvidence(recentItems: [RecentItem(itemId: recent, eventWeight: 1)]),
            options: RecommendationOptions(count: 6))
    }

    @Test func factorsScoreAsByHand() throws {
        let recommender = try factorCatalogue().recommender()
        let found = answer(recommender, recent: "i0000")
        // A is diagonal: x has no second factor. Scores go as the items' first factor: 3 has 2, 1 has 1, 2 has 0, 4 has -1.
        #expect(found.items.prefix(2).map(\.item) == [3, 1])
        #expect(found.items.prefix(2).allSatisfy { $0.source == .collaborative })
        #expect(found.items.dropFirst(2).allSatisfy { $0.source == .fallback })
        #expect(abs(found.items[0].score - 2 * found.items[1].score) < 1e-6)
        // What is scored below zero comes last.
        #expect(found.items.last?.item == 4)
        let shares = recommender.evidence(for: 3, limit: 5)
        #expect(shares.map(\.item) == [0])
        #expect(abs(shares[0].weight - found.items[0].score) < 1e-5)
    }

    @Test func sharesOfSeveralItemsSumToTheScore() throws {
        var catalogue = factorCatalogue()
        catalogue.histories = [[.init(item: 0, weight: 2, time: 9), .init(item: 1, weight: 1, time: 5)]]
        let recommender = try catalogue.recommender()
        let found = recommender.recommend(
            for: UserEvidence(userId: "u0000"), options: RecommendationOptions(count: 2))
        let sum = recommender.evidence(for: found.items[0].item, limit: 5).reduce(0) { $0 + $1.weight }
        #expect(found.items[0].item == 3 && abs(sum - found.items[0].score) < 1e-5)
    }

    @Test func aColdHistoryIsNoEvidence() throws {
        let recommender = try factorCatalogue().recommender()
        let found = answer(recommender, recent: "i0005")
        #expect(found.items.allSatisfy { $0.source == .fallback })
        #expect(recommender.evidence(for: 3, limit: 5).isEmpty)
    }

    /// u0 has 0 and 3, u1 has 0, 1 and 4; whoever brings 0 and 1 is more like u1.
    @Test func neighboursSpeakForWhatTheyHave() throws {
        var catalogue = SampleCatalogue(itemCount: 5)
        catalogue.hasVector = Array(repeating: false, count: 5)
        catalogue.histories = [[0, 3], [0, 1, 4]].map { items in items.map { .init(item: $0, weight: 1, time: 4) } }
        catalogue.usersOfItems = IndexLists(offsets: [0, 2, 3, 3, 4, 5], indexes: [0, 1, 1, 0, 1])
        let recommender = try catalogue.recommender()
        let recent = ["i0000", "i0001"].map { RecentItem(itemId: $0, eventWeight: 1) }
        let found = recommender.recommend(
            for: UserEvidence(recentItems: recent), options: RecommendationOptions(count: 2))
        #expect(found.items.map(\.item) == [4, 3])
        #expect(found.items.allSatisfy { $0.source == .collaborative })
        for item in found.items {
            let shares = recommender.evidence(for: item.item, limit: 5)
            #expect(shares.count == (item.item == 4 ? 2 : 1))
            #expect(abs(shares.reduce(0) { $0 + $1.weight } - item.score) < 1e-5)
        }
        // u1 has no other neighbour with something new but u0.
        let own = recommender.recommend(
            for: UserEvidence(userId: "u0001"), options: RecommendationOptions(count: 5))
        #expect(own.items.first?.item == 3 && own.items.filter { $0.source != .fallback }.count == 1)
    }
}
