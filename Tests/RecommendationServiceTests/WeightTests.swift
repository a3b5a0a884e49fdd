import HybridBlending
import RecommendationService
import Testing

/// Weights, missing evidence, source labels, contributions: on a catalogue small enough to work out by hand.
@Suite struct WeightTests {
    /// The user has item 0.
    ///
    ///     item            1   2   3   4   5
    ///     content         1   0   2   1   -
    ///     collaborative   2   1   0   -   2      4 is new, 5 has no text
    private func catalogue() -> SampleCatalogue {
        var catalogue = SampleCatalogue(itemCount: 6)
        catalogue.content[0] = [0, 1, 0, 2, 1, 0]
        catalogue.collaborative[0] = [0, 2, 1, 0, 0, 2]
        catalogue.interactionCounts[4] = 0
        catalogue.hasVector[5] = false
        catalogue.histories = [[.init(item: 0, weight: 1, time: 1)]]
        return catalogue
    }

    private func answer(
        _ catalogue: SampleCatalogue, weights: BlendWeights? = nil, strict: Bool = true
    ) throws -> [RecommendedItem] {
        var options = RecommendationOptions(count: 10)
        options.weights = weights
        options.strict = strict
        return try catalogue.recommender().recommend(for: UserEvidence(userId: "u0000"), options: options).items
    }

    private func expect(_ items: [RecommendedItem], _ expected: [(Int, Double, RecommendationSource)]) {
        #expect(items.map { $0.item.index } == expected.map(\.0))
        #expect(items.map(\.source) == expected.map(\.2))
        for (item, wanted) in zip(items, expected) { #expect(abs(Double(item.score) - wanted.1) < 1e-6) }
        for item in items where item.source != .fallback {
            #expect(item.contributions.score == item.score)
        }
    }

    /// rms(1, 0, 2, 1) = sqrt(6 / 4) over items 1 to 4; rms(2, 1, 0, 2) = sqrt(9 / 4) = 1.5 over items 1, 2, 3, 5.
    private let contentRMS = 1.5.squareRoot()
    private let collaborativeRMS = 1.5

    @Test func theStandardBlend() throws {
        let items = try answer(catalogue())
        expect(
            items,
            [
                (5, 1.0 * 2 / collaborativeRMS, .collaborative),
                (1, 0.4 / contentRMS + 0.6 * 2 / collaborativeRMS, .hybrid),
                (4, 1.0 / contentRMS, .content),
                (3, 0.4 * 2 / contentRMS, .content),
                (2, 0.6 / collaborativeRMS, .collaborative),
            ])
        #expect(abs(Double(items[1].contributions.content) - 0.4 / contentRMS) < 1e-6)
        #expect(abs(Double(items[1].contributions.collaborative) - 0.8) < 1e-6)
    }

    @Test func aNewItemWithPredictedLinksCompetesInBothComponents() throws {
        var catalogue = catalogue()
        catalogue.coldItemsHaveLinks = true
        catalogue.collaborative[0][4] = 1
        let collaborativeRMS = (10.0 / 5).squareRoot()
        expect(
            try answer(catalogue),
            [
                (5, 1.0 * 2 / collaborativeRMS, .collaborative),
                (1, 0.4 / contentRMS + 0.6 * 2 / collaborativeRMS, .hybrid),
                (4, 0.4 / contentRMS + 0.6 / collaborativeRMS, .hybrid),
                (3, 0.4 * 2 / contentRMS, .content),
                (2, 0.6 / collaborativeRMS, .collaborative),
            ])
        // Without a predicted link it is an item that the component knows and finds no link to.
        catalogue.collaborative[0][4] = 0
        let items = try answer(catalogue)
        #expect(abs(Double(items.first { $0.item == 4 }?.score ?? 0) - 0.4 / contentRMS) < 1e-6)
    }

    @Test func reliabilityScalesContent() throws {
        var catalogue = catalogue()
        catalogue.reliability = 0.5
        expect(
            try answer(catalogue),
            [
                (5, 2 / collaborativeRMS, .collaborative),
                (1, 0.2 / contentRMS + 1.2 / collaborativeRMS, .hybrid),
                (4, 0.5 / contentRMS, .content),
                (2, 0.6 / collaborativeRMS, .collaborative),
                (3, 0.4 / contentRMS, .content),
            ])
    }

    @Test func theWeightsOfTheIndexHoldWithoutOthers() throws {
        var catalogue = catalogue()
        catalogue.weights = BlendWeights(content: 1, collaborative: 0.125, fallback: 0.5)
        let items = try answer(catalogue, strict: false)
        #expect(abs(Double(items[0].score) - 2 / contentRMS) < 1e-6)
        #expect(items[0].item == 3)
        #expect(items.allSatisfy { $0.source != .fallback })
    }

    @Test func contentAlone() throws {
        // Items 1, 3 and 4 are the candidates.
        let rms = (6.0 / 3).squareRoot()
        let items = try answer(catalogue(), weights: BlendWeights(content: 1, collaborative: 0, fallback: 0.3))
        expect(
            items, [(3, 2 / rms, .content), (1, 1 / rms, .content), (4, 1 / rms, .content)])
    }

    @Test func collaborativeAlone() throws {
        let items = try answer(catalogue(), weights: BlendWeights(content: 0, collaborative: 0.5, fallback: 0.3))
        let rms = (9.0 / 3).squareRoot()
        expect(
            items, [(1, 1 / rms, .collaborative), (5, 1 / rms, .collaborative), (2, 0.5 / rms, .collaborative)])
    }

    @Test func fallbackAlone() throws {
        let items = try answer(
            catalogue(), weights: BlendWeights(content: 0, collaborative: 0, fallback: 1), strict: false)
        // (.70 + .25) · popularity / 6, without the seen item 0
        expect(items, (1..<6).map { ($0, 0.95 * Double(6 - $0) / 6, .fallback) })
    }

    @Test func allWeightsZeroStillAnswers() throws {
        let items = try answer(
            catalogue(), weights: BlendWeights(content: 0, collaborative: 0, fallback: 0), strict: false)
        expect(items, (1..<6).map { ($0, 0, .fallback) })
    }

    @Test func aNegativeComponentIsNoSource() throws {
        var catalogue = SampleCatalogue(itemCount: 3)
        catalogue.content[0] = [0, 3, 0]
        catalogue.collaborative[0] = [0, -1, 4]
        catalogue.histories = [[.init(item: 0, weight: 1, time: 1)]]
        let items = try answer(catalogue)
        let contentPart = 0.4 * 3 / 4.5.squareRoot()
        let collaborativePart = -0.6 / 8.5.squareRoot()
        expect(
            items, [(2, 2.4 / 8.5.squareRoot(), .collaborative), (1, contentPart + collaborativePart, .content)])
    }

    @Test func aComponentThatKnowsNothingOfTheRequestIsMissingForAll() throws {
        // Item 0 is new: no collaborative row. Item 1 has interactions, item 2 has none; content likes 1 better.
        var catalogue = SampleCatalogue(itemCount: 3)
        catalogue.content[0] = [0, 2, 1]
        catalogue.interactionCounts = [0, 3, 0]
        let recommender = try catalogue.recommender()
        let answer = recommender.recommend(similarTo: 0, options: RecommendationOptions(count: 2))
        let rms = 2.5.squareRoot()
        expect(answer.items, [(1, 2 / rms, .content), (2, 1 / rms, .content)])
    }

    @Test func anItemWithAVanishedVectorIsKnownToContentByItsNeighbours() throws {
        // Item 2's words link it to item 3, but its vector is zero. For a user without item 3, content knows it, says 0.
        var catalogue = SampleCatalogue(itemCount: 4)
        catalogue.hasVector[2] = false
        catalogue.content[3] = [0, 0, 1, 0]
        catalogue.content[0] = [0, 1, 0, 0]
        catalogue.collaborative[0] = [0, 0, 2, 0]
        catalogue.histories = [[.init(item: 0, weight: 1, time: 1)]]
        let two = 2.0.squareRoot()
        expect(try answer(catalogue), [(2, 0.6 * two, .collaborative), (1, 0.4 * two, .content)])
    }

    @Test func subnormalScoresStayFinite() throws {
        var catalogue = SampleCatalogue(itemCount: 3)
        catalogue.collaborative[0] = [0, 1e-6, 2e-6]
        catalogue.histories = [[.init(item: 0, weight: 1e-38, time: 1)]]
        let items = try answer(catalogue)
        #expect(items.map(\.item) == [2, 1])
        #expect(items.allSatisfy { $0.score.isFinite && $0.score > 0 })
    }
}
