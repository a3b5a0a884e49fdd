/// A dense row-major `[rowCount x columnCount]` matrix of `Float`.
package struct DenseMatrix: Sendable, Equatable {
    package let rowCount: Int
    package let columnCount: Int
    package var values: [Float]

    package init(rowCount: Int, columnCount: Int, values: [Float]) {
        precondition(values.count == rowCount * columnCount)
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.values = values
    }

    package init(zeros rowCount: Int, _ columnCount: Int) {
        self.init(
            rowCount: rowCount, columnCount: columnCount, values: Array(repeating: 0, count: rowCount * columnCount))
    }

    package subscript(row: Int, column: Int) -> Float {
        get { values[row * columnCount + column] }
        set { values[row * columnCount + column] = newValue }
    }
}
