/// A factor model inside an open index: `FactorModelContents`, mapped. The contract of memory is `StringTable`'s.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct FactorModelTable: @unchecked Sendable {
    static let constantCount = 4

    /// `[itemCount x d]`; the row of an item without interactions is zero.
    package let items: ShardedDenseMatrix
    /// `[d x d]`, symmetric: what nobody's history changes in the system of a user.
    package let gram: ShardedDenseMatrix
    /// What turns the magnitude of an interaction's weight into its confidence.
    package let confidenceScale: Float
    /// The part of a user's total confidence that nobody's history changes.
    package let unobservedTotal: Float
    package let regularization: Float
    package let regularizationExponent: Float

    init(_ reader: SectionReader, itemCount: Int) throws(IndexError) {
        items = try ShardedDenseMatrix(reader, .factorItems, rowCount: itemCount)
        gram = try ShardedDenseMatrix(reader, .factorGram, rowCount: items.columnCount)
        guard gram.columnCount == items.columnCount else {
            throw reader.damaged(
                .factorGram, expected: "\(items.columnCount) columns", found: "\(gram.columnCount)")
        }
        let constants = unsafe try reader.numbers(of: .factorConstants, as: Float.self, count: Self.constantCount)
        confidenceScale = unsafe constants[0]
        unobservedTotal = unsafe constants[1]
        regularization = unsafe constants[2]
        regularizationExponent = unsafe constants[3]
    }
}
