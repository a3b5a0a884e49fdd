extension SparseMatrix {
    /// Some rows and some columns, both ascending, in their order.
    package func selecting(rows: [Int], columns: [Int]) -> SparseMatrix {
        var places = [Int32](repeating: -1, count: columnCount)
        for (place, column) in columns.enumerated() { places[column] = Int32(place) }
        var (offsets, indexes, kept): ([Int], [Int32], [Float]) = ([0], [], [])
        offsets.reserveCapacity(rows.count + 1)
        for row in rows {
            for position in range(ofRow: row) {
                let place = places[Int(columnIndexes[position])]
                guard place >= 0 else { continue }
                indexes.append(place)
                kept.append(values[position])
            }
            offsets.append(indexes.count)
        }
        return SparseMatrix(
            rowCount: rows.count, columnCount: columns.count, rowOffsets: offsets, columnIndexes: indexes, values: kept)
    }
}
