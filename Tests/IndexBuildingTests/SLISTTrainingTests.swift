import IndexBuilding
import Interactions
import LinearAlgebra
import RecommendationIndex
import Recommenders
import Testing

@Suite struct SLISTTrainingTests {
    /// Everybody takes a, then b and c in one moment, then d; every other user has e somewhere.
    private func shop(hasTimes: Bool = true) -> SampleInputs {
        var inputs = SampleInputs(hasTimes: hasTimes)
        for user in 0..<40 {
            inputs.add("u\(user)", "d", day: 2)
            inputs.add("u\(user)", "a")
            inputs.add("u\(user)", "c", day: 1)
            inputs.add("u\(user)", "b", day: 1)
            if user % 2 == 0 { inputs.add("u\(user)", "e", day: Double(user % 3)) }
        }
        return inputs
    }

    @Test func theStepsAreTheMomentsOfAUser() throws {
        let contents = try shop().contents(.sample(.slist))
        #expect(contents.collaborativeModel == "slist")
        let links = SampleLinks(contents.collaborative)
        // Forwards beats backwards, and b and c, of one moment, are alike.
        #expect(links[0, 1] > links[1, 0] && links[1, 3] > links[3, 1] && links[0, 3] > links[3, 0])
        #expect((links[1, 3] - links[2, 3]).magnitude < 1e-5 && (links[1, 2] - links[2, 1]).magnitude < 1e-5)

        // The same model from steps that are counted here.
        let interactions = InteractionMatrix.build(from: shop().log)
        let steps = interactions.userIds.flatMap { id -> [Int32] in
            let user = Int(id.dropFirst()) ?? 0
            return [0, 1, 1, 2] + (user % 2 == 0 ? [Int32(user % 3)] : [])
        }
        #expect(try contents.collaborative == SLIST.train(interactions.matrix, steps: steps, threadCount: 1))
    }

    @Test func aDecaySetByHandIsTrainedWith() throws {
        var configuration = BuildConfiguration.sample(.slist)
        configuration.historyDecay = HistoryDecay(floor: 0.25, rate: 0.5)
        let contents = try shop().contents(configuration)
        #expect(contents.historyDecay == configuration.historyDecay)
        #expect(try contents.collaborative != shop().contents(.sample(.slist)).collaborative)
    }

    @Test func withoutTimesItIsRefusedWithARemedy() throws {
        let error = try #require(throws: BuildError.self) { try shop(hasTimes: false).contents(.sample(.slist)) }
        #expect(error.operation == "train SLIST")
        #expect(error.remedy.contains("--model ease") && error.remedy.contains("--order-is-time"))
    }

    @Test func whatDoesNotFitIsRefusedWithARemedy() throws {
        var configuration = BuildConfiguration.sample(.slist)
        // Five items: 2 x 4 x 25 bytes of matrices, 2 x 8 x 25 of lists, and a panel of 100 and sums of 80.
        configuration.memoryLimitBytes = 200 + 400 + 180 - 1
        let error = try #require(throws: BuildError.self) { try shop().contents(configuration) }
        #expect(error.operation == "train SLIST")
        #expect(error.remedy.contains("--model ease") && error.remedy.contains("--memory-limit"))
        configuration.memoryLimitBytes += 1
        #expect(try shop().contents(configuration).collaborativeModel == "slist")
    }
}

/// The weights of a small matrix by row and column; 0 where none is stored.
struct SampleLinks {
    private let matrix: SparseMatrix

    init(_ matrix: SparseMatrix) { self.matrix = matrix }

    subscript(row: Int, column: Int) -> Float {
        matrix.range(ofRow: row).first { matrix.columnIndexes[$0] == column }.map { matrix.values[$0] } ?? 0
    }
}
