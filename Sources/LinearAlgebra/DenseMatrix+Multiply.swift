extension DenseMatrix {
    /// Rows of a product that one thread takes at a time: enough for sgemm to reach its speed (it packs panels of a few
    /// hundred rows), few enough to share the work.
    private static let productBlockSize = 512

    /// This `[m x n]` times `other` `[n x k]`, or times the transpose of an `other` `[k x n]`: `[m x k]`.
    package func multiplied(
        by other: DenseMatrix, transposingOther: Bool = false, threadCount: Int
    ) -> DenseMatrix {
        let inner = columnCount
        let width = transposingOther ? other.rowCount : other.columnCount
        precondition(inner == (transposingOther ? other.columnCount : other.rowCount))
        var product = DenseMatrix(zeros: rowCount, width)
        guard inner > 0 else { return product }
        unsafe product.values.withUnsafeMutableBufferPointer { output in
            unsafe withView { left in
                unsafe other.withView { right in
                    guard let output = output.baseAddress else { return }
                    Parallel.forEachRange(of: rowCount, blockSize: Self.productBlockSize, threadCount: threadCount) {
                        range, _ in
                        unsafe BLAS.multiply(
                            .init(left.row(range.lowerBound), stride: inner),
                            .init(right.values, stride: right.columnCount, transposed: transposingOther),
                            into: output + range.lowerBound * width, stride: width,
                            rows: range.count, columns: width, inner: inner)
                    }
                }
            }
        }
        return product
    }

    /// This `[m x n]` transposed times `other` `[m x k]`: `[n x k]`. For tall matrices: runs of rows are multiplied
    /// apart and summed in Double in their order.
    package func transposeMultiplied(by other: DenseMatrix, threadCount: Int) -> DenseMatrix {
        precondition(rowCount == other.rowCount)
        let (height, width) = (columnCount, other.columnCount)
        let sums = unsafe withView { left in
            unsafe other.withView { right in
                unsafe Self.summingRuns(of: rowCount, size: height * width, threadCount: threadCount) {
                    range, output in
                    unsafe BLAS.multiply(
                        .init(left.row(range.lowerBound), stride: height, transposed: true),
                        .init(right.row(range.lowerBound), stride: width),
                        into: output, stride: width, rows: height, columns: width, inner: range.count)
                }
            }
        }
        return DenseMatrix(rowCount: height, columnCount: width, values: sums.map { Float($0) })
    }

    /// The upper triangle of this `[m x n]` transposed times itself, `[n x n]` in Double; below it, zeros.
    func upperGram(threadCount: Int) -> [Double] {
        let n = columnCount
        return unsafe withView { view in
            unsafe Self.summingRuns(of: rowCount, size: n * n, threadCount: threadCount) { range, output in
                unsafe BLAS.gramUpper(view.row(range.lowerBound), rows: range.count, columns: n, into: output)
            }
        }
    }

    /// Rows summed in Float before the sum goes on in Double.
    private static let runLength = 4096

    private static func summingRuns(
        of rowCount: Int, size: Int, threadCount: Int,
        _ writeRun: (_ rows: Range<Int>, _ output: UnsafeMutablePointer<Float>) -> Void
    ) -> [Double] {
        var sums = [Double](repeating: 0, count: size)
        let runCount = (rowCount + runLength - 1) / runLength
        var parts = [Float](repeating: 0, count: runCount * size)
        unsafe parts.withUnsafeMutableBufferPointer { parts in
            guard let start = parts.baseAddress, size > 0 else { return }
            Parallel.forEachRange(of: rowCount, blockSize: runLength, threadCount: threadCount) { range, _ in
                unsafe writeRun(range, start + range.lowerBound / runLength * size)
            }
            for run in 0..<runCount {
                for index in 0..<size { unsafe sums[index] += Double(start[run * size + index]) }
            }
        }
        return sums
    }

    /// Scales every row to unit length. A row of zeros stays so; a row with a value that is not finite becomes zeros.
    package mutating func normaliseRows() {
        for row in 0..<rowCount {
            let range = row * columnCount..<(row + 1) * columnCount
            var square = 0.0
            for index in range { square += Double(values[index]) * Double(values[index]) }
            guard square > 0 else { continue }
            let factor = square.isFinite ? 1 / square.squareRoot() : 0
            for index in range { values[index] = factor == 0 ? 0 : Float(Double(values[index]) * factor) }
        }
    }

    /// The first `count` columns.
    package func firstColumns(_ count: Int) -> DenseMatrix {
        precondition(count <= columnCount)
        guard count < columnCount else { return self }
        var kept: [Float] = []
        kept.reserveCapacity(rowCount * count)
        for row in 0..<rowCount { kept += values[row * columnCount..<row * columnCount + count] }
        return DenseMatrix(rowCount: rowCount, columnCount: count, values: kept)
    }
}
