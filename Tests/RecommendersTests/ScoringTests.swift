import LinearAlgebra
import Recommenders
import SeededRandom
import Testing

@Suite struct NeighbourScoringTests {
    @Test func agreesWithDefinitionRequestAfterRequest() {
        let matrix = sparse(randomInteractions(50, 50, density: 0.2, dislikes: true, seed: 1), columnCount: 50)
        let rows = denseRows(matrix)
        var generator = SplitMix64(seed: 2)
        var scoring = NeighbourScoring(itemCount: 50)
        for _ in 0..<20 {
            let history = (0..<generator.nextIndex(below: 6)).map { _ in
                WeightedRow(row: Int32(generator.nextIndex(below: 50)), weight: Float(generator.nextIndex(below: 5)))
            }
            unsafe matrix.withView { view in unsafe scoring.score(history, neighbours: view) }
            var expected: [Int32: Float] = [:]
            for entry in history {
                for (column, value) in rows[Int(entry.row)].enumerated() where value != 0 {
                    expected[Int32(column), default: 0] += entry.weight * value
                }
            }
            let found = (0..<scoring.candidateCount).map { scoring.candidate(at: $0) }
            #expect(found.count == expected.count)
            for candidate in found { #expect(expected[candidate.index] == candidate.score) }
            for item in 0..<50 { #expect(scoring.score(of: item) == expected[Int32(item)]) }
        }
    }

    @Test func cancelledScoresStayCandidates() {
        let matrix = sparse([[0, 1], [0, -1]], columnCount: 2)
        var scoring = NeighbourScoring(itemCount: 2)
        let history = [WeightedRow(row: 0, weight: 1), WeightedRow(row: 1, weight: 1)]
        unsafe matrix.withView { view in unsafe scoring.score(history, neighbours: view) }
        #expect(scoring.candidateCount == 1)
        #expect(scoring.score(of: 1) == 0)
        #expect(scoring.score(of: 0) == nil)
        scoring.reset()
        #expect(scoring.candidateCount == 0 && scoring.score(of: 1) == nil)
    }

    @Test func rowsFromBuffers() {
        let (columns, values): ([Int32], [Float]) = ([2, 0], [3, 5])
        var scoring = NeighbourScoring(itemCount: 3)
        unsafe columns.withUnsafeBufferPointer { columns in
            unsafe values.withUnsafeBufferPointer { values in
                unsafe scoring.add(columns: columns, values: values, weight: 2)
                unsafe scoring.add(
                    columns: UnsafeBufferPointer(rebasing: columns[1...]),
                    values: UnsafeBufferPointer(rebasing: values[1...]), weight: -1)
            }
        }
        #expect((0..<3).map { scoring.score(of: $0) } == [5, nil, 6])
        #expect((0..<scoring.candidateCount).map { scoring.candidate(at: $0).index } == [2, 0])
        let nothing = unsafe UnsafeBufferPointer<Int32>(start: nil, count: 0)
        unsafe scoring.add(columns: nothing, values: UnsafeBufferPointer(start: nil, count: 0), weight: 1)
        #expect(scoring.candidateCount == 2)
    }

    @Test func emptyCatalogue() {
        var scoring = NeighbourScoring(itemCount: 0)
        scoring.reset()
        #expect(scoring.candidateCount == 0)
    }
}

@Suite struct PopularityTests {
    @Test func byScoreThenIndex() {
        #expect(Popularity.ranking(of: [1, 3, .nan, 3, -1, 0]) == [1, 3, 0, 5, 4, 2])
        #expect(Popularity.ranking(of: []) == [])
    }
}
