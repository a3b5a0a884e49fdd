import LinearAlgebra

extension SparseMatrix {
    /// All rows of `dense` but those of zeros, in three times its memory.
    init(dense: DenseMatrix) {
        let width = dense.columnCount
        var (offsets, columns, values): ([Int], [Int32], [Float]) = ([0], [], [])
        for row in 0..<dense.rowCount {
            let entries = dense.values[row * width..<(row + 1) * width]
            if entries.contains(where: { $0 != 0 }) {
                columns += 0..<Int32(width)
                values += entries
            }
            offsets.append(columns.count)
        }
        self.init(
            rowCount: dense.rowCount, columnCount: width, rowOffsets: offsets, columnIndexes: columns, values: values)
    }
}

extension DenseMatrix {
    init(sparse: SparseMatrix) {
        self.init(zeros: sparse.rowCount, sparse.columnCount)
        for row in 0..<sparse.rowCount {
            for entry in sparse.range(ofRow: row) { self[row, Int(sparse.columnIndexes[entry])] = sparse.values[entry] }
        }
    }
}
