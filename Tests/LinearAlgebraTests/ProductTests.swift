import LinearAlgebra
import Testing

@Suite struct ProductTests {
    static let shapes: [(Int, Int, Double)] = [
        (0, 0, 0), (0, 5, 0), (5, 0, 0), (1, 1, 1), (7, 3, 0), (40, 70, 0.1), (130, 33, 0.5), (9, 200, 1),
    ]

    @Test(arguments: shapes) func transposeAgreesWithDefinition(rows: Int, columns: Int, density: Double) {
        let matrix = randomSparse(rows, columns, density: density, seed: 1)
        let transposed = matrix.transposed()
        #expect(dense(transposed) == transpose(dense(matrix)))
        for row in 0..<columns {
            let indexes = Array(transposed.columnIndexes[transposed.range(ofRow: row)])
            #expect(indexes == indexes.sorted())
        }
        #expect(transposed.transposed() == matrix)
    }

    @Test(arguments: shapes) func gramAgreesWithDefinition(rows: Int, columns: Int, density: Double) {
        let matrix = randomSparse(rows, columns, density: density, seed: 2)
        var gram = DenseMatrix(zeros: columns, columns)
        for index in gram.values.indices { gram.values[index] = .nan }
        matrix.writeGram(into: &gram, threadCount: 2)
        #expect(gram == product(transpose(dense(matrix)), dense(matrix)))
    }

    @Test func gramIsTheSameWhateverTheThreadCount() {
        var matrix = randomSparse(300, 150, density: 0.2, seed: 3)
        let thirds = matrix.values.map { $0 / 3 }
        matrix = SparseMatrix(
            rowCount: 300, columnCount: 150, rowOffsets: matrix.rowOffsets, columnIndexes: matrix.columnIndexes,
            values: thirds)
        let grams = [1, 2, 3, 7].map { threads in
            var gram = DenseMatrix(zeros: 150, 150)
            matrix.writeGram(into: &gram, threadCount: threads)
            return gram
        }
        #expect(grams.allSatisfy { $0 == grams[0] })
    }

    @Test(arguments: shapes) func sparseProductsAgreeWithDefinition(rows: Int, columns: Int, density: Double) {
        let matrix = randomSparse(rows, columns, density: density, seed: 4)
        let right = randomDense(columns, 6, seed: 5)
        let left = randomDense(rows, 6, seed: 6)
        #expect(matrix.multiplied(by: right, threadCount: 2) == product(dense(matrix), right))
        #expect(matrix.transposeMultiplied(by: left, threadCount: 2) == product(transpose(dense(matrix)), left))
    }

    @Test(arguments: [(0, 3, 2), (1, 1, 1), (5, 0, 4), (70, 40, 9), (1300, 17, 33)])
    func denseProductsAgreeWithDefinition(rows: Int, inner: Int, columns: Int) {
        let a = randomDense(rows, inner, seed: 7)
        let b = randomDense(inner, columns, seed: 8)
        let expected = product(a, b)
        #expect(a.multiplied(by: b, threadCount: 2) == expected)
        #expect(a.multiplied(by: transpose(b), transposingOther: true, threadCount: 2) == expected)
        let c = randomDense(rows, columns, seed: 9)
        #expect(a.transposeMultiplied(by: c, threadCount: 2) == product(transpose(a), c))
    }

    @Test func tallTransposedProductCrossesRuns() {
        let a = randomDense(9000, 3, seed: 10)
        let b = randomDense(9000, 2, seed: 11)
        #expect(a.transposeMultiplied(by: b, threadCount: 2) == product(transpose(a), b))
    }

    @Test func rowsAreNormalisedOrZero() {
        var matrix = DenseMatrix(rowCount: 4, columnCount: 2, values: [3, 4, 0, 0, .nan, 1, 1e30, 0])
        matrix.normaliseRows()
        #expect(Array(matrix.values[..<4]) == [0.6, 0.8, 0, 0])
        #expect(Array(matrix.values[6...]) == [1, 0])
        var infinite = DenseMatrix(rowCount: 1, columnCount: 2, values: [.infinity, 1])
        infinite.normaliseRows()
        #expect(infinite.values == [0, 0])
    }
}

@Suite struct ViewTests {
    @Test func viewShowsTheSameMatrix() {
        let matrix = randomSparse(5, 9, density: 0.4, seed: 1)
        let copied = unsafe matrix.withView { view in
            unsafe (0..<view.rowCount).map { row in
                unsafe view.range(ofRow: row).map { unsafe (view.columnIndexes[$0], view.values[$0]) }
            }
        }
        for row in 0..<5 {
            let range = matrix.range(ofRow: row)
            #expect(copied[row].map(\.0) == Array(matrix.columnIndexes[range]))
            #expect(copied[row].map(\.1) == Array(matrix.values[range]))
        }
    }

    @Test func emptyMatricesCanBeLent() {
        let sparse = randomSparse(3, 0, density: 0, seed: 1)
        #expect(unsafe sparse.withView { view in unsafe view.range(ofRow: 2).isEmpty })
        let none = DenseMatrix(zeros: 0, 4)
        #expect(unsafe none.withView { view in unsafe view.rowCount } == 0)
    }

    @Test func errorsPassThrough() {
        struct Stop: Error {}
        let matrix = randomDense(2, 2, seed: 1)
        #expect(throws: Stop.self) { try unsafe matrix.withView { _ throws(Stop) in throw Stop() } }
    }

    @Test func zeroRowsAreSeen() {
        let matrix = DenseMatrix(rowCount: 3, columnCount: 2, values: [0, 0, 0, 1, .nan, 0])
        #expect(unsafe matrix.withView { view in (0..<3).map { unsafe view.isZeroRow($0) } } == [true, false, false])
    }
}
