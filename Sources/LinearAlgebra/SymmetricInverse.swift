internal import COpenBLAS

/// The inverse of a symmetric positive definite matrix, by Cholesky factors in the matrix's own memory
/// (LAPACK `spotrf`, `spotri`). About n^3 multiply-adds; no second matrix.
package enum SymmetricInverse {
    /// Replaces `matrix` (square, symmetric; only the upper triangle is read) by its inverse, both triangles filled.
    /// After an error its content is undefined.
    package static func invert(_ matrix: inout DenseMatrix, threadCount: Int) throws(LinearAlgebraError) {
        precondition(matrix.rowCount == matrix.columnCount)
        guard matrix.rowCount > 0 else { return }
        var order = Int32(matrix.rowCount)
        var status: Int32 = 0
        unsafe matrix.values.withUnsafeMutableBufferPointer { buffer in
            // LAPACK counts by columns: its lower triangle is the upper one of our rows.
            unsafe spotrf_("L", &order, buffer.baseAddress, &order, &status, 1)
            if status == 0 { unsafe spotri_("L", &order, buffer.baseAddress, &order, &status, 1) }
        }
        guard status == 0 else { throw failure(minor: Int(status), order: matrix.rowCount) }
        // LAPACK's comparisons let NaN pass, and what comes out is NaN or 0. A true inverse has a positive diagonal.
        for index in 0..<matrix.rowCount where !(matrix[index, index] > 0 && matrix[index, index].isFinite) {
            throw failure(minor: index + 1, order: matrix.rowCount)
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
