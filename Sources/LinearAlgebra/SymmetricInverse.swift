internal import COpenBLAS

// The inverse of a symmetric positive definite matrix G [n x n] in its own memory, by blocks of rows and columns. Only the
// upper triangle of blocks is touched:
//
//     1. G = U'U     block row k: U_kk from LAPACK, U_kj = U_kk^-T G_kj, then G_ij -= U_ki' U_kj for all i, j > k
//     2. W = U^-1    block column j, from the left: W_ij = -(sum over i <= l < j of W_il U_lj) W_jj
//     3. P = W W'    block row i, from the top: P_ij = sum over l >= j of W_il W_jl'
//
// Everything but the blocks on the diagonal is sgemm, handed to threads block by block. The cut and the order of the sums
// depend on n alone, so the result is the same bit by bit whatever the thread count. Where a step reads what it
// overwrites, one panel is copied first. About n^3 floating point operations, as in LAPACK's spotrf + spotri, which run on
// one thread here (see `BLAS`).

/// The inverse of a symmetric positive definite matrix, by Cholesky factors in the matrix's own memory.
package enum SymmetricInverse {
    /// Rows of a block: sgemm is at its speed with sums of this length, and a factor's trailing part is read and written
    /// once for each block.
    static let blockSize = 512

    /// Replaces `matrix` (square, symmetric; only the upper triangle is read) by its inverse, both triangles filled.
    /// After an error its content is undefined. Beside the matrix it takes `blockSize` of its rows.
    package static func invert(_ matrix: inout DenseMatrix, threadCount: Int) throws(LinearAlgebraError) {
        precondition(matrix.rowCount == matrix.columnCount)
        let order = matrix.rowCount
        guard order > 0 else { return }
        var failingMinor: Int?
        unsafe matrix.values.withUnsafeMutableBufferPointer { buffer in
            guard let values = buffer.baseAddress else { return }
            let blocks = unsafe InverseBlocks(values, order: order, threadCount: threadCount)
            failingMinor = blocks.factorise()
            guard failingMinor == nil else { return }
            blocks.invertFactor()
            blocks.multiplyByTranspose()
        }
        if let failingMinor { throw failure(minor: failingMinor, order: order) }
        // LAPACK's comparisons let NaN pass, and what comes out is NaN or 0. A true inverse has a positive diagonal.
        for index in 0..<order where !(matrix[index, index] > 0 && matrix[index, index].isFinite) {
            throw failure(minor: index + 1, order: order)
        }
        matrix.mirrorUpperTriangle(threadCount: threadCount)
    }

    private static func failure(minor: Int, order: Int) -> LinearAlgebraError {
        LinearAlgebraError(
            .notPositiveDefinite, operation: "invert a symmetric matrix of order \(order)",
            expected: "a positive definite matrix of finite values",
            found: "a leading minor of order \(minor) that is not positive",
            remedy: "Raise the regularisation (l2) or look for NaN and infinite weights.")
    }
}

/// The matrix and one panel; the three steps of the note at the top, each in place of the one before.
@safe private final class InverseBlocks {
    // SAFETY: `values` outlives this object, which `invert` makes and drops within one access to the matrix.
    private let values: UnsafeMutablePointer<Float>
    private let panel: UnsafeMutablePointer<Float>
    private let order: Int
    private let threadCount: Int
    private let blockCount: Int

    @unsafe init(_ values: UnsafeMutablePointer<Float>, order: Int, threadCount: Int) {
        unsafe self.values = values
        self.order = order
        self.threadCount = threadCount
        blockCount = (order + SymmetricInverse.blockSize - 1) / SymmetricInverse.blockSize
        unsafe panel = .allocate(capacity: min(SymmetricInverse.blockSize, order) * order)
    }

    deinit { unsafe panel.deallocate() }

    private func range(_ block: Int) -> Range<Int> {
        let start = block * SymmetricInverse.blockSize
        return start..<min(start + SymmetricInverse.blockSize, order)
    }

    private func start(_ row: Int, _ column: Int) -> UnsafeMutablePointer<Float> {
        unsafe values + row * order + column
    }

    /// Step 1, with zeros below the diagonal of U's own blocks. Returns the first leading minor that is not positive.
    func factorise() -> Int? {
        for block in 0..<blockCount {
            let rows = range(block)
            let diagonal = unsafe start(rows.lowerBound, rows.lowerBound)
            if let minor = unsafe factoriseDiagonal(diagonal, count: rows.count) { return rows.lowerBound + minor }
            let later = blockCount - block - 1
            Parallel.forEachBlock(blockCount: later, threadCount: threadCount) { step, _ in
                let columns = range(block + 1 + step)
                unsafe BLAS.divide(
                    start(rows.lowerBound, columns.lowerBound), rows: rows.count, columns: columns.count,
                    byTransposedUpper: diagonal, stride: order)
            }
            Parallel.forEachBlock(blockCount: later, threadCount: threadCount) { step, _ in
                let target = range(block + 1 + step)
                let factor = unsafe start(rows.lowerBound, target.lowerBound)
                unsafe BLAS.multiply(
                    .init(factor, stride: order, transposed: true), .init(factor, stride: order),
                    into: start(target.lowerBound, target.lowerBound), stride: order,
                    rows: target.count, columns: order - target.lowerBound, inner: rows.count, scale: -1, keep: 1)
            }
        }
        return nil
    }

    /// Step 2, with zeros below the diagonal of W's own blocks.
    func invertFactor() {
        for block in 0..<blockCount {
            let columns = range(block)
            let diagonal = unsafe start(columns.lowerBound, columns.lowerBound)
            unsafe invertDiagonal(diagonal, count: columns.count)
            // The panel becomes -U_lj W_jj, one block of rows after another.
            Parallel.forEachBlock(blockCount: block, threadCount: threadCount) { above, _ in
                let rows = range(above)
                unsafe BLAS.multiply(
                    .init(start(rows.lowerBound, columns.lowerBound), stride: order), .init(diagonal, stride: order),
                    into: panel + rows.lowerBound * columns.count, stride: columns.count,
                    rows: rows.count, columns: columns.count, inner: columns.count, scale: -1)
            }
            Parallel.forEachBlock(blockCount: block, threadCount: threadCount) { above, _ in
                let rows = range(above)
                unsafe BLAS.multiply(
                    .init(start(rows.lowerBound, rows.lowerBound), stride: order),
                    .init(panel + rows.lowerBound * columns.count, stride: columns.count),
                    into: start(rows.lowerBound, columns.lowerBound), stride: order,
                    rows: rows.count, columns: columns.count, inner: columns.lowerBound - rows.lowerBound)
            }
        }
    }

    /// Step 3.
    func multiplyByTranspose() {
        for block in 0..<blockCount {
            let rows = range(block)
            let width = order - rows.lowerBound
            for (index, row) in rows.enumerated() {
                unsafe (panel + index * width).update(from: start(row, rows.lowerBound), count: width)
            }
            Parallel.forEachBlock(blockCount: blockCount - block, threadCount: threadCount) { step, _ in
                let columns = range(block + step)
                let other =
                    step == 0
                    ? unsafe BLAS.Operand(panel, stride: width, transposed: true)
                    : unsafe BLAS.Operand(
                        start(columns.lowerBound, columns.lowerBound), stride: order, transposed: true)
                unsafe BLAS.multiply(
                    .init(panel + (columns.lowerBound - rows.lowerBound), stride: width), other,
                    into: start(rows.lowerBound, columns.lowerBound), stride: order,
                    rows: rows.count, columns: columns.count, inner: order - columns.lowerBound)
            }
        }
    }

    /// LAPACK counts by columns: its lower triangle is the upper one of our rows.
    private func factoriseDiagonal(_ diagonal: UnsafeMutablePointer<Float>, count: Int) -> Int? {
        var (size, stride, status) = (Int32(count), Int32(order), Int32(0))
        unsafe spotrf_("L", &size, diagonal, &stride, &status, 1)
        guard status == 0 else { return Int(status) }
        for row in 1..<max(count, 1) { unsafe (diagonal + row * order).update(repeating: 0, count: row) }
        return nil
    }

    /// Its status would tell of a zero on the diagonal, which the factor has not.
    private func invertDiagonal(_ diagonal: UnsafeMutablePointer<Float>, count: Int) {
        var (size, stride, status) = (Int32(count), Int32(order), Int32(0))
        unsafe strtri_("L", "N", &size, diagonal, &stride, &status, 1, 1)
    }
}
