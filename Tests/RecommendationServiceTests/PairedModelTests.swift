import HybridBlending
import Interactions
import LinearAlgebra
import RecommendationIndex
import RecommendationService
import Testing

/// Item lists and factors in one index.
@Suite struct PairedModelTests {
    /// 7 items with two factors; item 6 is cold and item 5 has no list. The system of a history is as in `ServedModelTests`.
    private func catalogue() -> SampleCatalogue {
        var catalogue = SampleCatalogue(itemCount: 7)
        catalogue.hasVector = Array(repeating: false, count: 7)
        catalogue.interactionCounts[6] = 0
        catalogue.factorModel = FactorModelContents(
            items: DenseMatrix(rowCount: 7, columnCount: 2, values: [1, 0, 1, 1, 0, 1, 2, 0, -1, 0, 1, 0, 0, 0]),
            gram: DenseMatrix(rowCount: 2, columnCount: 2, values: [1, 0, 0, 1]), constants: [1, 0, 0, 1])
        for (target, value) in [(2, Float(3)), (4, 1)] { catalogue.collaborative[0][target] = value }
        catalogue.collaborative[1][2] = 2
        return catalogue
    }

    private func answer(_ recommender: Recommender, recent: [String], count: Int = 7) -> Recommendation {
        recommender.recommend(
            for: UserEvidence(recentItems: recent.map { RecentItem(itemId: $0, eventWeight: 1) }),
            options: RecommendationOptions(count: count))
    }

    /// For a history of item 0, x = (1 / 2, 0): factors give items 0 to 5 .5, .5, 0, 1, -.5, .5, lists item 2 3 and item 4 1.
    @Test(arguments: [nil, 0, 0.4, 1]) func scoresAreThoseOfTheFormula(share: Float?) throws {
        var catalogue = catalogue()
        catalogue.factorShare = share
        let found = answer(try catalogue.recommender(), recent: ["i0000"])
        let factors: [Int32: Float] = [0: 0.5, 1: 0.5, 2: 0, 3: 1, 4: -0.5, 5: 0.5]
        let lists: [Int32: Float] = [2: 3, 4: 1]
        let factorsRMS = (factors.values.reduce(0) { $0 + $1 * $1 } / 6).squareRoot()
        let share = share ?? 0.4
        var expected = factors.mapValues { share * $0 / factorsRMS }
        for (item, score) in lists { expected[item, default: 0] += (1 - share) * score / Float(5).squareRoot() }
        expected[0] = nil
        let ranking = expected.filter { $0.value > 0 }.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        let personal = found.items.filter { $0.source == .collaborative }
        #expect(personal.map(\.item.rawValue) == ranking.map(\.key))
        for (item, entry) in zip(personal, ranking) {
            #expect(abs(item.score * ranking[0].value - entry.value * personal[0].score) < 1e-5)
        }
    }

    @Test func sharesOfSeveralItemsSumToTheScore() throws {
        let recommender = try catalogue().recommender()
        let found = answer(recommender, recent: ["i0000", "i0001"])
        #expect(found.items[0].item == 2)
        for item in found.items where item.source == .collaborative {
            let sum = recommender.evidence(for: item.item, limit: 9).reduce(0) { $0 + $1.weight }
            #expect(abs(sum - item.score) < 1e-5)
        }
    }

    /// Item 5 leads nowhere by lists, item 6 by neither.
    @Test func whereOneIsSilentTheOtherAnswers() throws {
        var catalogue = catalogue()
        let paired = answer(try catalogue.recommender(), recent: ["i0005"])
        catalogue.collaborative = Array(repeating: Array(repeating: 0, count: 7), count: 7)
        #expect(paired.items == answer(try catalogue.recommender(), recent: ["i0005"]).items)
        #expect(paired.items.contains { $0.source == .collaborative })
        #expect(answer(try catalogue.recommender(), recent: ["i0006"]).items.allSatisfy { $0.source == .fallback })
    }

    /// What one request has left behind is no part of the next.
    @Test func requestsDoNotRemember() throws {
        let recommender = try catalogue().recommender()
        let first = answer(recommender, recent: ["i0000"]).items
        _ = answer(recommender, recent: ["i0006"])
        _ = answer(recommender, recent: ["i0001", "i0003"])
        #expect(answer(recommender, recent: ["i0000"]).items == first)
    }
}
