internal import LinearAlgebra

/// The pass of `AssignmentPass` for few columns and few centres: every row against every centre, eight rows at a time.
///
///     columns [dimension x stride]   the rows, column by column; the stride leaves room to read past the last row
///
/// There a distance costs less than keeping and testing the bounds that would save it.
struct NarrowAssignment {
    private let columns: [Float]
    private let stride: Int
    private let dimension: Int

    /// Rows that are looked at together: one vector register of eight values, or two of four.
    private static let laneCount = 8
    /// Values of all centres together. Measured with 100,000 rows of 3 to 16 columns and 5 to 50 centres: below it this is
    /// quicker than bounds, from 150 on slower.
    private static let greatestCentreValueCount = 64

    static func pays(_ rows: DenseMatrix, clusterCount: Int) -> Bool {
        rows.columnCount * clusterCount <= greatestCentreValueCount
    }

    init(_ rows: DenseMatrix) {
        dimension = rows.columnCount
        stride = rows.rowCount + Self.laneCount
        var columns = [Float](repeating: 0, count: dimension * stride)
        for row in 0..<rows.rowCount {
            for column in 0..<dimension { columns[column * stride + row] = rows.values[row * dimension + column] }
        }
        self.columns = columns
    }

    /// Assigns the rows of `range`; see `AssignmentPass.assign`. Ties go to the lowest centre.
    func assign(
        _ centres: DenseMatrix, _ range: Range<Int>, _ labels: UnsafeMutablePointer<Int32>, sums: inout [Double],
        counts: inout [Int]
    ) -> Int {
        var changeCount = 0
        unsafe columns.withUnsafeBufferPointer { columns in
            unsafe centres.values.withUnsafeBufferPointer { values in
                guard let columns = columns.baseAddress, let values = values.baseAddress else { return }
                for start in Swift.stride(from: range.lowerBound, to: range.upperBound, by: Self.laneCount) {
                    let nearest = unsafe nearest(columns + start, values, centres.rowCount)
                    for lane in 0..<min(Self.laneCount, range.upperBound - start) {
                        let row = start + lane
                        let (old, new) = unsafe (Int(labels[row]), Int(nearest[lane]))
                        if old == new { continue }
                        changeCount += 1
                        unsafe labels[row] = Int32(new)
                        counts[new] += 1
                        if old >= 0 { counts[old] -= 1 }
                        for column in 0..<dimension {
                            let value = unsafe Double(columns[column * stride + row])
                            sums[new * dimension + column] += value
                            if old >= 0 { sums[old * dimension + column] -= value }
                        }
                    }
                }
            }
        }
        return changeCount
    }

    /// The nearest centre of each of eight rows, whose first column starts at `rows`.
    @inline(__always)
    private func nearest(_ rows: UnsafePointer<Float>, _ centres: UnsafePointer<Float>, _ count: Int) -> SIMD8<Int32> {
        var least = SIMD8<Float>(repeating: .greatestFiniteMagnitude)
        var nearest = SIMD8<Int32>(repeating: 0)
        for centre in 0..<count {
            var distance = SIMD8<Float>(repeating: 0)
            for column in 0..<dimension {
                let values = unsafe UnsafeRawPointer(rows + column * stride).loadUnaligned(as: SIMD8<Float>.self)
                let difference = unsafe values - centres[centre * dimension + column]
                distance += difference * difference
            }
            let isNearer = distance .< least
            least.replace(with: distance, where: isNearer)
            nearest.replace(with: Int32(truncatingIfNeeded: centre), where: isNearer)
        }
        return nearest
    }
}
