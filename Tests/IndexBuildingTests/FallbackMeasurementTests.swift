import HybridBlending
import Interactions
import LinearAlgebra
import RecommendationIndex
import Recommenders
import TestSupport
import Testing

@testable import IndexBuilding

@Suite struct FallbackMeasurementTests {
    private func share(_ inputs: SampleInputs) throws -> FallbackShare? {
        try inputs.contents().facts.setting(.fallbackShare).flatMap { FallbackShare($0) }
    }

    /// Everybody takes the same items at the same moments, and each user one of six private ones in between.
    private func fashion(hasTimes: Bool = true) -> SampleInputs {
        var inputs = SampleInputs(hasTimes: hasTimes)
        for user in 0..<60 {
            for month in 0..<10 {
                inputs.add("user-\(user)", "hit-\(month)", day: Double(30 * month + user % 20))
            }
        }
        return inputs
    }

    @Test func whereTasteDecidesTheFallbackHardlyJoins() throws {
        let found = try #require(try share(SampleInputs.groups(users: 200, tags: .group)))
        #expect(found.usual < 0.1)
    }

    @Test func tooFewUsersLeaveThePersonalListsAlone() throws {
        #expect(try share(SampleInputs.groups(users: 29, tags: .none)) == FallbackShare.none)
    }

    /// Without times there is no moment to cut at.
    @Test func withoutTimesNobodyComesBack() throws {
        let found = try #require(try share(fashion(hasTimes: false)))
        #expect(found.returning == found.usual && found.returningAge == 0)
        #expect(try fashion(hasTimes: false).contents().facts.setting(.returningDecay) == "0.15 0.7")
    }

    /// Two users, three items, one a day; the newest is hidden from user 0. Of the fallback's list c, b, a the user may be
    /// shown c alone: the first place. Of a, b, c the same, as a and b are kept.
    @Test func aListForEverybodyIsReadWithoutWhatTheUserKeeps() {
        var inputs = SampleInputs()
        for user in ["u0", "u1"] {
            for (day, item) in ["a", "b", "c"].enumerated() { inputs.add(user, item, day: Double(day)) }
        }
        let split = HistorySplit(
            InteractionMatrix.build(from: inputs.log), hiddenCounts: [1, 2])
        #expect(split.qualities(ofScores: [1, 2, 3], [0]) == [1])
        #expect(split.qualities(ofScores: [3, 2, 1], [0]) == [1])
        // User 1 keeps a, and both others are wanted.
        #expect(split.qualities(ofScores: [3, 2, 1], [1]) == [1])
        #expect(split.kept(0).count == 2 && split.hidden(1).count == 2)
        #expect(split.remainder().rowOffsets == [0, 2, 3])
    }

    /// a was taken twice and is kept twice, b once (user 0), c never.
    @Test func theFallbackKnowsOnlyWhatIsKept() {
        var inputs = SampleInputs(hasTimes: false)
        for user in ["u0", "u1"] { for item in ["c", "b", "a"] { inputs.add(user, item) } }
        let interactions = InteractionMatrix.build(from: inputs.log)
        let split = HistorySplit(interactions, hiddenCounts: [1, 2])
        let newest = interactions.histories.itemIndexes[0]
        let scores = split.fallbackScores(.init())
        #expect(scores[Int(newest)] == 0)
        #expect(scores.filter { $0 == 0 }.count == 1)
        #expect(scores.max() == 1)
    }
}
