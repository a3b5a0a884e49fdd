extension DenseMatrix {
    /// Keeps the `k` values of greatest magnitude of every row (ties: the lower column); zeros and NaN are dropped.
    package func keepingLargest(perRow k: Int, threadCount: Int) -> SparseMatrix {
        let width = columnCount
        var workers = (0..<max(threadCount, 1)).map { _ in TruncationWorker(capacity: min(k, width), width: width) }
        return unsafe workers.withUnsafeMutableBufferPointer { workers in
            unsafe withView { view in
                unsafe SparseMatrix.assembling(
                    rowCount: rowCount, columnCount: width, rowCapacity: k, threadCount: threadCount
                ) { row, output, worker in
                    unsafe workers[worker].truncate(view.row(row), into: output)
                }
            }
        }
    }

    /// Keeps the `k` values of greatest magnitude of every column (ties: the lower row); zeros and NaN are dropped.
    /// The matrix must be square: it is transposed in place for the while, so that no second one is needed.
    package mutating func keepingLargest(perColumn k: Int, threadCount: Int) -> SparseMatrix {
        transposeInPlace(threadCount: threadCount)
        let truncated = keepingLargest(perRow: k, threadCount: threadCount).transposed()
        transposeInPlace(threadCount: threadCount)
        return truncated
    }

    /// Transposes a square matrix.
    package mutating func transposeInPlace(threadCount: Int) {
        precondition(rowCount == columnCount)
        let (n, tile) = (rowCount, 64)
        unsafe values.withUnsafeMutableBufferPointer { buffer in
            guard let a = buffer.baseAddress else { return }
            // A block swaps its tiles right of the diagonal with those below it: no two blocks share a tile.
            Parallel.forEachRange(of: n, blockSize: tile, threadCount: threadCount) { rows, _ in
                for firstColumn in stride(from: rows.lowerBound, to: n, by: tile) {
                    for row in rows {
                        for column in max(firstColumn, row + 1)..<max(min(firstColumn + tile, n), row + 1) {
                            let kept = unsafe a[row * n + column]
                            unsafe a[row * n + column] = unsafe a[column * n + row]
                            unsafe a[column * n + row] = kept
                        }
                    }
                }
            }
        }
    }
}

/// One thread's workspace for truncating rows.
private struct TruncationWorker {
    private var selector: TopKSelector
    private var magnitudes: [Float]

    init(capacity: Int, width: Int) {
        selector = TopKSelector(capacity: capacity)
        magnitudes = Array(repeating: 0, count: width)
    }

    mutating func truncate(_ row: UnsafePointer<Float>, into output: SparseMatrix.RowOutput) -> Int {
        for column in magnitudes.indices { magnitudes[column] = unsafe row[column].magnitude }
        unsafe selector.reset(k: output.capacity, floor: 0)
        unsafe magnitudes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe selector.offer(start, count: buffer.count)
        }
        let kept = unsafe selector.drain(into: output)
        for position in 0..<kept { unsafe output.values[position] = row[Int(output.columns[position])] }
        return kept
    }
}
