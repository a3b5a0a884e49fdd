/// Rows of features, row-major: `[rowCount x columnCount]`, NaN where a row has no value.
package struct FeatureMatrix: Sendable, Equatable {
    package let rowCount: Int
    package let columnCount: Int
    package internal(set) var values: [Float]

    package init(rowCount: Int, columnCount: Int, values: [Float]) {
        precondition(values.count == rowCount * columnCount)
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.values = values
    }

    package subscript(row: Int, column: Int) -> Float { values[row * columnCount + column] }

    package func row(_ row: Int) -> ArraySlice<Float> { values[row * columnCount..<(row + 1) * columnCount] }

    /// The rows named, in their order.
    package func rows(_ rows: [Int]) -> FeatureMatrix {
        var chosen: [Float] = []
        chosen.reserveCapacity(rows.count * columnCount)
        for row in rows { chosen += self.row(row) }
        return FeatureMatrix(rowCount: rows.count, columnCount: columnCount, values: chosen)
    }
}
