import IndexBuilding
import Interactions
import LinearAlgebra
import RecommendationIndex
import Recommenders
import Testing

@testable import IndexBuilding

@Suite struct InternalValidationTests {
    @Test func tooFewUsersSayNothing() throws {
        #expect(try SampleInputs.groups(users: 29, tags: .unrelated).contents().contentReliability == 1)
        // One more, and the same noise is seen through.
        #expect(try #require(SampleInputs.groups(users: 30, tags: .unrelated).contents().contentReliability) < 1)
    }

    @Test(arguments: [CollaborativeModel.ease, .itemKNN]) func noiseCountsLittle(model: CollaborativeModel) throws {
        let contents = try SampleInputs.groups(users: 200, tags: .unrelated).contents(.sample(model))
        #expect(try #require(contents.contentReliability) < 0.15)
    }

    @Test(arguments: [CollaborativeModel.ease, .itemKNN])
    func contentThatPredictsCountsInFull(model: CollaborativeModel) throws {
        let contents = try SampleInputs.groups(users: 200, tags: .group).contents(.sample(model))
        #expect(contents.contentReliability == 1)
    }

    @Test func withoutContentOrACollaborativeModelThereIsNothingToCompare() throws {
        #expect(try SampleInputs.groups(users: 100, tags: .none).contents().contentReliability == 1)
        #expect(try SampleInputs.groups(users: 100, tags: .unrelated).contents(.sample(.none)).contentReliability == 1)
    }

    @Test func theNewestFifthIsHiddenFromTheModelItIsMeasuredAgainst() throws {
        let inputs = SampleInputs.groups(users: 100, tags: .group)
        let interactions = InteractionMatrix.build(
            from: inputs.log, extraItemIds: inputs.items.map(\.id))
        let content = try inputs.contents().contentNeighbours
        var trainings = 0
        _ = try InternalValidation(interactions: interactions, content: content, popularity: .init(), seed: 42).measure(
            [.ease]
        ) { (_, remainder) throws(BuildError) -> MeasuredModel in
            trainings += 1
            if trainings == 1 { expectRemainder(remainder, of: interactions) }
            return .lists(remainder.empty)
        }
        // Without links the collaborative component finds nothing, so that there is no second split.
        #expect(trainings == 1)
    }

    /// Of 9 items each, 9 / 5 = 1 is hidden: the newest. All 100 users are in the sample of up to 1,000.
    private func expectRemainder(_ remainder: SparseMatrix, of interactions: InteractionMatrix) {
        let histories = interactions.histories
        for user in 0..<100 {
            let kept = histories.itemIndexes[histories.range(ofUser: user).dropFirst()].sorted()
            #expect(Array(remainder.columnIndexes[remainder.range(ofRow: user)]) == kept)
        }
    }

    @Test func tasteThatChangesFadesAltogether() throws {
        let fading = try #require(try SampleInputs.changingTaste(users: 300).contents().historyDecay)
        #expect(fading.floor <= 0.01)
    }

    @Test func aDecayThatIsAskedForIsNotMeasured() throws {
        var configuration = BuildConfiguration.sample()
        configuration.historyDecay = HistoryDecay(floor: 0.25, rate: 1)
        let decay = try SampleInputs.changingTaste(users: 300).contents(configuration).historyDecay
        #expect(decay == HistoryDecay(floor: 0.25, rate: 1))
    }

    /// A user's ten newest items are hidden, not a fifth of fifty.
    @Test func noMoreIsHiddenThanAListShows() throws {
        var inputs = SampleInputs()
        for user in 0..<40 {
            for item in 0..<60 { inputs.add("user-\(user)", "item-\(100 + item)", day: Double(item)) }
        }
        let interactions = InteractionMatrix.build(from: inputs.log, weights: .standard)
        let content = SparseMatrix(
            rowCount: 60, columnCount: 60, rowOffsets: Array(0...60), columnIndexes: (0..<60).map { Int32($0) },
            values: Array(repeating: 1, count: 60))
        var counts: Set<Int> = []
        _ = try InternalValidation(interactions: interactions, content: content, popularity: .init(), seed: 42).measure(
            [.ease]
        ) { (_, remainder) throws(BuildError) -> MeasuredModel in
            counts = Set((0..<40).map { remainder.range(ofRow: $0).count })
            return .lists(remainder.empty)
        }
        #expect(counts == [50])
    }

    @Test func whereTheOrderSaysNothingTheStandardDecayStays() throws {
        #expect(try SampleInputs.groups(users: 29, tags: .none).contents().historyDecay == .standard)
        var undated = SampleInputs(hasTimes: false)
        for user in 0..<100 {
            for item in 0..<6 { undated.add("user-\(user)", "item-\((user + item) % 9)") }
        }
        #expect(try undated.contents().historyDecay == .standard)
        #expect(
            try SampleInputs.changingTaste(users: 300).contents(.sample(.none)).historyDecay
                == .standard)
    }

    @Test func theSampleIsSeeded() throws {
        let inputs = SampleInputs.groups(users: 150, tags: .unrelated)
        #expect(try inputs.contents().contentReliability == inputs.contents().contentReliability)
    }
}

extension SparseMatrix {
    /// `[columnCount x columnCount]` without values.
    fileprivate var empty: SparseMatrix {
        SparseMatrix(
            rowCount: columnCount, columnCount: columnCount, rowOffsets: Array(repeating: 0, count: columnCount + 1),
            columnIndexes: [], values: [])
    }
}
