extension SparseMatrix {
    /// Rows of the product that one thread takes at a time.
    private static let productBlockSize = 64

    /// This `[m x n]` times `dense` `[n x k]`: `[m x k]`. For the transposed product, transpose this once and keep it.
    package func multiplied(by dense: DenseMatrix, threadCount: Int) -> DenseMatrix {
        precondition(columnCount == dense.rowCount)
        let width = dense.columnCount
        var product = DenseMatrix(zeros: rowCount, width)
        unsafe product.values.withUnsafeMutableBufferPointer { output in
            unsafe withView { rows in
                unsafe dense.withView { dense in
                    guard let output = output.baseAddress else { return }
                    Parallel.forEachRange(of: rowCount, blockSize: Self.productBlockSize, threadCount: threadCount) {
                        range, _ in
                        for row in range {
                            let target = unsafe output + row * width
                            for entry in unsafe rows.range(ofRow: row) {
                                let factor = unsafe rows.values[entry]
                                let source = unsafe dense.row(Int(rows.columnIndexes[entry]))
                                for column in 0..<width { unsafe target[column] += factor * source[column] }
                            }
                        }
                    }
                }
            }
        }
        return product
    }

    /// The transpose of this `[m x n]` times `dense` `[m x k]`: `[n x k]`.
    package func transposeMultiplied(by dense: DenseMatrix, threadCount: Int) -> DenseMatrix {
        transposed().multiplied(by: dense, threadCount: threadCount)
    }
}
