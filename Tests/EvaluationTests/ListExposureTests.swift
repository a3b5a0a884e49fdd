import Testing

@testable import Evaluation

struct ListExposureTests {
    /// Training counts 4 2 1 1 0: of 8. Categories: items 0 and 1 in 0, item 2 in 0 and 1, item 3 in 1, item 4 in none.
    private func metrics(
        _ lists: [(list: [Int32], history: [Int32])], at cutOffs: [Int], categories: Bool = true,
        vectors: [Float] = [], dimension: Int = 0
    ) throws -> [CatalogueMetrics] {
        let items = ItemDescriptions(
            categoryName: "genre", categories: categories ? [[0], [0], [0, 1], [1], []] : [], vectors: vectors,
            dimension: dimension)
        var exposure = ListExposure(
            trainingCounts: [4, 2, 1, 1, 0], catalogueItemCount: 5, items: items, cutOffs: try CutOffs(cutOffs))
        for entry in lists { exposure.add(entry.list[...], history: entry.history[...]) }
        return exposure.metrics
    }

    @Test func noveltyIsTheMeanOfBits() throws {
        // -log2 of 4/8, 2/8, 1/8: 1, 2, 3 bits; the cold item counts as 1/8. The empty list is left out.
        let found = try metrics([([0, 1], []), ([4], []), ([], []), ([3, 2, 0], [])], at: [1, 2, 3])
        let last: Double = 7.0 / 3
        let expected: [Double?] = [7.0 / 3, 7.5 / 3, (4.5 + last) / 3]
        #expect(found.map(\.novelty) == expected)
        #expect(try metrics([([], [])], at: [1])[0].novelty == nil)
    }

    @Test func withoutTrainingEveryItemIsAsNew() throws {
        var exposure = ListExposure(
            trainingCounts: [0, 0], catalogueItemCount: 2, items: .none, cutOffs: try CutOffs([2]))
        exposure.add([0, 1][...], history: [])
        #expect(exposure.metrics[0].novelty == 0)
    }

    @Test func diversityIsOneLessTheMeanCosine() throws {
        // Lengths do not count: 0 and 1 are alike, 2 is at a right angle, 3 is the opposite of 0, 4 has no vector.
        let vectors: [Float] = [1, 0, 3, 0, 0, 2, -1, 0, 0, 0]
        let lists: [(list: [Int32], history: [Int32])] = [([0, 1, 2], [])]
        let found = try metrics(lists, at: [1, 2, 3, 9], vectors: vectors, dimension: 2)
        // One item has no pair; then cosine 1; then (1 + 0 + 0) / 3.
        #expect(found[0].intraListDiversity == nil)
        #expect(found[1].intraListDiversity == 0)
        #expect(abs((found[2].intraListDiversity ?? 0) - 2.0 / 3) < 1e-15)
        #expect(found[3].intraListDiversity == found[2].intraListDiversity)
        let opposite = try metrics(
            [([0, 4, 3], []), ([4], []), ([4, 2], []), ([0, 1], [])], at: [3], vectors: vectors, dimension: 2)
        // Opposite: 2; two lists without a pair are left out; alike: 0.
        #expect(opposite[0].intraListDiversity == 1)
    }

    @Test func vectorsThatAreNoNumbersAreNone() throws {
        let vectors: [Float] = [1, 0, .nan, 0, .infinity, 1, 0, 0, 0, 1]
        let found = try metrics([([0, 1, 2, 3, 4], [])], at: [4, 5], vectors: vectors, dimension: 2)
        #expect(found.map(\.intraListDiversity) == [nil, 1])
    }

    @Test func semanticAccuracyIsTheShareInTheHistorysCategories() throws {
        let found = try metrics(
            [
                ([0, 3, 4, 2], [1]), ([3], [2]),
                // No history, a history of no category, no list: left out.
                ([0], []), ([0], [4]), ([], [0]),
            ], at: [1, 2, 3, 4])
        // First list: 0 yes, 3 no, 4 no, 2 yes; second: 3 yes.
        let third: Double = 1.0 / 3
        let expected: [Double?] = [1, 0.75, (third + 1) / 2, 0.75]
        #expect(found.map(\.semanticAccuracy) == expected)
        #expect(try metrics([([0], [1])], at: [1], categories: false)[0].semanticAccuracy == nil)
    }
}
