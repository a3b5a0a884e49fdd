/// A factor model inside an open index: `FactorModelContents`, mapped. The contract of memory is `StringTable`'s.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct FactorModelTable: @unchecked Sendable {
    static let constantCount = 4

    /// Of the factors, d.
    package let dimension: Int
    package let itemCount: Int
    /// Parts of the items' factors, ascending and gapless.
    package let blocks: [Block]
    /// `[d x d]`, symmetric: what nobody's history changes in the system of a user.
    package let gram: ShardedDenseMatrix
    /// What turns the magnitude of an interaction's weight into its confidence.
    package let confidenceScale: Float
    /// The part of a user's total confidence that nobody's history changes.
    package let unobservedTotal: Float
    package let regularization: Float
    package let regularizationExponent: Float
    private let firstRows: [Int]

    // SAFETY: as above.
    @safe package struct Block: @unchecked Sendable {
        package let firstRow: Int
        /// `[rows x d]`; the row of an item without interactions is zero.
        package let values: UnsafeBufferPointer<Int8>
        /// What 1 is worth in each row; finite.
        package let scales: UnsafeBufferPointer<Float>
    }

    init(_ reader: SectionReader, itemCount: Int) throws(IndexError) {
        let rows = try reader.blocks(of: .factorItems, rowCount: itemCount)
        let dimension = rows[0].record.columnCount
        let scales = unsafe try reader.numbers(of: .factorScales, as: Float.self, count: itemCount)
        for item in scales.indices where unsafe !scales[item].isFinite {
            throw reader.damaged(.factorScales, expected: "finite scales", found: "another of item \(item)")
        }
        blocks = rows.map { block in
            unsafe Block(
                firstRow: block.record.firstRow, values: block.elements(as: Int8.self),
                scales: UnsafeBufferPointer(rebasing: scales[block.rowRange]))
        }
        firstRows = rows.map(\.record.firstRow)
        self.dimension = dimension
        self.itemCount = itemCount
        gram = try ShardedDenseMatrix(reader, .factorGram, rowCount: dimension)
        guard gram.columnCount == dimension else {
            throw reader.damaged(.factorGram, expected: "\(dimension) columns", found: "\(gram.columnCount)")
        }
        let constants = unsafe try reader.numbers(of: .factorConstants, as: Float.self, count: Self.constantCount)
        confidenceScale = unsafe constants[0]
        unobservedTotal = unsafe constants[1]
        regularization = unsafe constants[2]
        regularizationExponent = unsafe constants[3]
    }

    /// Writes the factors of an item into `target`, which has room for `dimension` numbers.
    package func read(_ item: Int, into target: inout [Float]) {
        precondition(item >= 0 && item < itemCount && target.count == dimension)
        let block = blocks[blockNumber(ofRow: item, in: firstRows)]
        let row = item - block.firstRow
        let scale = unsafe block.scales[row]
        for column in 0..<dimension {
            target[column] = unsafe scale * Float(block.values[row * dimension + column])
        }
    }
}
