import LinearAlgebra

extension SparseMatrix {
    /// The `perRow` entries of each row that are greatest by magnitude, ties by ascending column, without those below
    /// `leastShare` of the row's greatest. O(stored) and a sort of the rows that are longer.
    func strongestLinks(perRow limit: Int, leastShare: Float) -> SparseMatrix {
        var offsets = [0]
        var columns: [Int32] = []
        var kept: [Float] = []
        offsets.reserveCapacity(rowCount + 1)
        for row in 0..<rowCount {
            let range = range(ofRow: row)
            let greatest = range.reduce(Float(0)) { max($0, values[$1].magnitude) }
            var places = range.filter { values[$0].magnitude >= leastShare * greatest && values[$0] != 0 }
            if places.count > limit {
                places.sort { (values[$1].magnitude, columnIndexes[$0]) < (values[$0].magnitude, columnIndexes[$1]) }
                places.removeLast(places.count - limit)
                places.sort()
            }
            for place in places {
                columns.append(columnIndexes[place])
                kept.append(values[place])
            }
            offsets.append(columns.count)
        }
        return SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: offsets, columnIndexes: columns, values: kept)
    }
}
