import HybridBlending
import RecommendationService
import Testing

/// The fallback's part in personal lists, and weights that follow the length of a history.
@Suite struct PersonalFallbackTests {
    private static let day: Int64 = 86_400_000

    /// Users 0 and 1 have item 0, user 1 ten days before user 0. Item 0 leads to the items 1 to 5, all alike; the fallback's
    /// scores of those are 0.95 · (5, 4, 3, 2, 1) / 6, so that fallback' = (5, 4, 3, 2, 1) / sqrt(11).
    private func catalogue() -> SampleCatalogue {
        var catalogue = SampleCatalogue(itemCount: 7)
        catalogue.popularity = [6, 1, 2, 3, 4, 5, 6]
        catalogue.recent = catalogue.popularity
        catalogue.collaborative[0] = [0, 1, 1, 1, 1, 1, 0]
        catalogue.histories = [
            [.init(item: 0, weight: 1, time: 20 * Self.day)], [.init(item: 0, weight: 1, time: 10 * Self.day)],
        ]
        catalogue.fallbackShare = "0.5 2.0 \(5 * Self.day)"
        return catalogue
    }

    private func items(
        _ catalogue: SampleCatalogue, _ evidence: UserEvidence, weights: BlendWeights? = nil
    ) throws -> [RecommendedItem] {
        var options = RecommendationOptions(count: 10)
        options.strict = true
        options.weights = weights
        return try catalogue.recommender().recommend(for: evidence, options: options).items
    }

    /// The collaborative part is 0.4 + 0.6 for all of them: content says nothing of the history, so its weight goes over.
    private func expectParts(_ items: [RecommendedItem], factor: Double) {
        #expect(items.map(\.item) == (factor > 0 ? [5, 4, 3, 2, 1] : [1, 2, 3, 4, 5]))
        for item in items {
            let part = 0.3 * factor * Double(item.item.index) / 11.0.squareRoot()
            #expect(abs(Double(item.contributions.fallback) - part) < 1e-6)
            #expect(abs(Double(item.score) - 1 - part) < 1e-6)
            #expect(item.source == .collaborative)
        }
    }

    @Test func whoWasHereLatelyIsReturning() throws {
        expectParts(try items(catalogue(), UserEvidence(userId: "u0000")), factor: 2)
        expectParts(try items(catalogue(), UserEvidence(userId: "u0001")), factor: 0.5)
    }

    @Test func whoBringsRecentItemsIsHereAndDoesNotComeBack() throws {
        let recent = RecentItem(itemId: "i0000", eventWeight: 1)
        expectParts(try items(catalogue(), UserEvidence(userId: "u0000", recentItems: [recent])), factor: 0.5)
        let unknown = RecentItem(itemId: "nobody's", eventWeight: 1)
        expectParts(try items(catalogue(), UserEvidence(userId: "u0000", recentItems: [unknown])), factor: 2)
    }

    /// Two moments of history: item 0 counts 0.25 of what item 6 does for who is here, 1 for who comes back lately.
    @Test func tasteFadesOtherwiseForWhoComesBack() throws {
        var catalogue = catalogue()
        catalogue.fallbackShare = "0.0 0.0 \(5 * Self.day)"
        catalogue.historyDecay = "0.0 0.25"
        catalogue.returningDecay = "1.0 1.0"
        catalogue.collaborative[0] = [0, 2, 0, 0, 0, 0, 0]
        catalogue.collaborative[6] = [0, 0, 1, 0, 0, 0, 0]
        for user in 0..<2 {
            let time = catalogue.histories[user][0].time
            catalogue.histories[user] = [
                .init(item: 6, weight: 1, time: time), .init(item: 0, weight: 1, time: time - 1),
            ]
        }
        #expect(try items(catalogue, UserEvidence(userId: "u0000")).map(\.item) == [1, 2])
        #expect(try items(catalogue, UserEvidence(userId: "u0001")).map(\.item) == [2, 1])
        catalogue.returningDecay = nil
        #expect(try items(catalogue, UserEvidence(userId: "u0000")).map(\.item) == [2, 1])
    }

    @Test func withoutTimesOrMeasurementNobodyIsReturning() throws {
        var undated = catalogue()
        undated.hasTimes = false
        expectParts(try items(undated, UserEvidence(userId: "u0000")), factor: 0.5)
        for text in [nil, "damaged"] {
            var silent = catalogue()
            silent.fallbackShare = text
            expectParts(try items(silent, UserEvidence(userId: "u0000")), factor: 0)
        }
    }

    @Test func aFallbackOfWeightZeroTakesNoPart() throws {
        let weights = BlendWeights(content: 0.4, collaborative: 0.6, fallback: 0)
        expectParts(try items(catalogue(), UserEvidence(userId: "u0000"), weights: weights), factor: 0)
    }

    @Test func listsForAnItemHaveNone() throws {
        var options = RecommendationOptions(count: 10)
        options.strict = true
        expectParts(try catalogue().recommender().recommend(similarTo: 0, options: options).items, factor: 0)
    }

    /// Without a history the fallback's own order, as ever.
    @Test func strangersGetTheFallbackAsItIs() throws {
        let recommender = try catalogue().recommender()
        let items = recommender.recommend(for: UserEvidence(), options: RecommendationOptions(count: 7)).items
        #expect(items.map(\.item) == [0, 6, 5, 4, 3, 2, 1])
        #expect(items.allSatisfy { $0.source == .fallback && $0.contributions == .none })
    }

    /// One item of history is in the first bucket: half the fallback; user 0's other bucket is left alone.
    @Test func adaptiveWeightsFollowTheHistory() throws {
        var adaptive = catalogue()
        adaptive.adaptiveWeights = "1.0/0.5" + String(repeating: " 1.0/1.0", count: 9)
        expectParts(try items(adaptive, UserEvidence(userId: "u0000")), factor: 1)
        adaptive.histories[0].append(.init(item: 6, weight: 1, time: 20 * Self.day))
        expectParts(try items(adaptive, UserEvidence(userId: "u0000")), factor: 2)
        adaptive.adaptiveWeights = "damaged"
        expectParts(try items(adaptive, UserEvidence(userId: "u0001")), factor: 0.5)
    }
}
