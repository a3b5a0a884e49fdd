internal import COpenBLAS

/// The eigenvalues and eigenvectors of a small symmetric matrix (LAPACK `ssyevd`): A = Q diag(values) Q'.
package struct SymmetricEigen: Sendable {
    /// Ascending.
    package let values: [Float]
    /// Q, `[order x order]`: a column for each value.
    package let vectors: DenseMatrix

    /// - Parameter matrix: square; only the upper triangle is read.
    package init(_ matrix: DenseMatrix) throws(LinearAlgebraError) {
        precondition(matrix.rowCount == matrix.columnCount)
        var (order, status) = (Int32(matrix.rowCount), Int32(0))
        guard order > 0 else {
            (values, vectors) = ([], matrix)
            return
        }
        // LAPACK counts by columns: its lower triangle is the upper one of our rows, and its columns are our rows.
        var rows = matrix
        var found = [Float](repeating: 0, count: matrix.rowCount)
        var (workspace, integers): ([Float], [Int32]) = ([0], [0])
        var (size, integerSize): (Int32, Int32) = (-1, -1)
        unsafe ssyevd_(
            "V", "L", &order, &rows.values, &order, &found, &workspace, &size, &integers, &integerSize, &status, 1, 1)
        (size, integerSize) = (Int32(workspace[0]), integers[0])
        workspace = Array(repeating: 0, count: Int(size))
        integers = Array(repeating: 0, count: Int(integerSize))
        unsafe ssyevd_(
            "V", "L", &order, &rows.values, &order, &found, &workspace, &size, &integers, &integerSize, &status, 1, 1)
        guard status == 0, found.allSatisfy(\.isFinite) else {
            throw LinearAlgebraError(
                .didNotConverge, operation: "find the eigenvectors of a matrix of order \(matrix.rowCount)",
                expected: "finite values", found: "LAPACK status \(status)",
                remedy: "Look for NaN and infinite values in the input.")
        }
        values = found
        vectors = rows.transposedCopy()
    }
}
