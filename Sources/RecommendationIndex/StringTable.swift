#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Strings in ascending byte order inside an open index, found both ways without allocation.
/// The bytes are the index's: whoever holds some keeps the `RecommendationIndex` alive for as long.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct StringTable: @unchecked Sendable {
    package let count: Int
    private let blocks: [Block]
    private let firstRows: [Int]

    @safe private struct Block {
        let rows: RaggedBlock
        let bytes: UnsafeBufferPointer<UInt8>
    }

    init(_ reader: SectionReader, offsets: SectionName, bytes: SectionName, count: Int) throws(IndexError) {
        let ragged = try reader.raggedBlocks(offsets, [bytes], rowCount: count)
        self.count = count
        blocks = ragged.map { unsafe Block(rows: $0, bytes: $0.components[0].elements(as: UInt8.self)) }
        firstRows = ragged.map(\.firstRow)
    }

    /// Of all strings together.
    package var byteCount: Int { blocks.reduce(0) { unsafe $0 + $1.bytes.count } }

    /// O(1). An index outside the table is a programmer's error.
    package func bytes(at index: Int) -> UnsafeBufferPointer<UInt8> {
        precondition(index >= 0 && index < count)
        let block = blocks[blockNumber(ofRow: index, in: firstRows)]
        return unsafe UnsafeBufferPointer(rebasing: block.bytes[block.rows.range(ofRow: index - block.rows.firstRow)])
    }

    package func string(at index: Int) -> String {
        unsafe String(decoding: bytes(at: index), as: UTF8.self)
    }

    /// O(log count) comparisons.
    package func index(of wanted: UnsafeBufferPointer<UInt8>) -> Int? {
        let place = unsafe search(wanted)
        return place.isThere ? place.index : nil
    }

    /// Where a string is, or else belongs.
    private func search(_ wanted: UnsafeBufferPointer<UInt8>) -> (index: Int, isThere: Bool) {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            switch unsafe Self.compare(bytes(at: middle), wanted) {
            case 0: return (middle, true)
            case ..<0: low = middle + 1
            default: high = middle
            }
        }
        return (low, false)
    }

    /// How many come before a string. O(log count) comparisons.
    package func precedingCount(of wanted: String) -> Int {
        var copy = wanted
        return copy.withUTF8 { bytes in unsafe search(bytes).index }
    }

    package func index(of wanted: String) -> Int? {
        let found = unsafe wanted.utf8.withContiguousStorageIfAvailable { bytes in unsafe index(of: bytes) }
        if let found { return found }
        // A string that lives elsewhere, an NSString on macOS, is copied once.
        var copy = wanted
        return copy.withUTF8 { bytes in unsafe index(of: bytes) }
    }

    /// Less than, equal to or greater than 0 as `left` sorts before, like or after `right`.
    package static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        guard let leftStart = left.baseAddress, let rightStart = right.baseAddress else {
            return left.count - right.count
        }
        let order = unsafe memcmp(leftStart, rightStart, min(left.count, right.count))
        return order == 0 ? left.count - right.count : Int(order)
    }
}
