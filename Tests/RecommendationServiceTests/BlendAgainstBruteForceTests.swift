import HybridBlending
import RecommendationService
import Testing

@Suite struct BlendAgainstBruteForceTests {
    /// 60 catalogues with 5 users each: rankings are equal, scores to 1e-5 of the list's best.
    @Test(arguments: 0..<60) func answersEqualADenseRecomputation(seed: Int) throws {
        var catalogue = SampleCatalogue.random(itemCount: 12 + seed, userCount: 5, seed: UInt64(seed))
        catalogue.hasTimes = seed % 4 != 3
        let recommender = try catalogue.recommender()
        for user in 0..<5 {
            for options in Self.options(seed: seed, itemCount: catalogue.itemCount) {
                expectAnswer(of: recommender, catalogue, user: user, options)
            }
        }
    }

    private static func options(seed: Int, itemCount: Int) -> [RecommendationOptions] {
        var all = [RecommendationOptions(count: 5), RecommendationOptions(count: itemCount * 2)]
        var strict = RecommendationOptions(count: itemCount)
        strict.strict = true
        strict.excludeSeen = false
        var limited = RecommendationOptions(count: 8)
        limited.minScore = 0.17
        limited.excludeIds = ["i0001", "i0003", "nobody has this", SampleCatalogue.itemId(seed % 9)]
        var contentOnly = RecommendationOptions(count: 6)
        contentOnly.weights = BlendWeights(content: 1, collaborative: 0, fallback: 0.3)
        var collaborativeOnly = RecommendationOptions(count: 6)
        collaborativeOnly.weights = BlendWeights(content: 0, collaborative: 0.8, fallback: 0.1)
        all += [strict, limited, contentOnly, collaborativeOnly]
        return all
    }

    private func expectAnswer(
        of recommender: Recommender, _ catalogue: SampleCatalogue, user: Int, _ options: RecommendationOptions
    ) {
        let answer = recommender.recommend(
            for: UserEvidence(userId: SampleCatalogue.userId(user)), options: options)
        let reference = BruteForceRecommender(catalogue: catalogue)
        let seen = Set(catalogue.histories[user].map(\.item))
        let ids = Set(options.excludeIds)
        let excluded = (options.excludeSeen ? seen : [])
            .union((0..<catalogue.itemCount).filter { ids.contains(SampleCatalogue.itemId($0)) })
        let expected = reference.recommend(
            reference.profile(ofUser: user), excluded: excluded, options: options)
        #expect(answer.items.map { $0.item.index } == expected.map(\.item))
        #expect(answer.items.map { $0.source == .fallback } == expected.map(\.isFallback))
        #expect(answer.fallbackUsed == expected.contains { $0.isFallback })
        #expect(answer.userState.known)
        #expect(answer.userState.usedItemCount == seen.count)
        let best = expected.first?.score ?? 0
        for (found, wanted) in zip(answer.items, expected) {
            #expect(abs(Double(found.score) - wanted.score) <= 1e-5 * best)
        }
    }

    @Test func theSampleHasWhatTheRulesAreAbout() {
        // Guards the comparison above against samples that never meet a rule.
        let samples = (0..<60).map { SampleCatalogue.random(itemCount: 12 + $0, userCount: 5, seed: UInt64($0)) }
        for isCold in [false, true] {
            for hasVector in [false, true] {
                #expect(
                    samples.contains { (sample: SampleCatalogue) in
                        zip(sample.interactionCounts, sample.hasVector).contains {
                            ($0 == 0) == isCold && $1 == hasVector
                        }
                    })
            }
        }
        for sample in samples { #expect(sample.histories.count == 5) }
        #expect(samples.contains { $0.histories.contains { history in history.isEmpty } })
        #expect(samples.contains { $0.histories.contains { history in history.contains { $0.weight < 0 } } })
        #expect(
            samples.contains { $0.histories.contains { history in Set(history.map(\.time)).count < history.count } })
    }
}
