extension SparseMatrix {
    /// The at most `count` greatest values of each row (ties: the lower column); all must be above 0.
    package func keepingStrongest(_ count: Int, threadCount: Int) -> SparseMatrix {
        let workers = (0..<max(threadCount, 1)).map { _ in StrongestCandidates(capacity: columnCount, limit: count) }
        return unsafe withView { rows in
            unsafe SparseMatrix.assembling(
                rowCount: rowCount, columnCount: columnCount, rowCapacity: count, threadCount: threadCount
            ) { row, output, worker in
                let range = unsafe rows.range(ofRow: row)
                unsafe workers[worker].indexes.update(
                    from: rows.columnIndexes + range.lowerBound, count: range.count)
                unsafe workers[worker].scores.update(from: rows.values + range.lowerBound, count: range.count)
                return unsafe workers[worker].drain(count: range.count, into: output)
            }
        }
    }
}
