/// A sparse `[rowCount x columnCount]` matrix in compressed rows: row `r` holds the columns
/// `columnIndexes[rowOffsets[r] ..< rowOffsets[r + 1]]`, strictly ascending, and their values.
///
///     rowOffsets     0     2        5  5        rowCount + 1 offsets
///     columnIndexes  1  7  0  1  3              one per stored value
///     values         .5 1  2  .1 9
package struct SparseMatrix: Sendable, Equatable {
    package let rowCount: Int
    package let columnCount: Int
    package let rowOffsets: [Int]
    package let columnIndexes: [Int32]
    package let values: [Float]

    /// Takes the three arrays over. It is a programmer's error if their lengths do not fit together.
    package init(rowCount: Int, columnCount: Int, rowOffsets: [Int], columnIndexes: [Int32], values: [Float]) {
        precondition(rowOffsets.count == rowCount + 1 && rowOffsets[0] == 0)
        precondition(rowOffsets[rowCount] == columnIndexes.count && columnIndexes.count == values.count)
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.rowOffsets = rowOffsets
        self.columnIndexes = columnIndexes
        self.values = values
    }

    /// The number of stored values.
    package var storedCount: Int { values.count }

    /// Where row `row` lies in `columnIndexes` and `values`.
    package func range(ofRow row: Int) -> Range<Int> { rowOffsets[row]..<rowOffsets[row + 1] }
}
