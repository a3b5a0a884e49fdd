/// What every user did, inside an open index, most recent first; the contract of memory is `StringTable`'s.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct HistoryTable: @unchecked Sendable {
    package let userCount: Int
    package let entryCount: Int
    private let blocks: [RaggedBlock]
    private let firstRows: [Int]

    @unsafe package struct History {
        /// Each within the catalogue.
        package let itemIndexes: UnsafeBufferPointer<Int32>
        /// What the interactions with each item come to: `UserHistories.sums`.
        package let sums: UnsafeBufferPointer<Float>
        /// Milliseconds since 1970-01-01T00:00:00Z.
        package let times: UnsafeBufferPointer<Int64>
    }

    init(_ reader: SectionReader, userCount: Int, itemCount: Int) throws(IndexError) {
        blocks = try reader.raggedBlocks(
            .historyOffsets, [.historyItems, .historySums, .historyTimes], rowCount: userCount)
        for block in blocks { try reader.checkIndexes(block.components[0], limit: itemCount) }
        firstRows = blocks.map(\.firstRow)
        entryCount = blocks.reduce(0) { $0 + $1.elementCount }
        self.userCount = userCount
    }

    /// A user outside the table is a programmer's error.
    package func history(ofUser user: Int) -> History {
        precondition(user >= 0 && user < userCount)
        let block = blocks[blockNumber(ofRow: user, in: firstRows)]
        let range = block.range(ofRow: user - block.firstRow)
        return unsafe History(
            itemIndexes: UnsafeBufferPointer(rebasing: block.components[0].elements(as: Int32.self)[range]),
            sums: UnsafeBufferPointer(rebasing: block.components[1].elements(as: Float.self)[range]),
            times: UnsafeBufferPointer(rebasing: block.components[2].elements(as: Int64.self)[range]))
    }
}
