extension SparseMatrix {
    /// The `[columnCount x rowCount]` transpose, by counting: time linear in rows, columns and stored values.
    package func transposed() -> SparseMatrix { transposedWithSources(keepingSources: false).matrix }

    /// The transpose, and for each of its stored values its position in this matrix's arrays
    /// (empty if `keepingSources` is false).
    package func transposedWithSources(keepingSources: Bool) -> (matrix: SparseMatrix, sources: [Int]) {
        var offsets = [Int](repeating: 0, count: columnCount + 1)
        for column in columnIndexes { offsets[Int(column) + 1] += 1 }
        for column in 0..<columnCount { offsets[column + 1] += offsets[column] }

        var next = offsets
        var rows = [Int32](repeating: 0, count: storedCount)
        var transposedValues = [Float](repeating: 0, count: storedCount)
        var sources = [Int](repeating: 0, count: keepingSources ? storedCount : 0)
        for row in 0..<rowCount {
            for position in range(ofRow: row) {
                let column = Int(columnIndexes[position])
                let target = next[column]
                next[column] = target + 1
                rows[target] = Int32(truncatingIfNeeded: row)
                transposedValues[target] = values[position]
                if keepingSources { sources[target] = position }
            }
        }
        let matrix = SparseMatrix(
            rowCount: columnCount, columnCount: rowCount, rowOffsets: offsets, columnIndexes: rows,
            values: transposedValues)
        return (matrix, sources)
    }
}
