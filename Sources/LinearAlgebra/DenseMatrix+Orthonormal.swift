// An orthonormal basis of the columns of a tall matrix [m x l].
//
// The fast way is Cholesky-QR, twice (Fukaya et al. 2014, "CholeskyQR2"): R from the Cholesky factor of Y'Y, Q = Y R^-1.
// It squares the condition number, so where a pivot loses too many digits the careful way is taken instead:
// Gram-Schmidt column by column, each twice (Giraud et al. 2005, "twice is enough"); it also finds the rank.

extension DenseMatrix {
    /// A pivot below this part of its column's squared length is not trusted: the Gram matrix is summed from Float
    /// products, with about 1e-6 of relative noise, and 1e-4 leaves two digits for the first pass.
    private static let smallestPivot = 1e-4
    /// What remains of a column after the others were taken out, below which it was a combination of them.
    private static let dependentPart = 1e-5

    /// An orthonormal basis of the columns' span, `[m x r]` with r the numerical rank, r <= l.
    package func orthonormalised(threadCount: Int) -> DenseMatrix {
        var basis = self
        guard basis.divideByCholeskyFactor(threadCount: threadCount),
            basis.divideByCholeskyFactor(threadCount: threadCount)
        else { return gramSchmidt() }
        return basis
    }

    /// Rows that one thread divides at a time.
    private static let divisionBlockSize = 2048

    /// Replaces Y by Y R^-1 with R'R = Y'Y. Returns false, and leaves Y as it was, where a pivot is too small.
    private mutating func divideByCholeskyFactor(threadCount: Int) -> Bool {
        let width = columnCount
        var r = upperGram(threadCount: threadCount)
        for pivot in 0..<width {
            let length = r[pivot * width + pivot]
            var remaining = length
            for above in 0..<pivot { remaining -= r[above * width + pivot] * r[above * width + pivot] }
            guard remaining > Self.smallestPivot * length, remaining.isFinite else { return false }
            let diagonal = remaining.squareRoot()
            r[pivot * width + pivot] = diagonal
            for column in pivot + 1..<max(width, pivot + 1) {
                var sum = r[pivot * width + column]
                for above in 0..<pivot { sum -= r[above * width + pivot] * r[above * width + column] }
                r[pivot * width + column] = sum / diagonal
            }
        }
        let factor = r.map { Float($0) }
        let rowCount = self.rowCount
        unsafe values.withUnsafeMutableBufferPointer { buffer in
            unsafe factor.withUnsafeBufferPointer { factor in
                guard let start = buffer.baseAddress, let factor = factor.baseAddress else { return }
                Parallel.forEachRange(of: rowCount, blockSize: Self.divisionBlockSize, threadCount: threadCount) {
                    range, _ in
                    unsafe BLAS.divide(
                        start + range.lowerBound * width, rows: range.count, columns: width, byUpper: factor)
                }
            }
        }
        return true
    }

    /// Works on the transpose, so that a column is contiguous; `kept` of its first rows are the basis so far.
    private func gramSchmidt() -> DenseMatrix {
        let length = rowCount
        var columns = transposedCopy()
        var coefficients = [Float](repeating: 0, count: columnCount)
        var kept = 0
        unsafe columns.values.withUnsafeMutableBufferPointer { buffer in
            unsafe coefficients.withUnsafeMutableBufferPointer { coefficients in
                guard let start = buffer.baseAddress, let coefficients = coefficients.baseAddress else { return }
                for column in 0..<columnCount {
                    let source = unsafe start + column * length
                    let target = unsafe start + kept * length
                    if unsafe source != target { unsafe target.update(from: source, count: length) }
                    let before = unsafe Self.length(target, count: length)
                    for _ in 0..<2 {
                        unsafe BLAS.multiply(
                            start, rowCount: kept, columnCount: length, by: target, into: coefficients)
                        unsafe BLAS.multiply(
                            start, rowCount: kept, columnCount: length, transposed: true, by: coefficients,
                            into: target, scale: -1, keep: 1)
                    }
                    let after = unsafe Self.length(target, count: length)
                    guard after > Self.dependentPart * before, after.isFinite else { continue }
                    for row in 0..<length { unsafe target[row] = Float(Double(target[row]) / after) }
                    kept += 1
                }
            }
        }
        let basis = DenseMatrix(
            rowCount: kept, columnCount: length, values: Array(columns.values[..<(kept * length)]))
        return basis.transposedCopy()
    }

    private static func length(_ values: UnsafePointer<Float>, count: Int) -> Double {
        var square = 0.0
        for index in 0..<count { unsafe square += Double(values[index]) * Double(values[index]) }
        return square.squareRoot()
    }

    /// The `[columnCount x rowCount]` transpose.
    package func transposedCopy() -> DenseMatrix {
        var result = DenseMatrix(zeros: columnCount, rowCount)
        for row in 0..<rowCount { for column in 0..<columnCount { result[column, row] = self[row, column] } }
        return result
    }
}
