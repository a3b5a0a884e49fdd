internal import COpenBLAS

/// The solution of a small symmetric positive definite system (LAPACK `sposv`), in memory that the caller owns:
/// many systems of one order are solved without allocating. About n^3 / 3 multiply-adds.
package enum SymmetricSolve {
    /// Solves `A x = b`: `b` (`order * rightSides` values, one right side after the other) becomes x, and the upper
    /// triangle of the row-major `a`, the only part that is read, becomes A's Cholesky factor.
    ///
    /// - Returns: false where A is not positive definite or not finite; both are then undefined.
    @unsafe package static func solve(
        _ a: UnsafeMutablePointer<Float>, order: Int, into b: UnsafeMutablePointer<Float>, rightSides: Int = 1
    ) -> Bool {
        guard order > 0, rightSides > 0 else { return true }
        var (n, count, status) = (Int32(order), Int32(rightSides), Int32(0))
        // LAPACK counts by columns: its lower triangle is the upper one of our rows.
        unsafe sposv_("L", &n, &count, a, &n, b, &n, &status, 1)
        guard status == 0 else { return false }
        // LAPACK's comparisons let NaN pass.
        for position in 0..<order * rightSides where unsafe !b[position].isFinite { return false }
        return true
    }
}
