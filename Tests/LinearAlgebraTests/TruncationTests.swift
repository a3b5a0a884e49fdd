import LinearAlgebra
import Testing

@Suite struct TruncationTests {
    let matrix = DenseMatrix(
        rowCount: 3, columnCount: 3,
        values: [
            1, -5, 2,
            0, 3, -3,
            .nan, 0, 4,
        ])

    @Test func perRowByMagnitude() {
        let kept = matrix.keepingLargest(perRow: 1, threadCount: 2)
        #expect(kept.rowOffsets == [0, 1, 2, 3])
        #expect(kept.columnIndexes == [1, 1, 2])
        #expect(kept.values == [-5, 3, 4])
    }

    @Test func perColumnByMagnitude() {
        var square = matrix
        let kept = square.keepingLargest(perColumn: 1, threadCount: 2)
        #expect(kept.rowOffsets == [0, 2, 2, 3])
        #expect(kept.columnIndexes == [0, 1, 2])
        #expect(kept.values == [1, -5, 4])
        #expect(square.values[1...5] == matrix.values[1...5])
    }

    @Test func zerosAreNeverStored() {
        let kept = matrix.keepingLargest(perRow: 9, threadCount: 1)
        #expect(kept.rowOffsets == [0, 3, 5, 6])
        #expect(matrix.keepingLargest(perRow: 0, threadCount: 1).storedCount == 0)
        #expect(DenseMatrix(zeros: 0, 0).keepingLargest(perRow: 3, threadCount: 1).rowOffsets == [0])
    }

    @Test func perColumnIsPerRowOfTheTranspose() {
        var square = randomDense(150, 150, seed: 3)
        let expected = transpose(square).keepingLargest(perRow: 20, threadCount: 1).transposed()
        #expect(square.keepingLargest(perColumn: 20, threadCount: 2) == expected)
    }

    @Test(arguments: [0, 1, 63, 64, 65, 130]) func transposeInPlace(order: Int) {
        let original = randomDense(order, order, seed: 4)
        var square = original
        square.transposeInPlace(threadCount: 2)
        #expect(square == transpose(original))
    }

    @Test func assemblyMovesRowsTogether() {
        let matrix = unsafe SparseMatrix.assembling(rowCount: 100, columnCount: 9, rowCapacity: 4, threadCount: 3) {
            row, output, _ in
            for position in 0..<row % 5 {
                unsafe output.columns[position] = Int32(position)
                unsafe output.values[position] = Float(row)
            }
            return row % 5
        }
        #expect(matrix.storedCount == 200)
        for row in 0..<100 {
            let range = matrix.range(ofRow: row)
            #expect(Array(matrix.columnIndexes[range]) == (0..<Int32(row % 5)).map { $0 })
            #expect(matrix.values[range].allSatisfy { $0 == Float(row) })
        }
    }
}
