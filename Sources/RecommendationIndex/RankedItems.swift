/// Every item with a score, and the items in the order of these; the contract of memory is `StringTable`'s.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct RankedItems: @unchecked Sendable {
    /// Per item; finite, see `checkServedValues`.
    package let scores: UnsafeBufferPointer<Float>
    /// Items, each within the catalogue, best first.
    package let order: UnsafeBufferPointer<Int32>

    init(
        _ reader: SectionReader, _ name: SectionName, order orderName: SectionName, itemCount: Int
    ) throws(IndexError) {
        unsafe scores = try reader.numbers(of: name, as: Float.self, count: itemCount)
        unsafe order = try reader.numbers(of: orderName, as: Int32.self, count: itemCount)
        for block in try reader.blocks(of: orderName, rowCount: itemCount) {
            try reader.checkIndexes(block, limit: itemCount)
        }
    }
}
