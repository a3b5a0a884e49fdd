/// Lists of indexes inside an open index; the contract of memory is `StringTable`'s.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct IndexListTable: @unchecked Sendable {
    package let count: Int
    /// Of all lists together.
    package let entryCount: Int
    private let blocks: [RaggedBlock]
    private let firstRows: [Int]

    /// - Parameter limit: one above the largest index that may occur.
    init(
        _ reader: SectionReader, offsets: SectionName, indexes: SectionName, count: Int, limit: Int
    ) throws(IndexError) {
        blocks = try reader.raggedBlocks(offsets, [indexes], rowCount: count)
        for block in blocks { try reader.checkIndexes(block.components[0], limit: limit) }
        firstRows = blocks.map(\.firstRow)
        entryCount = blocks.reduce(0) { $0 + $1.elementCount }
        self.count = count
    }

    /// A list outside the table is a programmer's error.
    package func list(_ list: Int) -> UnsafeBufferPointer<Int32> {
        precondition(list >= 0 && list < count)
        let block = blocks[blockNumber(ofRow: list, in: firstRows)]
        let range = block.range(ofRow: list - block.firstRow)
        return unsafe UnsafeBufferPointer(rebasing: block.components[0].elements(as: Int32.self)[range])
    }
}
