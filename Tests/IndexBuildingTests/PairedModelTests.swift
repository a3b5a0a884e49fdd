import Interactions
import LinearAlgebra
import RecommendationIndex
import Recommenders
import Testing

@testable import IndexBuilding

/// Models of two parts.
@Suite struct PairedModelTests {
    private let shop = SampleInputs.groups(users: 60, tags: .none)

    @Test(arguments: [CollaborativeModel.easeAndImplicitALS, .slistAndImplicitALS])
    func aPairIsItsTwoParts(model: CollaborativeModel) throws {
        let pair = try shop.contents(.sample(model))
        #expect(pair.collaborativeModel == model.rawValue)
        #expect(try pair.factorModel == shop.contents(.sample(.implicitALS)).factorModel)
        #expect(try pair.collaborative == shop.contents(.sample(#require(model.listsOfPair))).collaborative)
        #expect(pair.facts.setting(.factorShare) == "0.4")
    }

    @Test func onlyPairsHaveParts() {
        #expect(
            CollaborativeModel.allCases.filter { $0.listsOfPair != nil }.map(\.rawValue) == ["ease+ials", "slist+ials"])
    }

    @Test func factorsThatDoNotFitAreRefusedBeforeTheListsAreTrained() throws {
        let matrix = InteractionMatrix.build(from: shop.log).matrix
        var configuration = BuildConfiguration.sample(.easeAndImplicitALS)
        configuration.implicitALS.dimension = 1000
        let unlimited = CollaborativeTraining(configuration: configuration, histories: nil)
        configuration.memoryLimitBytes = unlimited.bytes(of: .implicitALS, matrix, threadCount: 1) - 1
        let training = CollaborativeTraining(configuration: configuration, histories: nil)
        _ = try training.trainForMeasuring(.ease, hasRivals: false, matrix)
        let error = #expect(throws: BuildError.self) {
            _ = try training.trainForMeasuring(.easeAndImplicitALS, hasRivals: false, matrix)
        }
        #expect(error?.operation == "train implicit ALS")
    }

    /// One factor: items 0 to 3 have 1, 2, -1 and none; lists of item 0 name 1 and 3, those of item 3 name 2.
    @Test func measuredAsTheServerScores() throws {
        let model = MeasuredModel.pair(
            lists: SparseMatrix(
                rowCount: 4, columnCount: 4, rowOffsets: [0, 2, 2, 2, 3], columnIndexes: [1, 3, 2], values: [3, 4, 2]),
            factors: FactorModelContents(
                items: DenseMatrix(rowCount: 4, columnCount: 1, values: [1, 2, -1, 0]),
                gram: DenseMatrix(zeros: 1, 1), constants: [1, 0, 1, 0]),
            factorShare: 0.25, threadCount: 1)
        var answers: [MeasuredModel.Answer] = []
        try model.answer([[WeightedRow(row: 0, weight: 1)], [], [WeightedRow(row: 3, weight: 1)]]) {
            answers.append($0)
        }
        // x = 1 / 2: factors say .5, 1 and -.5 of items 0 to 2 and nothing of 3; lists say 3 of 1 and 4 of 3.
        let units = (
            lists: 0.75 / (Float(25) / 2).squareRoot(), factors: 0.25 / (Float(1.5) / 3).squareRoot()
        )
        let expected: [Int32: Float] = [
            0: 0.5 * units.factors, 1: 3 * units.lists + units.factors, 2: -0.5 * units.factors, 3: 4 * units.lists,
        ]
        #expect(answers.map(\.place) == [0, 1, 2] && answers[0].candidates.count == 4)
        for candidate in answers[0].candidates {
            #expect(abs(candidate.score - (expected[candidate.index] ?? .nan)) < 1e-6)
        }
        #expect(abs((answers[0].score(2) ?? .nan) + 0.5 * units.factors) < 1e-6 && answers[0].score(3) == nil)
        #expect(answers[1].candidates.isEmpty && answers[1].score(1) == nil)
        // Nobody has item 3, so factors are silent and the lists speak alone.
        #expect(answers[2].candidates == [ScoredIndex(index: 2, score: 2)] && answers[2].score(1) == nil)
    }

    @Test func newItemsGetBothLinksAndFactors() throws {
        var inputs = SampleInputs.groups(users: 60, tags: .group)
        inputs.addItem("new", tags: ["group0"])
        let contents = try inputs.contents(.sample(.easeAndImplicitALS))
        let new = try #require(contents.itemIds.firstIndex(of: "new"))
        #expect(contents.facts.setting(.coldItemsHaveLinks) == "true")
        #expect(contents.collaborative.columnIndexes.contains(Int32(new)))
        let factors = try #require(contents.factorModel).items
        #expect((0..<factors.columnCount).contains { factors[new, $0] != 0 })
    }
}
