extension SparseMatrix {
    /// Lends the matrix as a view, valid during `body` only.
    package func withView<Result, Failure: Error>(
        _ body: (SparseMatrixView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe rowOffsets.withUnsafeBufferPointer { offsets throws(Failure) in
            try unsafe columnIndexes.withUnsafeBufferPointer { columns throws(Failure) in
                try unsafe values.withUnsafeBufferPointer { values throws(Failure) in
                    // `rowOffsets` is never empty; the other two may be, and are then never read.
                    guard let offsets = offsets.baseAddress else { preconditionFailure("no row offsets") }
                    let start = unsafe UnsafeRawPointer(offsets)
                    // An Int of 0 or more has the bytes of the same UInt64, and the two types may share memory.
                    let view = unsafe SparseMatrixView(
                        rowCount: rowCount, columnCount: columnCount,
                        rowOffsets: start.assumingMemoryBound(to: UInt64.self),
                        columnIndexes: columns.baseAddress ?? start.assumingMemoryBound(to: Int32.self),
                        values: values.baseAddress ?? start.assumingMemoryBound(to: Float.self))
                    return try unsafe body(view)
                }
            }
        }
    }
}

extension DenseMatrix {
    /// Lends the matrix as a view, valid during `body` only.
    package func withView<Result, Failure: Error>(
        _ body: (DenseMatrixView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe values.withUnsafeBufferPointer { buffer throws(Failure) in
            var nothing: Float = 0
            guard let start = buffer.baseAddress else {
                return try unsafe withUnsafePointer(to: &nothing) { pointer throws(Failure) in
                    try unsafe body(DenseMatrixView(rowCount: rowCount, columnCount: columnCount, values: pointer))
                }
            }
            return try unsafe body(DenseMatrixView(rowCount: rowCount, columnCount: columnCount, values: start))
        }
    }
}

extension DenseMatrixView {
    /// Whether every value of the row is 0: the mark of an item without a vector. Quick for rows that are not.
    package func isZeroRow(_ row: Int) -> Bool {
        let values = unsafe self.row(row)
        for column in unsafe 0..<columnCount where unsafe values[column] != 0 { return false }
        return true
    }
}
