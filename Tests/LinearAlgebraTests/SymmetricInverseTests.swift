import LinearAlgebra
import Testing

@Suite struct SymmetricInverseTests {
    @Test func handWorkedInverse() throws {
        // [[2, 1], [1, 2]]^-1 = [[2, -1], [-1, 2]] / 3
        var matrix = DenseMatrix(rowCount: 2, columnCount: 2, values: [2, 1, 1, 2])
        try SymmetricInverse.invert(&matrix, threadCount: 1)
        let expected: [Float] = [2.0 / 3, -1.0 / 3, -1.0 / 3, 2.0 / 3]
        #expect(zip(matrix.values, expected).allSatisfy { ($0 - $1).magnitude < 1e-6 })
    }

    @Test(arguments: [1, 2, 63, 64, 65, 200, 511, 512, 513, 700, 1100]) func timesItselfIsIdentity(order: Int) throws {
        let sparse = randomSparse(order * 2, order, density: 0.3, seed: UInt64(order))
        var gram = DenseMatrix(zeros: order, order)
        sparse.writeGram(into: &gram, threadCount: 2)
        for index in 0..<order { gram[index, index] += 10 }
        var inverse = gram
        try SymmetricInverse.invert(&inverse, threadCount: 2)
        var identity = DenseMatrix(zeros: order, order)
        for index in 0..<order { identity[index, index] = 1 }
        #expect(largestDifference(gram.multiplied(by: inverse, threadCount: 2), identity) < 2e-4)
        #expect(inverse == inverse.transposedCopy())
    }

    /// Three blocks, the last of them short.
    @Test func sameWhateverTheThreadCount() throws {
        let sparse = randomSparse(1500, 1100, density: 0.2, seed: 5)
        var gram = DenseMatrix(zeros: 1100, 1100)
        sparse.writeGram(into: &gram, threadCount: 2)
        for index in 0..<1100 { gram[index, index] += 3 }
        var (one, three) = (gram, gram)
        try SymmetricInverse.invert(&one, threadCount: 1)
        try SymmetricInverse.invert(&three, threadCount: 3)
        let areEqual = one == three
        #expect(areEqual)
    }

    @Test func lowerTriangleIsNotRead() throws {
        let sparse = randomSparse(900, 600, density: 0.3, seed: 8)
        var gram = DenseMatrix(zeros: 600, 600)
        sparse.writeGram(into: &gram, threadCount: 2)
        for index in 0..<600 { gram[index, index] += 3 }
        var upper = gram
        for row in 0..<600 { for column in 0..<row { upper[row, column] = .nan } }
        try SymmetricInverse.invert(&gram, threadCount: 2)
        try SymmetricInverse.invert(&upper, threadCount: 2)
        #expect(gram == upper)
    }

    @Test func emptyStaysEmpty() throws {
        var matrix = DenseMatrix(zeros: 0, 0)
        try SymmetricInverse.invert(&matrix, threadCount: 2)
        #expect(matrix.values.isEmpty)
    }

    @Test(
        arguments: [[1, 2, 2, 1], [0, 0, 0, 0], [-1, 0, 0, 1], [1, 0, 0, Float.nan], [.nan, .nan, .nan, .nan]]
            as [[Float]])
    func notPositiveDefiniteIsAnError(values: [Float]) {
        var matrix = DenseMatrix(rowCount: 2, columnCount: 2, values: values)
        let error = #expect(throws: LinearAlgebraError.self) {
            try SymmetricInverse.invert(&matrix, threadCount: 1)
        }
        #expect(error?.code == .notPositiveDefinite)
        #expect(error?.description.contains("regularisation") == true)
    }

    @Test func minorIsNamed() {
        // Positive definite up to its 500th row.
        var matrix = DenseMatrix(zeros: 700, 700)
        for index in 0..<700 { matrix[index, index] = index == 500 ? -1 : 1 }
        let error = #expect(throws: LinearAlgebraError.self) {
            try SymmetricInverse.invert(&matrix, threadCount: 2)
        }
        #expect(error?.found.contains("order 501") == true)
    }
}
