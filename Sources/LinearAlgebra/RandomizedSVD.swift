internal import COpenBLAS
import SeededRandom

// Truncated singular value decomposition of a sparse matrix by a random sketch:
// Halko, Martinsson, Tropp 2011, "Finding structure with randomness", algorithms 4.4 and 5.1.
//
//     A [m x n]  ~  U S V'          k columns wanted, l = k + oversampling
//     Y = orthonormal(A W)          W [n x l] normal, Y [m x l]
//     Y = orthonormal(A orthonormal(A' Y))      once for each power iteration
//     C = A' Y = Q R                [n x l]; then A ~ Y C' = Y R' Q'
//     R = P S T'  (dense, [l x l])  so U = Y T, V = Q P

/// `A ~ U S V'`, singular values descending. The largest entry of each column of V is positive (of equals, the first).
package struct RandomizedSVD: Sendable {
    package struct Configuration: Sendable, Equatable {
        /// The number of singular values wanted; fewer come back where the matrix has a lower rank.
        package var rank: Int
        /// Extra columns of the sketch. 5 to 10 are advised by Halko et al. (section 4.2); 32 cost little more in sgemm
        /// and help the slowly falling spectra of texts.
        package var oversampling: Int
        /// Passes that sharpen the spectrum; 2 are enough for slowly falling spectra (Halko et al., section 4.5).
        package var powerIterations: Int
        package var seed: UInt64

        package init(rank: Int, oversampling: Int = 32, powerIterations: Int = 2, seed: UInt64 = 1) {
            self.rank = rank
            self.oversampling = oversampling
            self.powerIterations = powerIterations
            self.seed = seed
        }
    }

    /// U S, `[m x rank]`: the rows of A in the space of the right singular vectors.
    package let scaledLeft: DenseMatrix
    /// Descending, all above `rankTolerance` times the first.
    package let singularValues: [Float]
    /// V, `[n x rank]`.
    package let right: DenseMatrix

    /// Singular values below this part of the largest one are noise of Float arithmetic: 2^-24 times a few hundred
    /// roundings.
    private static let rankTolerance: Float = 2e-5

    package init(
        _ matrix: SparseMatrix, configuration: Configuration, threadCount: Int
    ) throws(LinearAlgebraError) {
        precondition(configuration.rank >= 0 && configuration.oversampling >= 0 && configuration.powerIterations >= 0)
        let smallestSide = min(matrix.rowCount, matrix.columnCount)
        let width = min(configuration.rank + configuration.oversampling, smallestSide)
        guard width > 0, matrix.storedCount > 0 else {
            scaledLeft = DenseMatrix(zeros: matrix.rowCount, 0)
            right = DenseMatrix(zeros: matrix.columnCount, 0)
            singularValues = []
            return
        }
        guard matrix.values.allSatisfy(\.isFinite) else {
            throw LinearAlgebraError(
                .notFinite, operation: "decompose a sparse matrix", expected: "finite values",
                found: "NaN or infinity", remedy: "Remove the rows that carry such weights.")
        }
        let transposed = matrix.transposed()
        var generator = SplitMix64(seed: configuration.seed)
        var sketch = DenseMatrix(zeros: matrix.columnCount, width)
        for index in sketch.values.indices { sketch.values[index] = Float(generator.nextNormal()) }

        var basis = matrix.multiplied(by: sketch, threadCount: threadCount).orthonormalised(threadCount: threadCount)
        for _ in 0..<configuration.powerIterations {
            let rows = transposed.multiplied(by: basis, threadCount: threadCount)
                .orthonormalised(threadCount: threadCount)
            basis = matrix.multiplied(by: rows, threadCount: threadCount).orthonormalised(threadCount: threadCount)
        }
        let projected = transposed.multiplied(by: basis, threadCount: threadCount)
        let rowBasis = projected.orthonormalised(threadCount: threadCount)
        let core = rowBasis.transposeMultiplied(by: projected, threadCount: threadCount)
        let small = try Self.decompose(core)

        let wanted = min(configuration.rank, small.values.count)
        let threshold = (small.values.first ?? 0) * Self.rankTolerance
        let kept = small.values[..<wanted].prefix { $0 > threshold }.count
        singularValues = Array(small.values[..<kept])
        var right = rowBasis.multiplied(by: small.left.firstColumns(kept), threadCount: threadCount)
        var left = basis.multiplied(by: small.right.firstColumns(kept), threadCount: threadCount)
        left.scaleColumns(by: zip(right.signsOfLargest(), singularValues).map { $0 * $1 })
        right.scaleColumns(by: right.signsOfLargest())
        scaledLeft = left
        self.right = right
    }

    /// `matrix` `[r x c]` = left diag(values) right', with left `[r x s]`, right `[c x s]`, s = min(r, c).
    static func decompose(
        _ matrix: DenseMatrix
    ) throws(LinearAlgebraError) -> (left: DenseMatrix, values: [Float], right: DenseMatrix) {
        let (r, c) = (matrix.rowCount, matrix.columnCount)
        let s = min(r, c)
        guard s > 0 else { return (DenseMatrix(zeros: r, 0), [], DenseMatrix(zeros: c, 0)) }
        // LAPACK counts by columns, so it sees the transpose, [c x r]: its left vectors are our right ones.
        var input = matrix.values
        var (values, left, right) = ([Float](repeating: 0, count: s), DenseMatrix(zeros: r, s), [Float]())
        right = [Float](repeating: 0, count: c * s)
        var (m, n, k, status) = (Int32(c), Int32(r), Int32(s), Int32(0))
        var integers = [Int32](repeating: 0, count: 8 * s)
        var workspace: [Float] = [0]
        var workspaceSize: Int32 = -1
        unsafe sgesdd_(
            "S", &m, &n, &input, &m, &values, &right, &m, &left.values, &k, &workspace, &workspaceSize, &integers,
            &status, 1)
        workspaceSize = Int32(workspace[0])
        workspace = Array(repeating: 0, count: Int(workspaceSize))
        unsafe sgesdd_(
            "S", &m, &n, &input, &m, &values, &right, &m, &left.values, &k, &workspace, &workspaceSize, &integers,
            &status, 1)
        guard status == 0 else {
            throw LinearAlgebraError(
                .didNotConverge, operation: "decompose a \(r) x \(c) matrix into singular values",
                expected: "finite values", found: "LAPACK status \(status)",
                remedy: "Look for NaN and infinite values in the input.")
        }
        // `right` holds [c x s] by columns, which is [s x c] by rows; `left` holds V' [s x r] by columns: [r x s] by rows.
        var rightMatrix = DenseMatrix(zeros: c, s)
        for row in 0..<c { for column in 0..<s { rightMatrix[row, column] = right[column * c + row] } }
        return (left, values, rightMatrix)
    }
}

extension DenseMatrix {
    /// For each column 1, or -1 where its entry of greatest magnitude is negative.
    fileprivate func signsOfLargest() -> [Float] {
        (0..<columnCount).map { column in
            var largest: Float = 0
            for row in 0..<rowCount where self[row, column].magnitude > largest.magnitude {
                largest = self[row, column]
            }
            return largest < 0 ? -1 : 1
        }
    }

    fileprivate mutating func scaleColumns(by factors: [Float]) {
        for row in 0..<rowCount { for column in 0..<columnCount { self[row, column] *= factors[column] } }
    }
}
