/// A sparse matrix whose memory belongs to someone else: an array in this process or a mapped file.
/// Valid only as long as that owner is; the owner lends it to a closure or outlives it by contract.
@unsafe package struct SparseMatrixView {
    package let rowCount: Int
    package let columnCount: Int
    /// `rowCount + 1` offsets into the two arrays below.
    package let rowOffsets: UnsafePointer<UInt64>
    package let columnIndexes: UnsafePointer<Int32>
    package let values: UnsafePointer<Float>

    package init(
        rowCount: Int, columnCount: Int, rowOffsets: UnsafePointer<UInt64>, columnIndexes: UnsafePointer<Int32>,
        values: UnsafePointer<Float>
    ) {
        unsafe self.rowCount = rowCount
        unsafe self.columnCount = columnCount
        unsafe self.rowOffsets = rowOffsets
        unsafe self.columnIndexes = columnIndexes
        unsafe self.values = values
    }

    package func range(ofRow row: Int) -> Range<Int> {
        unsafe Int(rowOffsets[row])..<Int(rowOffsets[row + 1])
    }
}

/// A dense row-major matrix whose memory belongs to someone else; the same contract as `SparseMatrixView`.
@unsafe package struct DenseMatrixView {
    package let rowCount: Int
    package let columnCount: Int
    package let values: UnsafePointer<Float>

    package init(rowCount: Int, columnCount: Int, values: UnsafePointer<Float>) {
        unsafe self.rowCount = rowCount
        unsafe self.columnCount = columnCount
        unsafe self.values = values
    }

    /// The first of the `columnCount` values of row `row`.
    package func row(_ row: Int) -> UnsafePointer<Float> { unsafe values + row * columnCount }
}
