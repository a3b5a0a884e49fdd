import LinearAlgebra
import RecommendationIndex
import Recommenders
import Testing

@testable import IndexBuilding

/// What a model that is measured answers.
@Suite struct MeasuredModelTests {
    /// One factor: items 0 to 3 have 1, 2, -1 and none. With a penalty of 1 and nothing unobserved a history of item 0 once
    /// gives x = 1 / (1 + 1).
    private let factors = MeasuredModel.factors(
        FactorModelContents(
            items: DenseMatrix(rowCount: 4, columnCount: 1, values: [1, 2, -1, 0]),
            gram: DenseMatrix(zeros: 1, 1), constants: [1, 0, 1, 0]),
        threadCount: 1)

    @Test func factorsAnswerWithWhatTheyKnow() throws {
        var answers: [MeasuredModel.Answer] = []
        try factors.answer([
            [WeightedRow(row: 0, weight: 1)], [], [WeightedRow(row: 3, weight: 1)],
            [WeightedRow(row: 1, weight: 1), WeightedRow(row: 3, weight: 5)],
        ]) { answers.append($0) }
        #expect(answers.map(\.place) == [0, 1, 2, 3])
        #expect(answers[0].candidates.map(\.index) == [1, 0, 2])
        #expect(zip(answers[0].candidates, [1, 0.5, -0.5]).allSatisfy { abs($0.score - $1) < 1e-6 })
        // Nobody has item 3, so it says nothing and gets no score.
        #expect(answers[1].candidates.isEmpty && answers[2].candidates.isEmpty)
        #expect(answers[1].score(0) == nil && answers[0].score(3) == nil)
        #expect(abs((answers[0].score(2) ?? 0) + 0.5) < 1e-6)
        // x = 2 / (4 + 1).
        #expect(answers[3].candidates.map(\.index) == [1, 0, 2])
        #expect(abs(answers[3].candidates[0].score - 0.8) < 1e-6)
    }

    /// More histories than are folded in together.
    @Test func manyHistoriesAreAnsweredInOrder() throws {
        var places: [Int] = []
        let histories = (0..<2500).map { [WeightedRow(row: Int32($0 % 2), weight: 1)] }
        var isRight = true
        try factors.answer(histories) { answer in
            places.append(answer.place)
            let x: Float = answer.place % 2 == 0 ? 0.5 : 0.4
            isRight = isRight && abs(answer.candidates[0].score - 2 * x) < 1e-6
        }
        #expect(places == Array(0..<2500) && isRight)
    }

    @Test func listsAnswerWithTheSumsOfTheirRows() throws {
        let lists = MeasuredModel.lists(
            SparseMatrix(
                rowCount: 3, columnCount: 3, rowOffsets: [0, 2, 3, 3], columnIndexes: [1, 2, 2], values: [1, 2, 4]))
        var scores: [Int32: Float] = [:]
        try lists.answer([[WeightedRow(row: 0, weight: 1), WeightedRow(row: 1, weight: 0.5)]]) { answer in
            for candidate in answer.candidates { scores[candidate.index] = candidate.score }
        }
        #expect(scores == [1: 1, 2: 4])
        #expect(!lists.isEmpty && MeasuredModel.lists(SparseMatrix(empty: 3)).isEmpty)
    }
}
