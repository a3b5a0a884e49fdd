internal import COpenBLAS

/// Small symmetric positive definite systems in Double, for estimates whose last digits matter. Matrices are row-major,
/// `[order x order]`, and only their upper triangles are read and written.
package enum DoubleSystem {
    /// The upper triangle of `gram += A' A`, with A `[rows.count / order x order]`. `rows.count * order` multiply-adds.
    package static func addGram(of rows: [Double], order: Int, to gram: inout [Double]) {
        precondition(order > 0 && rows.count.isMultiple(of: order) && gram.count == order * order)
        unsafe cblas_dsyrk(
            CblasRowMajor, CblasUpper, CblasTrans, Int32(order), Int32(rows.count / order), 1, rows, Int32(order), 1,
            &gram, Int32(order))
    }

    /// The x of `matrix * x = right`; nil where the matrix is not positive definite or not finite.
    package static func solution(_ matrix: [Double], order: Int, _ right: [Double]) -> [Double]? {
        precondition(order > 0 && matrix.count == order * order && right.count == order)
        var (factor, x) = (matrix, right)
        var (n, count, status) = (Int32(order), Int32(1), Int32(0))
        // LAPACK counts by columns: its lower triangle is the upper one of our rows.
        unsafe dposv_("L", &n, &count, &factor, &n, &x, &n, &status, 1)
        return status == 0 && x.allSatisfy(\.isFinite) ? x : nil
    }

    /// The inverse, both triangles; nil as for `solution`.
    package static func inverse(_ matrix: [Double], order: Int) -> [Double]? {
        precondition(order > 0 && matrix.count == order * order)
        var inverse = matrix
        var (n, status) = (Int32(order), Int32(0))
        unsafe dpotrf_("L", &n, &inverse, &n, &status, 1)
        guard status == 0 else { return nil }
        unsafe dpotri_("L", &n, &inverse, &n, &status, 1)
        for row in 0..<order {
            for column in 0..<row { inverse[row * order + column] = inverse[column * order + row] }
        }
        return status == 0 && inverse.allSatisfy(\.isFinite) ? inverse : nil
    }
}
