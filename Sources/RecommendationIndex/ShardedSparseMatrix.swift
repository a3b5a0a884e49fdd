package import LinearAlgebra

/// A sparse matrix inside an open index, usually one block and more where it exceeds the block limit.
/// Columns are within range, ascending within a row if `verify` finds nothing.
///
/// The memory is the index's: whoever holds a row or a view keeps the `RecommendationIndex` alive for as long.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct ShardedSparseMatrix: @unchecked Sendable {
    package let rowCount: Int
    package let columnCount: Int
    package let storedCount: Int
    /// Ascending and gapless.
    package let shards: [Shard]
    private let firstRows: [Int]

    // SAFETY: as above.
    @safe package struct Shard: @unchecked Sendable {
        package let firstRow: Int
        /// Its row 0 is the matrix's row `firstRow`.
        package let view: SparseMatrixView
    }

    init(
        _ reader: SectionReader, offsets: SectionName, columns: SectionName, values: SectionName, rowCount: Int
    ) throws(IndexError) {
        let blocks = try reader.raggedBlocks(offsets, [columns, values], rowCount: rowCount)
        var shards: [Shard] = []
        for block in blocks {
            // A square matrix: its columns are items as its rows are.
            guard block.components[0].record.columnCount == rowCount else {
                throw reader.damaged(
                    columns, expected: "\(rowCount) columns", found: "\(block.components[0].record.columnCount)")
            }
            try reader.checkIndexes(block.components[0], limit: rowCount)
            guard let columns = unsafe block.components[0].elements(as: Int32.self).baseAddress,
                let values = unsafe block.components[1].elements(as: Float.self).baseAddress
            else { continue }
            unsafe shards.append(
                Shard(
                    firstRow: block.firstRow,
                    view: SparseMatrixView(
                        rowCount: block.rowCount, columnCount: rowCount, rowOffsets: block.offsets,
                        columnIndexes: columns, values: values)))
        }
        self.rowCount = rowCount
        self.columnCount = rowCount
        self.storedCount = blocks.reduce(0) { $0 + $1.elementCount }
        self.shards = shards
        self.firstRows = blocks.map(\.firstRow)
    }

    /// Row `row` in place; a row outside the matrix is a programmer's error.
    package func row(_ row: Int) -> (columns: UnsafeBufferPointer<Int32>, values: UnsafeBufferPointer<Float>) {
        precondition(row >= 0 && row < rowCount)
        let shard = shards[blockNumber(ofRow: row, in: firstRows)]
        let view = unsafe shard.view
        let range = unsafe view.range(ofRow: row - shard.firstRow)
        return unsafe (
            UnsafeBufferPointer(start: view.columnIndexes + range.lowerBound, count: range.count),
            UnsafeBufferPointer(start: view.values + range.lowerBound, count: range.count)
        )
    }
}
