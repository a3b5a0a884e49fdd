import LinearAlgebra
import SeededRandom

/// A random sparse matrix whose values are multiples of 1/8, so that sums of products are exact in Float.
func randomSparse(_ rowCount: Int, _ columnCount: Int, density: Double, seed: UInt64) -> SparseMatrix {
    var generator = SplitMix64(seed: seed)
    var (offsets, columns, values): ([Int], [Int32], [Float]) = ([0], [], [])
    for _ in 0..<rowCount {
        for column in 0..<columnCount where generator.nextUniform() < density {
            columns.append(Int32(column))
            values.append(Float(generator.nextIndex(below: 33) - 16) / 8)
        }
        offsets.append(columns.count)
    }
    return SparseMatrix(
        rowCount: rowCount, columnCount: columnCount, rowOffsets: offsets, columnIndexes: columns, values: values)
}

func randomDense(_ rowCount: Int, _ columnCount: Int, seed: UInt64) -> DenseMatrix {
    var generator = SplitMix64(seed: seed)
    var matrix = DenseMatrix(zeros: rowCount, columnCount)
    for index in matrix.values.indices { matrix.values[index] = Float(generator.nextIndex(below: 33) - 16) / 8 }
    return matrix
}

func dense(_ matrix: SparseMatrix) -> DenseMatrix {
    var result = DenseMatrix(zeros: matrix.rowCount, matrix.columnCount)
    for row in 0..<matrix.rowCount {
        for entry in matrix.range(ofRow: row) { result[row, Int(matrix.columnIndexes[entry])] = matrix.values[entry] }
    }
    return result
}

/// A B by the definition, in Double.
func product(_ a: DenseMatrix, _ b: DenseMatrix) -> DenseMatrix {
    var result = DenseMatrix(zeros: a.rowCount, b.columnCount)
    for row in 0..<a.rowCount {
        for column in 0..<b.columnCount {
            var sum = 0.0
            for inner in 0..<a.columnCount { sum += Double(a[row, inner]) * Double(b[inner, column]) }
            result[row, column] = Float(sum)
        }
    }
    return result
}

func transpose(_ a: DenseMatrix) -> DenseMatrix {
    var result = DenseMatrix(zeros: a.columnCount, a.rowCount)
    for row in 0..<a.rowCount { for column in 0..<a.columnCount { result[column, row] = a[row, column] } }
    return result
}

func largestDifference(_ a: DenseMatrix, _ b: DenseMatrix) -> Float {
    guard a.rowCount == b.rowCount, a.columnCount == b.columnCount else { return .infinity }
    return zip(a.values, b.values).map { ($0 - $1).magnitude }.max() ?? 0
}
