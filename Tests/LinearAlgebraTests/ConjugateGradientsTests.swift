import LinearAlgebra
import SeededRandom
import Testing

@Suite struct ConjugateGradientsTests {
    /// A'A / count + ridge I for a random A.
    private static func system(_ order: Int, ridge: Float, seed: UInt64) -> DenseMatrix {
        var generator = SplitMix64(seed: seed)
        var factor = DenseMatrix(zeros: 2 * order, order)
        for index in factor.values.indices {
            factor.values[index] = Float(generator.nextNormal() / Double(2 * order).squareRoot())
        }
        var matrix = factor.transposeMultiplied(by: factor, threadCount: 1)
        for index in 0..<order { matrix[index, index] += ridge }
        return matrix
    }

    private static func solution(_ matrix: DenseMatrix, _ right: [Float]) -> [Float]? {
        let gradients = ConjugateGradients(capacity: right.count)
        var found = [Float](repeating: 0, count: right.count)
        let isSolved = unsafe matrix.values.withUnsafeBufferPointer { values in
            unsafe right.withUnsafeBufferPointer { right in
                unsafe found.withUnsafeMutableBufferPointer { found in
                    guard let a = values.baseAddress, let b = right.baseAddress, let x = found.baseAddress else {
                        return false
                    }
                    return unsafe gradients.solve(a, order: right.count, b, into: x)
                }
            }
        }
        return isSolved ? found : nil
    }

    @Test(arguments: [1, 5, 200]) func solves(order: Int) throws {
        let matrix = Self.system(order, ridge: 1, seed: 3)
        let expected = (0..<order).map { Float($0 % 7) - 3 }
        let right = (0..<order).map { row in
            Float((0..<order).reduce(0.0) { $0 + Double(matrix[row, $1]) * Double(expected[$1]) })
        }
        let found = try #require(Self.solution(matrix, right))
        for index in 0..<order { #expect((found[index] - expected[index]).magnitude < 1e-4) }
    }

    @Test func nothingIsTheSolutionOfNothing() {
        #expect(Self.solution(Self.system(4, ridge: 1, seed: 4), [0, 0, 0, 0]) == [0, 0, 0, 0])
    }

    @Test func whatIsNotPositiveDefiniteIsRefused() {
        #expect(Self.solution(DenseMatrix(rowCount: 2, columnCount: 2, values: [1, 3, 3, 1]), [1, -1]) == nil)
        #expect(Self.solution(DenseMatrix(rowCount: 2, columnCount: 2, values: [1, 0, 0, -1]), [1, 1]) == nil)
        #expect(Self.solution(DenseMatrix(rowCount: 1, columnCount: 1, values: [.nan]), [1]) == nil)
        #expect(Self.solution(DenseMatrix(rowCount: 1, columnCount: 1, values: [1]), [.infinity]) == nil)
    }

    @Test func eigenvectorsTurnAMatrixIntoItsDiagonal() throws {
        let matrix = Self.system(30, ridge: 0, seed: 5)
        let eigen = try SymmetricEigen(matrix)
        #expect(eigen.values == eigen.values.sorted())
        let turned = eigen.vectors.transposeMultiplied(
            by: matrix.multiplied(by: eigen.vectors, threadCount: 1), threadCount: 1)
        for row in 0..<30 {
            for column in 0..<30 {
                let expected = row == column ? eigen.values[row] : 0
                #expect((turned[row, column] - expected).magnitude < 1e-5)
            }
        }
        #expect(try SymmetricEigen(DenseMatrix(zeros: 0, 0)).values.isEmpty)
    }
}
