package import LinearAlgebra

/// A dense row-major matrix inside an open index; the same contract as `ShardedSparseMatrix`.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct ShardedDenseMatrix: @unchecked Sendable {
    package let rowCount: Int
    package let columnCount: Int
    /// Ascending and gapless.
    package let shards: [Shard]
    private let firstRows: [Int]

    // SAFETY: as above.
    @safe package struct Shard: @unchecked Sendable {
        package let firstRow: Int
        /// Its row 0 is the matrix's row `firstRow`; its first value is aligned to 64 bytes.
        package let view: DenseMatrixView
    }

    init(_ reader: SectionReader, _ name: SectionName, rowCount: Int) throws(IndexError) {
        let blocks = try reader.blocks(of: name, rowCount: rowCount)
        self.rowCount = rowCount
        columnCount = blocks[0].record.columnCount
        firstRows = blocks.map(\.record.firstRow)
        var shards: [Shard] = []
        for block in blocks {
            guard let values = unsafe block.elements(as: Float.self).baseAddress else { continue }
            unsafe shards.append(
                Shard(
                    firstRow: block.record.firstRow,
                    view: DenseMatrixView(
                        rowCount: block.record.rowCount, columnCount: block.record.columnCount, values: values)))
        }
        self.shards = shards
    }

    /// Row `row` in place; a row outside the matrix is a programmer's error.
    package func row(_ row: Int) -> UnsafeBufferPointer<Float> {
        precondition(row >= 0 && row < rowCount)
        let shard = shards[blockNumber(ofRow: row, in: firstRows)]
        return unsafe UnsafeBufferPointer(start: shard.view.row(row - shard.firstRow), count: columnCount)
    }
}
