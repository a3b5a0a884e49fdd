import LinearAlgebra
import Recommenders
import SeededRandom
import Testing

@Suite struct ContentNeighboursTests {
    func randomUnitVectors(_ count: Int, _ dimension: Int, seed: UInt64) -> DenseMatrix {
        var generator = SplitMix64(seed: seed)
        var matrix = DenseMatrix(zeros: count, dimension)
        for index in matrix.values.indices { matrix.values[index] = Float(generator.nextNormal()) }
        matrix.normaliseRows()
        return matrix
    }

    @Test(arguments: [1, 2, 100, 1100]) func agreesWithDefinition(count: Int) {
        var vectors = randomUnitVectors(count, 8, seed: 1)
        for column in 0..<8 where count > 50 { vectors[40, column] = 0 }
        let neighbours = ContentNeighbours.train(vectors, neighbourCount: 10, threadCount: 2)
        #expect(neighbours.rowCount == count && neighbours.columnCount == count)
        for row in stride(from: 0, to: count, by: 7) {
            let cosines = (0..<count).map { other -> Float in
                let dot = (0..<8).reduce(0.0) { $0 + Double(vectors[row, $1]) * Double(vectors[other, $1]) }
                return other == row || dot <= 0 ? -.infinity : Float(dot)
            }
            let expected = TopKSelector.best(10, of: cosines)
            let range = neighbours.range(ofRow: row)
            #expect(Array(neighbours.columnIndexes[range]) == expected.map(\.index).sorted())
            for entry in range {
                let cosine = cosines[Int(neighbours.columnIndexes[entry])]
                #expect((neighbours.values[entry] - cosine).magnitude < 1e-5)
            }
        }
    }

    @Test func zeroRowsHaveNoNeighboursAndAreNone() {
        let vectors = DenseMatrix(rowCount: 4, columnCount: 2, values: [1, 0, 0, 0, 0.6, 0.8, -1, 0])
        let neighbours = ContentNeighbours.train(vectors, threadCount: 1)
        #expect(denseRows(neighbours) == [[0, 0, 0.6, 0], [0, 0, 0, 0], [0.6, 0, 0, 0], [0, 0, 0, 0]])
    }

    @Test func twinsByAscendingIndex() {
        let vectors = DenseMatrix(rowCount: 5, columnCount: 1, values: [1, 1, 1, 1, 1])
        let neighbours = ContentNeighbours.train(vectors, neighbourCount: 2, threadCount: 1)
        #expect(neighbours.columnIndexes == [1, 2, 0, 2, 0, 1, 0, 1, 0, 1])
    }

    @Test func nothingGivesNothing() {
        #expect(ContentNeighbours.train(DenseMatrix(zeros: 0, 5), threadCount: 2).rowOffsets == [0])
        #expect(ContentNeighbours.train(DenseMatrix(zeros: 3, 0), threadCount: 2).storedCount == 0)
        #expect(
            ContentNeighbours.train(DenseMatrix(zeros: 3, 2), neighbourCount: 0, threadCount: 2).storedCount == 0)
    }

    @Test func sparseRowsAgreeWithDenseOnes() {
        let rows = randomInteractions(60, 12, density: 0.4, seed: 4)
        var dense = DenseMatrix(rowCount: 60, columnCount: 12, values: rows.flatMap { $0 })
        dense.normaliseRows()
        let fromSparse = denseRows(ContentNeighbours.train(sparse(rows, columnCount: 12), threadCount: 2))
        let fromDense = denseRows(ContentNeighbours.train(dense, threadCount: 2))
        for row in 0..<60 {
            #expect(zip(fromSparse[row], fromDense[row]).allSatisfy { ($0 - $1).magnitude < 1e-5 })
        }
    }

    @Test func sameWhateverTheThreadCount() {
        let vectors = randomUnitVectors(1500, 16, seed: 6)
        let one = ContentNeighbours.train(vectors, neighbourCount: 20, threadCount: 1)
        #expect(one == ContentNeighbours.train(vectors, neighbourCount: 20, threadCount: 3))
    }
}
