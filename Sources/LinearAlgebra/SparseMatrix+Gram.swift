// The Gram matrix G = X'X of a sparse X [m x n], dense [n x n].
//
// G's row i is the sum over the rows u of X that hold column i of x_ui times row u. Only the part right of the diagonal
// is summed (positions after i in row u), in Double in a buffer of n values that stays in the cache, and then stored
// and mirrored. Work: half the sum of the squared row lengths. A block of rows of G belongs to one thread, and each sum
// runs over u ascending, so the result does not depend on the thread count.

extension SparseMatrix {
    /// Rows of the result that one thread takes at a time: small, because rows of popular columns cost far more.
    private static let gramBlockSize = 16

    /// Overwrites `result`, which must be `[columnCount x columnCount]`, with X'X.
    package func writeGram(into result: inout DenseMatrix, threadCount: Int) {
        let n = columnCount
        precondition(result.rowCount == n && result.columnCount == n)
        let (columns, sources) = transposedWithSources(keepingSources: true)
        var sums = [Double](repeating: 0, count: max(threadCount, 1) * n)
        unsafe result.values.withUnsafeMutableBufferPointer { output in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
                unsafe withView { rows in
                    guard let output = output.baseAddress, let sums = sums.baseAddress else { return }
                    Parallel.forEachRange(of: n, blockSize: Self.gramBlockSize, threadCount: threadCount) {
                        range, worker in
                        for item in range {
                            unsafe rows.sumGramRow(
                                item, columns: columns, sources: sources, sums: sums + worker * n,
                                into: output + item * n)
                        }
                    }
                }
            }
        }
        result.mirrorUpperTriangle(threadCount: threadCount)
    }
}

extension SparseMatrixView {
    /// Columns `item...` of row `item` of the Gram matrix. `sums` is a workspace of zeros and is left so.
    fileprivate func sumGramRow(
        _ item: Int, columns: SparseMatrix, sources: [Int], sums: UnsafeMutablePointer<Double>,
        into output: UnsafeMutablePointer<Float>
    ) {
        for entry in columns.range(ofRow: item) {
            let end = unsafe range(ofRow: Int(columns.columnIndexes[entry])).upperBound
            let weight = Double(columns.values[entry])
            var position = sources[entry]
            while position < end {
                let column = unsafe Int(columnIndexes[position])
                unsafe sums[column] += weight * Double(values[position])
                position += 1
            }
        }
        for column in unsafe item..<columnCount {
            unsafe output[column] = Float(sums[column])
            unsafe sums[column] = 0
        }
    }
}

extension DenseMatrix {
    /// Side of the square tiles in which a triangle is copied: two tiles of 64 x 64 floats fit the first-level cache.
    private static let mirrorTile = 64

    /// Copies the upper triangle onto the lower one of a square matrix.
    package mutating func mirrorUpperTriangle(threadCount: Int) {
        precondition(rowCount == columnCount)
        let n = rowCount
        let tile = Self.mirrorTile
        unsafe values.withUnsafeMutableBufferPointer { buffer in
            guard let a = buffer.baseAddress else { return }
            Parallel.forEachRange(of: n, blockSize: tile, threadCount: threadCount) { rows, _ in
                for firstColumn in stride(from: 0, through: rows.lowerBound, by: tile) {
                    for row in rows {
                        for column in firstColumn..<min(firstColumn + tile, row) {
                            unsafe a[row * n + column] = a[column * n + row]
                        }
                    }
                }
            }
        }
    }
}
