package import LinearAlgebra

/// Rows assigned to their nearest centres.
///
/// Scores are Float. Where the two least are nearer to each other than their rounding, the row is decided in Double, so
/// that a row's label never depends on which rows it is scored with.
package struct NearestCentres: Sendable, Equatable {
    package let labels: [Int32]
    /// Per row, in Double.
    package let squaredDistances: [Double]
    package let inertia: Double

    /// Rows and centres have equally many columns; there is at least one centre. Ties go to the lowest centre.
    package init(of rows: DenseMatrix, to centres: DenseMatrix, threadCount: Int) {
        precondition(rows.columnCount == centres.columnCount && centres.rowCount > 0)
        let table = CentreTable(centres)
        let dimension = rows.columnCount
        var labels = [Int32](repeating: 0, count: rows.rowCount)
        var distances = [Double](repeating: 0, count: rows.rowCount)
        inertia = unsafe labels.withUnsafeMutableBufferPointer { labels in
            unsafe distances.withUnsafeMutableBufferPointer { distances in
                unsafe rows.withView { rows in
                    unsafe centres.withView { centres in
                        unsafe RowBlocks.sum(rowCount: rows.rowCount, threadCount: threadCount) { range, _ in
                            var sum = 0.0
                            unsafe Self.forEachNearest(rows, range, table) { row, centre, gap, scale in
                                let values = unsafe rows.row(row)
                                var nearest = centre
                                if gap <= Self.relativeRounding * scale {
                                    nearest = unsafe Self.exactNearest(values, centres)
                                }
                                let distance = unsafe exactSquaredDistance(
                                    values, centres.row(Int(nearest)), dimension)
                                unsafe labels[row] = nearest
                                unsafe distances[row] = distance
                                sum += distance
                            }
                            return sum
                        }
                    }
                }
            }
        }
        self.labels = labels
        squaredDistances = distances
    }

    /// Of |x|^2 + |c|^2: sixteen units in a Float's last place. The products' errors add up like the square root of their
    /// number, so this holds for some two hundred columns and is near enough beyond.
    static let relativeRounding: Float = 16 * 0x1p-23

    /// Calls `body(row, centre, gap, scale)`: `gap` lies between the two least scores, `scale` is |x|^2 and the greatest
    /// |c|^2.
    private static func forEachNearest(
        _ rows: DenseMatrixView, _ range: Range<Int>, _ table: CentreTable,
        _ body: (_ row: Int, _ centre: Int32, _ gap: Float, _ scale: Float) -> Void
    ) {
        let (first, width) = unsafe (rows.values, rows.columnCount)
        unsafe table.forEachScored(rows, range) { row, scores in
            let nearest = unsafe table.nearestTwo(scores)
            let norm = unsafe squareNorm(first + row * width, width)
            body(row, nearest.centre, nearest.second - nearest.first, norm + table.greatestSquareNorm)
        }
    }

    private static func exactNearest(_ row: UnsafePointer<Float>, _ centres: DenseMatrixView) -> Int32 {
        var best = (centre: 0, distance: Double.infinity)
        for centre in unsafe 0..<centres.rowCount {
            let distance = unsafe exactSquaredDistance(row, centres.row(centre), centres.columnCount)
            if distance < best.distance { best = (centre, distance) }
        }
        return Int32(best.centre)
    }
}
