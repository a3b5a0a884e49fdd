internal import LinearAlgebra

/// Centres laid out for scoring rows against all of them at once.
///
///     transposed   [dimension x paddedCount]   column c is centre c; the padding is zero
///     squareNorms  [paddedCount]               |c|^2; the padding is so large that it never is nearest
///
/// A row's score for a centre is |c|^2 - 2 x.c: the squared distance less |x|^2, which is the same for all centres. With
/// few columns sgemm spends its time on packing, and a loop over eight centres at a time is quicker.
struct CentreTable {
    let clusterCount: Int
    let dimension: Int
    let paddedCount: Int
    private let transposed: [Float]
    private let squareNorms: [Float]
    let greatestSquareNorm: Float

    /// Centres that are scored together: one vector register of eight values, or two of four.
    static let laneCount = 8
    /// Measured with 8 to 64 centres: from 12 columns on sgemm is quicker.
    private static let greatestDirectDimension = 11
    /// A hundredth of the greatest Float: above any sum of squares that is finite in practice, and safe to add to.
    private static let paddingNorm = Float.greatestFiniteMagnitude / 100

    init(_ centres: DenseMatrix) {
        clusterCount = centres.rowCount
        dimension = centres.columnCount
        paddedCount = (centres.rowCount + Self.laneCount - 1) / Self.laneCount * Self.laneCount
        var transposed = [Float](repeating: 0, count: dimension * paddedCount)
        var norms = [Float](repeating: Self.paddingNorm, count: paddedCount)
        for cluster in 0..<clusterCount {
            var norm = 0.0
            for column in 0..<dimension {
                let value = centres.values[cluster * dimension + column]
                transposed[column * paddedCount + cluster] = value
                norm += Double(value) * Double(value)
            }
            norms[cluster] = Float(norm)
        }
        self.transposed = transposed
        squareNorms = norms
        greatestSquareNorm = norms.prefix(clusterCount).max() ?? 0
    }

    /// Writes the scores of `rowCount` rows that lie back to back: `scores` is `[rowCount x paddedCount]`.
    func score(_ rows: UnsafePointer<Float>, rowCount: Int, into scores: UnsafeMutablePointer<Float>) {
        unsafe transposed.withUnsafeBufferPointer { columns in
            unsafe squareNorms.withUnsafeBufferPointer { norms in
                guard let norms = norms.baseAddress else { return }
                guard let columns = columns.baseAddress, dimension > Self.greatestDirectDimension else {
                    unsafe scoreDirectly(rows, rowCount, columns.baseAddress ?? norms, norms, scores)
                    return
                }
                for row in 0..<rowCount {
                    unsafe (scores + row * paddedCount).update(from: norms, count: paddedCount)
                }
                unsafe BLAS.multiply(
                    .init(rows, stride: dimension), .init(columns, stride: paddedCount), into: scores,
                    stride: paddedCount, rows: rowCount, columns: paddedCount, inner: dimension, scale: -2, keep: 1)
            }
        }
    }

    /// Calls `body(row, scores)` for the rows of a range, with their scores for all centres.
    func forEachScored(
        _ rows: DenseMatrixView, _ range: Range<Int>, _ body: (_ row: Int, _ scores: UnsafePointer<Float>) -> Void
    ) {
        var buffer = [Float](repeating: 0, count: RowBlocks.scoredRowCount * paddedCount)
        unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            guard let scores = buffer.baseAddress else { return }
            for start in stride(from: range.lowerBound, to: range.upperBound, by: RowBlocks.scoredRowCount) {
                let count = min(RowBlocks.scoredRowCount, range.upperBound - start)
                unsafe score(rows.row(start), rowCount: count, into: scores)
                for offset in 0..<count { unsafe body(start + offset, scores + offset * paddedCount) }
            }
        }
    }

    private func scoreDirectly(
        _ rows: UnsafePointer<Float>, _ rowCount: Int, _ columns: UnsafePointer<Float>, _ norms: UnsafePointer<Float>,
        _ scores: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rowCount {
            let values = unsafe rows + row * dimension
            let output = unsafe UnsafeMutableRawPointer(scores + row * paddedCount)
            for lane in stride(from: 0, to: paddedCount, by: Self.laneCount) {
                var sum = unsafe Self.load(norms + lane)
                for column in 0..<dimension {
                    sum -= unsafe (2 * values[column]) * Self.load(columns + column * paddedCount + lane)
                }
                unsafe output.storeBytes(of: sum, toByteOffset: lane * 4, as: SIMD8<Float>.self)
            }
        }
    }

    @inline(__always) private static func load(_ values: UnsafePointer<Float>) -> SIMD8<Float> {
        unsafe UnsafeRawPointer(values).loadUnaligned(as: SIMD8<Float>.self)
    }

    /// The least score, its centre (the lowest among equals), and the second least, which is greater than any real
    /// score where there is one centre.
    @inline(__always)
    func nearestTwo(_ scores: UnsafePointer<Float>) -> (centre: Int32, first: Float, second: Float) {
        var first = unsafe Self.load(scores)
        var second = SIMD8<Float>(repeating: .greatestFiniteMagnitude)
        var lanes = SIMD8<Int32>(repeating: 0)
        for lane in stride(from: Self.laneCount, to: paddedCount, by: Self.laneCount) {
            let candidate = unsafe Self.load(scores + lane)
            let isLess = candidate .< first
            second.replace(with: candidate, where: candidate .< second)
            second.replace(with: first, where: isLess)
            first.replace(with: candidate, where: isLess)
            lanes.replace(with: Int32(lane), where: isLess)
        }
        var best = Int32.max
        var least = Float.greatestFiniteMagnitude
        var next = Float.greatestFiniteMagnitude
        for lane in 0..<Self.laneCount {
            let (value, centre) = (first[lane], lanes[lane] + Int32(lane))
            if value < least || value == least && centre < best {
                next = min(least, second[lane], next)
                (least, best) = (value, centre)
            } else {
                next = min(next, value)
            }
        }
        return (best, least, min(next, second.min()))
    }
}
