import LinearAlgebra

/// The columns of X `[users x items]` that hold a non-zero value, as a matrix of their own, without stored zeros. Its
/// values are scaled so that their mean square is 1.
struct WarmColumns {
    let matrix: SparseMatrix
    /// Ascending: column `c` of `matrix` is column `items[c]` of X.
    let items: [Int32]
    /// The columns of X.
    private let itemCount: Int

    init(scaling matrix: SparseMatrix, operation: String) throws(LinearAlgebraError) {
        var (isWarm, squares, count) = ([Bool](repeating: false, count: matrix.columnCount), 0.0, 0)
        for (column, value) in zip(matrix.columnIndexes, matrix.values) where value != 0 {
            isWarm[Int(column)] = true
            squares += Double(value) * Double(value)
            count += 1
        }
        guard squares.isFinite else {
            throw LinearAlgebraError(
                .notFinite, operation: operation, expected: "finite interaction weights",
                found: "NaN or infinity", remedy: "Check the event weights and the values of the interactions.")
        }
        items = (0..<Int32(matrix.columnCount)).filter { isWarm[Int($0)] }
        itemCount = matrix.columnCount
        var warmIndex = [Int32](repeating: 0, count: matrix.columnCount)
        for (index, item) in items.enumerated() { warmIndex[Int(item)] = Int32(index) }

        let scale = count > 0 ? (Double(count) / squares).squareRoot() : 1
        var (offsets, columns, values): ([Int], [Int32], [Float]) = ([0], [], [])
        columns.reserveCapacity(count)
        values.reserveCapacity(count)
        for row in 0..<matrix.rowCount {
            for position in matrix.range(ofRow: row) where matrix.values[position] != 0 {
                columns.append(warmIndex[Int(matrix.columnIndexes[position])])
                values.append(Float(Double(matrix.values[position]) * scale))
            }
            offsets.append(columns.count)
        }
        self.matrix = SparseMatrix(
            rowCount: matrix.rowCount, columnCount: items.count, rowOffsets: offsets, columnIndexes: columns,
            values: values)
    }

    /// A square matrix of the warm columns as part of one of all columns of X.
    func spread(_ weights: SparseMatrix) -> SparseMatrix {
        var offsets = [Int](repeating: 0, count: itemCount + 1)
        for (row, item) in items.enumerated() { offsets[Int(item) + 1] = weights.range(ofRow: row).count }
        for item in 0..<itemCount { offsets[item + 1] += offsets[item] }
        return SparseMatrix(
            rowCount: itemCount, columnCount: itemCount, rowOffsets: offsets,
            columnIndexes: weights.columnIndexes.map { items[Int($0)] }, values: weights.values)
    }
}

extension DenseMatrix {
    /// Of a square matrix; 0 for an empty one.
    var meanOfDiagonal: Double {
        guard rowCount > 0 else { return 0 }
        let trace = (0..<rowCount).reduce(0) { $0 + Double(self[$1, $1]) }
        return trace / Double(rowCount)
    }
}
