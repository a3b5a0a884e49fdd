import LinearAlgebra
import Testing

@Suite struct RandomizedSVDTests {
    /// L R with L [m x rank], R [rank x n], as a sparse matrix.
    func lowRank(_ m: Int, _ n: Int, rank: Int, seed: UInt64) -> SparseMatrix {
        sparse(product(randomDense(m, rank, seed: seed), randomDense(rank, n, seed: seed + 1)))
    }

    func sparse(_ matrix: DenseMatrix) -> SparseMatrix {
        matrix.keepingLargest(perRow: matrix.columnCount, threadCount: 1)
    }

    func identity(_ n: Int) -> DenseMatrix {
        var matrix = DenseMatrix(zeros: n, n)
        for index in 0..<n { matrix[index, index] = 1 }
        return matrix
    }

    @Test(arguments: [(60, 40, 5), (40, 60, 5), (300, 200, 12), (5, 5, 1)])
    func lowRankMatrixIsRebuiltAndItsRankFound(m: Int, n: Int, rank: Int) throws {
        let matrix = lowRank(m, n, rank: rank, seed: 1)
        let svd = try RandomizedSVD(matrix, configuration: .init(rank: rank + 10, seed: 3), threadCount: 2)
        #expect(svd.singularValues.count == rank)
        #expect(svd.singularValues == svd.singularValues.sorted(by: >))
        let rebuilt = product(svd.scaledLeft, transpose(svd.right))
        #expect(largestDifference(rebuilt, dense(matrix)) < 2e-4)
        #expect(largestDifference(product(transpose(svd.right), svd.right), identity(rank)) < 1e-5)
        let leftGram = product(transpose(svd.scaledLeft), svd.scaledLeft)
        for row in 0..<rank {
            for column in 0..<rank {
                let scale = svd.singularValues[row] * svd.singularValues[column]
                let expected: Float = row == column ? 1 : 0
                #expect((leftGram[row, column] / scale - expected).magnitude < 1e-4)
            }
        }
    }

    @Test func handWorkedDiagonal() throws {
        var matrix = DenseMatrix(zeros: 4, 3)
        matrix[0, 2] = -7
        matrix[2, 0] = 2
        matrix[3, 1] = 5
        let svd = try RandomizedSVD(sparse(matrix), configuration: .init(rank: 3), threadCount: 1)
        #expect(zip(svd.singularValues, [7, 5, 2] as [Float]).allSatisfy { ($0 - $1).magnitude < 1e-5 })
        // V's largest entries are positive, so the signs are in U S.
        #expect((svd.right[2, 0] - 1).magnitude < 1e-5)
        #expect((svd.scaledLeft[0, 0] + 7).magnitude < 1e-5)
        #expect((svd.scaledLeft[3, 1] - 5).magnitude < 1e-5)
    }

    @Test func fullRankMatrixIsNearTheBestApproximation() throws {
        let matrix = randomSparse(400, 150, density: 0.1, seed: 9)
        let full = try RandomizedSVD(matrix, configuration: .init(rank: 150), threadCount: 2)
        #expect(full.singularValues.count == 150)
        let truncated = try RandomizedSVD(matrix, configuration: .init(rank: 20, powerIterations: 4), threadCount: 2)
        #expect(truncated.singularValues.count == 20)
        for (found, exact) in zip(truncated.singularValues, full.singularValues) {
            #expect(found <= exact * 1.0001 && found >= exact * 0.99)
        }
    }

    @Test func sameSeedSameResultWhateverTheThreadCount() throws {
        let matrix = randomSparse(5000, 120, density: 0.05, seed: 4)
        let one = try RandomizedSVD(matrix, configuration: .init(rank: 16, seed: 8), threadCount: 1)
        let three = try RandomizedSVD(matrix, configuration: .init(rank: 16, seed: 8), threadCount: 3)
        let isSame = one.scaledLeft == three.scaledLeft && one.right == three.right
        #expect(isSame)
        let other = try RandomizedSVD(matrix, configuration: .init(rank: 16, seed: 9), threadCount: 1)
        #expect(one.right != other.right)
    }

    @Test(arguments: [(0, 0), (4, 0), (0, 4), (4, 4)]) func nothingStoredHasRankZero(m: Int, n: Int) throws {
        let svd = try RandomizedSVD(
            randomSparse(m, n, density: 0, seed: 1), configuration: .init(rank: 3), threadCount: 1)
        #expect(svd.singularValues.isEmpty)
        #expect(svd.scaledLeft == DenseMatrix(zeros: m, 0))
        #expect(svd.right == DenseMatrix(zeros: n, 0))
    }

    @Test func orthonormalBasisOfNearlyDependentColumns() {
        // The second column differs from the first by 1e-4: Cholesky-QR alone would lose it.
        var matrix = randomDense(500, 4, seed: 2)
        for row in 0..<500 { matrix[row, 1] = matrix[row, 0] + 1e-3 * matrix[row, 2] }
        for row in 0..<500 { matrix[row, 3] = 2 * matrix[row, 2] }
        let basis = matrix.orthonormalised(threadCount: 2)
        #expect(basis.columnCount == 2 || basis.columnCount == 3)
        #expect(largestDifference(product(transpose(basis), basis), identity(basis.columnCount)) < 1e-5)
        let projected = product(basis, product(transpose(basis), matrix))
        #expect(largestDifference(projected, matrix) < 1e-4)
    }

    @Test func notANumberIsAnError() {
        let matrix = SparseMatrix(
            rowCount: 2, columnCount: 2, rowOffsets: [0, 1, 2], columnIndexes: [0, 1], values: [.nan, 1])
        #expect(throws: LinearAlgebraError.self) {
            try RandomizedSVD(matrix, configuration: .init(rank: 2), threadCount: 1)
        }
    }
}
