/// The session model inside an open index: `SessionModelContents`, mapped. The contract of memory is `StringTable`'s.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct SessionModelTable: @unchecked Sendable {
    /// Per session, the most recent session first, its distinct items in the order in which they were first met.
    package let sessions: IndexListTable
    /// Per item, sessions that have it, ascending, so most recent first.
    package let sessionsOfItems: IndexListTable
    /// Per item.
    package let itemWeights: UnsafeBufferPointer<Float>
    /// `[itemCount x itemCount]`
    package let rules: ShardedSparseMatrix

    init(_ reader: SectionReader, itemCount: Int) throws(IndexError) {
        let sessionCount = reader.rowCount(of: .sessionOffsets)
        sessions = try IndexListTable(
            reader, offsets: .sessionOffsets, indexes: .sessionItems, count: sessionCount, limit: itemCount)
        sessionsOfItems = try IndexListTable(
            reader, offsets: .itemSessionOffsets, indexes: .itemSessions, count: itemCount, limit: sessionCount)
        unsafe itemWeights = try reader.numbers(of: .sessionItemWeights, as: Float.self, count: itemCount)
        rules = try ShardedSparseMatrix(
            reader, offsets: .ruleOffsets, columns: .ruleColumns, values: .ruleValues, rowCount: itemCount)
    }
}
