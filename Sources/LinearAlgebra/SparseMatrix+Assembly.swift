extension SparseMatrix {
    /// Rows that one thread takes at a time while a matrix is assembled.
    private static let assemblyBlockSize = 32

    /// Where one row of a matrix under assembly is written: at most `capacity` values, columns strictly ascending.
    @unsafe package struct RowOutput {
        package let columns: UnsafeMutablePointer<Int32>
        package let values: UnsafeMutablePointer<Float>
        package let capacity: Int
    }

    /// A matrix whose rows are computed independently, several at a time.
    ///
    /// `writeRow(row, output, worker)` writes one row and returns how many values it wrote. Address space for
    /// `rowCount * rowCapacity` values is reserved, and becomes memory where rows are written. The rows are then moved
    /// together in place; where they fill less than half, the rest is given back.
    package static func assembling(
        rowCount: Int, columnCount: Int, rowCapacity: Int, threadCount: Int,
        writeRow: (_ row: Int, _ output: RowOutput, _ worker: Int) -> Int
    ) -> SparseMatrix {
        let capacity = min(rowCapacity, columnCount)
        var offsets = [Int](repeating: 0, count: rowCount + 1)
        var values: [Float] = []
        var columns = unsafe [Int32](unsafeUninitializedCapacity: rowCount * capacity) { columns, columnsWritten in
            unsafe values = [Float](unsafeUninitializedCapacity: rowCount * capacity) { values, valuesWritten in
                guard let columns = columns.baseAddress, let values = values.baseAddress else { return }
                unsafe offsets.withUnsafeMutableBufferPointer { lengths in
                    Parallel.forEachRange(of: rowCount, blockSize: assemblyBlockSize, threadCount: threadCount) {
                        rows, worker in
                        for row in rows {
                            let output = unsafe RowOutput(
                                columns: columns + row * capacity, values: values + row * capacity, capacity: capacity)
                            unsafe lengths[row + 1] = writeRow(row, output, worker)
                        }
                    }
                    for row in 0..<rowCount {
                        let (source, target, length) = unsafe (row * capacity, lengths[row], lengths[row + 1])
                        precondition(length <= capacity)
                        unsafe (columns + target).update(from: columns + source, count: length)
                        unsafe (values + target).update(from: values + source, count: length)
                        unsafe lengths[row + 1] = target + length
                    }
                }
                valuesWritten = offsets[rowCount]
            }
            columnsWritten = offsets[rowCount]
        }
        if 2 * columns.count < rowCount * capacity {
            // Built from a buffer, not from the array: that would share the large memory.
            columns = unsafe columns.withUnsafeBufferPointer { unsafe Array($0) }
            values = unsafe values.withUnsafeBufferPointer { unsafe Array($0) }
        }
        return SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: offsets, columnIndexes: columns, values: values)
    }
}

extension SparseMatrix {
    /// The rows of all parts, one part below the other.
    package init(stacking parts: [SparseMatrix], columnCount: Int) {
        var offsets = [0]
        let storedCount = parts.reduce(0) { $0 + $1.storedCount }
        var (columns, values): ([Int32], [Float]) = ([], [])
        columns.reserveCapacity(storedCount)
        values.reserveCapacity(storedCount)
        for part in parts {
            precondition(part.columnCount == columnCount)
            let start = columns.count
            offsets += part.rowOffsets.dropFirst().map { $0 + start }
            columns += part.columnIndexes
            values += part.values
        }
        self.init(
            rowCount: offsets.count - 1, columnCount: columnCount, rowOffsets: offsets, columnIndexes: columns,
            values: values)
    }
}
