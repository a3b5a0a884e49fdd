internal import COpenBLAS

/// The door to OpenBLAS. All matrices are row-major; sizes are counts of values, never bytes.
///
/// **Invariant**: OpenBLAS itself runs with one thread, from before main on (`COpenBLASThread`, the one place where that
/// is set). Parallel work is cut into blocks by `Parallel`, so that the result does not depend on the thread count and
/// a server's threads never wait in OpenBLAS's own pool.
package enum BLAS {
    /// How many threads OpenBLAS itself uses: one.
    package static var threadCount: Int { Int(openblas_get_num_threads()) }

    /// The processor family whose kernels OpenBLAS chose, for benchmark reports ("SkylakeX", "Haswell").
    package static var coreName: String {
        guard let name = unsafe openblas_get_corename() else { return "unknown" }
        return unsafe String(cString: name)
    }

    /// The dot product of two runs of `count` values.
    @unsafe package static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
        unsafe cblas_sdot(Int32(count), a, 1, b, 1)
    }

    /// `y += scale * x` over `count` values.
    @unsafe package static func addScaled(
        _ x: UnsafePointer<Float>, scale: Float, to y: UnsafeMutablePointer<Float>, count: Int
    ) {
        unsafe cblas_saxpy(Int32(count), scale, x, 1, y, 1)
    }

    /// `y = scale * A x + keep * y`, with A `[rowCount x columnCount]`, or its transpose.
    @unsafe package static func multiply(
        _ a: UnsafePointer<Float>, rowCount: Int, columnCount: Int, transposed: Bool = false,
        by x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, scale: Float = 1, keep: Float = 0
    ) {
        guard rowCount > 0, columnCount > 0 else { return }
        unsafe cblas_sgemv(
            CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, Int32(rowCount), Int32(columnCount), scale, a,
            Int32(columnCount), x, 1, keep, y, 1)
    }

    /// One operand of a matrix product: where it starts, the distance of its rows, and whether it is read transposed.
    @unsafe package struct Operand {
        let values: UnsafePointer<Float>
        let stride: Int
        let isTransposed: Bool

        package init(_ values: UnsafePointer<Float>, stride: Int, transposed: Bool = false) {
            unsafe self.values = values
            unsafe self.stride = stride
            unsafe self.isTransposed = transposed
        }
    }

    /// `C = scale * A B + keep * C`, with C `[rows x columns]` and the sum over `inner` values (after transposition).
    @unsafe package static func multiply(
        _ a: Operand, _ b: Operand, into c: UnsafeMutablePointer<Float>, stride: Int,
        rows: Int, columns: Int, inner: Int, scale: Float = 1, keep: Float = 0
    ) {
        guard rows > 0, columns > 0 else { return }
        unsafe cblas_sgemm(
            CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
            Int32(rows), Int32(columns), Int32(inner), scale, a.values, Int32(a.stride), b.values, Int32(b.stride),
            keep, c, Int32(stride))
    }

    /// The upper triangle of `C = A' A + keep * C`, with A `[rows x columns]` and C `[columns x columns]`.
    @unsafe package static func gramUpper(
        _ a: UnsafePointer<Float>, rows: Int, columns: Int, into c: UnsafeMutablePointer<Float>, keep: Float = 0
    ) {
        guard columns > 0 else { return }
        unsafe cblas_ssyrk(
            CblasRowMajor, CblasUpper, CblasTrans, Int32(columns), Int32(rows), 1, a, Int32(columns), keep, c,
            Int32(columns))
    }

    /// The upper triangle of `C = A A'`, with A `[rows x columns]` and C `[rows x rows]`.
    @unsafe package static func productUpper(
        _ a: UnsafePointer<Float>, rows: Int, columns: Int, into c: UnsafeMutablePointer<Float>
    ) {
        guard rows > 0 else { return }
        unsafe cblas_ssyrk(
            CblasRowMajor, CblasUpper, CblasNoTrans, Int32(rows), Int32(columns), 1, a, Int32(columns), 0, c,
            Int32(rows))
    }

    /// `A = A R^-1` for an upper triangular R `[columns x columns]` and A `[rows x columns]`.
    @unsafe static func divide(
        _ a: UnsafeMutablePointer<Float>, rows: Int, columns: Int, byUpper r: UnsafePointer<Float>
    ) {
        unsafe cblas_strsm(
            CblasRowMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, Int32(rows), Int32(columns), 1, r,
            Int32(columns), a, Int32(columns))
    }

    /// `A = R'^-1 A` for an upper triangular R `[rows x rows]` and A `[rows x columns]`, both with rows `stride` apart.
    @unsafe static func divide(
        _ a: UnsafeMutablePointer<Float>, rows: Int, columns: Int, byTransposedUpper r: UnsafePointer<Float>,
        stride: Int
    ) {
        unsafe cblas_strsm(
            CblasRowMajor, CblasLeft, CblasUpper, CblasTrans, CblasNonUnit, Int32(rows), Int32(columns), 1, r,
            Int32(stride), a, Int32(stride))
    }
}
