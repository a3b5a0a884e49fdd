import LinearAlgebra
import SeededRandom
import Testing

@Suite struct StrongestCandidatesTests {
    /// The best of the scores as a row of a matrix.
    private static func chosen(_ scores: [Float], _ k: Int) -> SparseMatrix {
        let candidates = StrongestCandidates(capacity: scores.count, limit: k)
        return unsafe SparseMatrix.assembling(
            rowCount: 1, columnCount: scores.count, rowCapacity: k, threadCount: 1
        ) { _, output, _ in
            for (position, score) in scores.enumerated() {
                unsafe candidates.indexes[position] = Int32(position)
                unsafe candidates.scores[position] = score
            }
            return unsafe candidates.drain(count: scores.count, into: output)
        }
    }

    /// Many equal scores, scores of very different sizes, and all of one size.
    private static func scores(_ kind: Int, _ count: Int) -> [Float] {
        var generator = SplitMix64(seed: UInt64(kind))
        return (0..<count).map { _ in
            switch kind {
            case 0: Float(1 + generator.nextIndex(below: 5))
            case 1: Float(generator.nextUniform() * 1e-30 + 1e-38)
            case 2: Float(generator.nextUniform() < 0.01 ? 1e30 : 1e-20 * (1 + generator.nextUniform()))
            default: Float(0.5 + generator.nextUniform() / 2)
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3], [0, 1, 7, 100, 499, 500, 800]) func agreesWithTheHeap(kind: Int, k: Int) {
        let scores = Self.scores(kind, 500)
        let found = Self.chosen(scores, k)
        let expected = TopKSelector.best(k, of: scores).sorted { $0.index < $1.index }
        #expect(found.columnIndexes == expected.map(\.index))
        #expect(found.values == expected.map(\.score))
    }

    @Test func nothingGivesNothing() {
        #expect(Self.chosen([], 3).storedCount == 0)
        #expect(Self.chosen([1, 2], 0).storedCount == 0)
    }

    @Test(arguments: [0, 1, 2, 3]) func theBoundIsReachedByAsManyAsAsked(kind: Int) {
        let scores = Self.scores(kind, 300)
        let candidates = StrongestCandidates(capacity: 300, limit: 300)
        for (position, score) in scores.enumerated() {
            unsafe candidates.indexes[position] = Int32(position)
            unsafe candidates.scores[position] = score
        }
        let descending = scores.sorted(by: >)
        for k in [1, 2, 3, 40, 299, 300] {
            let bound = candidates.lowerBound(ofBest: k, count: 300)
            #expect(bound <= descending[k - 1])
            if descending[k - 1] > descending[0] / 60_000 { #expect(bound > descending[k - 1] * (1 - 1.0 / 32)) }
        }
        #expect(candidates.lowerBound(ofBest: 301, count: 300) == 0)
        #expect(candidates.lowerBound(ofBest: 0, count: 300) == 0)
    }
}
