package import LinearAlgebra
import SeededRandom

extension SparseMatrix {
    /// Drops stored zeros, and of every row with more than `limit` other values all but the strongest by magnitude.
    /// Among equals a hash of row and column decides: the lower index would always favour the same items.
    package func limitingRows(to limit: Int) -> SparseMatrix {
        precondition(limit >= 0)
        var offsets = [0]
        offsets.reserveCapacity(rowCount + 1)
        var (columns, kept): ([Int32], [Float]) = ([], [])
        columns.reserveCapacity(storedCount)
        kept.reserveCapacity(storedCount)
        for row in 0..<rowCount {
            var positions = range(ofRow: row).filter { values[$0] != 0 }
            if positions.count > limit { positions = strongest(limit, of: positions, row: row) }
            for position in positions {
                columns.append(columnIndexes[position])
                kept.append(values[position])
            }
            offsets.append(columns.count)
        }
        return SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: offsets, columnIndexes: columns, values: kept)
    }

    private func strongest(_ limit: Int, of positions: [Int], row: Int) -> [Int] {
        typealias Candidate = (position: Int, strength: Float, draw: UInt64)
        let rowBits = UInt64(row) << 32
        let ranked = positions.map { position -> Candidate in
            let columnBits = UInt64(UInt32(bitPattern: columnIndexes[position]))
            return (position, values[position].magnitude, SplitMix64.mix(rowBits | columnBits))
        }.sorted { (left: Candidate, right: Candidate) -> Bool in
            left.strength > right.strength || (left.strength == right.strength && left.draw < right.draw)
        }
        return ranked.prefix(limit).map(\.position).sorted()
    }
}
