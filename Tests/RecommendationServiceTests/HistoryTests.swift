import HybridBlending
import RecommendationService
import Recommenders
import Testing

/// How a history becomes weights. Each user's item links to a target of its own, and with one component and no other
/// candidates the ratios of the targets' scores are the ratios of the weights.
@Suite struct HistoryTests {
    /// Item `i` of the first half links to item `i + half` by 1.
    private func pairs(_ half: Int) -> SampleCatalogue {
        var catalogue = SampleCatalogue(itemCount: 2 * half)
        for item in 0..<half { catalogue.collaborative[item][item + half] = 1 }
        return catalogue
    }

    /// Per item of the first half, the score of its target, relative to that of item 0.
    private func ratios(_ answer: Recommendation, half: Int) -> [Double] {
        var scores = [Double](repeating: 0, count: half)
        for item in answer.items where item.source != .fallback && item.item.index >= half {
            scores[item.item.index - half] = Double(item.score)
        }
        return scores.map { $0 / scores[0] }
    }

    private func expect(_ found: [Double], near expected: [Double]) {
        #expect(found.count == expected.count)
        for (value, wanted) in zip(found, expected) { #expect(abs(value - wanted) < 1e-5) }
    }

    @Test func decayCountsMomentsNotItems() throws {
        var catalogue = pairs(4)
        catalogue.histories = [
            [
                .init(item: 0, weight: 2, time: 50), .init(item: 1, weight: 2, time: 50),
                .init(item: 2, weight: 2, time: 30), .init(item: 3, weight: 2, time: 10),
            ]
        ]
        let answer = try catalogue.recommender().recommend(
            for: UserEvidence(userId: "u0000"), options: RecommendationOptions(count: 8))
        // Steps 0, 0, 1, 2: 1, 1, .15 + .85 · .7, .15 + .85 · .49
        expect(ratios(answer, half: 4), near: [1, 1, 0.745, 0.5665])
    }

    @Test func nothingDecaysWithoutTimes() throws {
        var catalogue = pairs(3)
        catalogue.hasTimes = false
        catalogue.histories = [
            [
                .init(item: 0, weight: 2, time: 9), .init(item: 1, weight: 2, time: 5),
                .init(item: 2, weight: 1, time: 1),
            ]
        ]
        let answer = try catalogue.recommender().recommend(
            for: UserEvidence(userId: "u0000"), options: RecommendationOptions(count: 8))
        expect(ratios(answer, half: 3), near: [1, 1, 0.5])
    }

    @Test func decayFallsToItsFloor() {
        let decay = HistoryDecay.standard
        #expect(decay.weight(step: 0) == 1)
        for step in 0..<200 {
            #expect(abs(Double(decay.weight(step: step)) - BruteForceRecommender.decay(step)) < 1e-4)
            #expect(decay.weight(step: step + 1) <= decay.weight(step: step))
        }
    }

    @Test func theIndexSaysHowItsHistoriesDecay() throws {
        var catalogue = pairs(3)
        catalogue.historyDecay = "0.0 0.5"
        catalogue.histories = [
            [
                .init(item: 0, weight: 1, time: 9), .init(item: 1, weight: 1, time: 5),
                .init(item: 2, weight: 1, time: 1),
            ]
        ]
        let answer = try catalogue.recommender().recommend(
            for: UserEvidence(userId: "u0000"), options: RecommendationOptions(count: 6))
        expect(ratios(answer, half: 3), near: [1, 0.5, 0.25])
    }

    @Test func aDecayThatCannotBeReadIsTheStandardOne() throws {
        for text in ["", "0.5", "0.1 0.2 0.3", "2 0.5", "0.5 nan", "-0.1 0.5", "0.1  0.5", "a b"] {
            #expect(HistoryDecay(text) == nil, "\(text)")
            var catalogue = pairs(3)
            catalogue.historyDecay = text
            #expect(try catalogue.recommender().serving.historyDecay == .standard)
        }
        for decay in HistoryDecay.candidates { #expect(HistoryDecay(decay.text) == decay) }
    }

    @Test func recentItemsComeBeforeTheStoredHistory() throws {
        var catalogue = pairs(4)
        catalogue.histories = [
            [
                .init(item: 1, weight: 1, time: 50), .init(item: 2, weight: 1, time: 50),
                .init(item: 3, weight: 1, time: 9),
            ]
        ]
        // ln(1 + e - 1) = 1: a recent item as heavy as the stored ones. Item 2 is recent too, and counts once, as such.
        let eventWeight = Float(1.718281828459045)
        let recent = [0, 2].map { RecentItem(itemId: SampleCatalogue.itemId($0), eventWeight: eventWeight) }
        let answer = try catalogue.recommender().recommend(
            for: UserEvidence(userId: "u0000", recentItems: recent), options: RecommendationOptions(count: 8))
        // Item 0 at step 0, item 2 at 1, then item 1 at 2, item 3 at 3.
        expect(ratios(answer, half: 4), near: [1, 0.5665, 0.745, 0.15 + 0.85 * 0.343])
        #expect(answer.userState.known)
        #expect(answer.userState.usedItemCount == 4)
        #expect(answer.userState.unknownItemCount == 0)
    }

    @Test func recentItemsAreDampedAsTrainingDampsThem() throws {
        let recent = [
            RecentItem(itemId: "i0000", eventWeight: 40), RecentItem(itemId: "i0001", eventWeight: 1),
        ]
        let answer = try pairs(2).recommender().recommend(
            for: UserEvidence(recentItems: recent), options: RecommendationOptions(count: 4))
        // ln 41 = 3.713572, ln 2 = 0.693147
        expect(ratios(answer, half: 2), near: [1, 0.745 * 0.693147 / 3.713572])
    }

    @Test func unknownAndRepeatedRecentItemsAreCountedOrIgnored() throws {
        let ids = ["gone", "i0000", "", "i0000", "i0000 ", "i0001"]
        let answer = try pairs(3).recommender().recommend(
            for: UserEvidence(userId: "a stranger", recentItems: ids.map { RecentItem(itemId: $0, eventWeight: 1) }),
            options: RecommendationOptions(count: 6))
        #expect(!answer.userState.known)
        #expect(answer.userState.usedItemCount == 2)
        #expect(answer.userState.unknownItemCount == 3)
        let targets = answer.items.filter { $0.source == .collaborative }.map(\.item)
        #expect(targets == [3, 4])
    }

    @Test func aDislikedRecentItemPushesAway() throws {
        var catalogue = SampleCatalogue(itemCount: 4)
        catalogue.collaborative[0][2] = 1
        catalogue.collaborative[1][2] = 0.25
        catalogue.collaborative[1][3] = 0.5
        let recommender = try catalogue.recommender()
        let recent = [
            RecentItem(itemId: "i0000", eventWeight: -5), RecentItem(itemId: "i0001", eventWeight: 5),
        ]
        var options = RecommendationOptions(count: 4)
        options.strict = true
        let answer = recommender.recommend(for: UserEvidence(recentItems: recent), options: options)
        // Item 2 has -1 · ln 6 + .745 · .25 · ln 6 < 0.
        #expect(answer.items.map(\.item) == [3])
    }

    @Test func entriesBeyondTheLimitAreExcludedButDoNotSpeak() throws {
        let limit = Recommender.historyLimit
        var catalogue = pairs(limit + 3)
        catalogue.histories = [(0..<limit + 3).map { .init(item: $0, weight: 1, time: 7) }]
        let answer = try catalogue.recommender().recommend(
            for: UserEvidence(userId: "u0000"), options: RecommendationOptions(count: 2 * limit + 6))
        #expect(limit == 500)
        #expect(answer.userState.usedItemCount == limit)
        let personal = answer.items.filter { $0.source == .collaborative }.map { $0.item.index }
        #expect(personal == Array(limit + 3..<2 * limit + 3))
        // The three silent items' targets come from the fallback; no item of the history comes at all.
        let fallback = answer.items.filter { $0.source == .fallback }.map { $0.item.index }
        #expect(fallback == Array(2 * limit + 3..<2 * limit + 6))
    }

    @Test func manyRecentItemsLeaveNoRoomForOldOnes() throws {
        var catalogue = SampleCatalogue(itemCount: 502)
        catalogue.collaborative[500][501] = 1
        catalogue.histories = [[.init(item: 500, weight: 1, time: 7)]]
        let recent = (0..<500).map { RecentItem(itemId: SampleCatalogue.itemId($0), eventWeight: 1) }
        let answer = try catalogue.recommender().recommend(
            for: UserEvidence(userId: "u0000", recentItems: recent), options: RecommendationOptions(count: 10))
        #expect(answer.userState.usedItemCount == 500)
        #expect(answer.items.map(\.item) == [501])
        #expect(answer.items.map(\.source) == [.fallback])
    }
}
