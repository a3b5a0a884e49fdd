package import ScoringKernels

/// The neighbours of every item by both components inside an open index; the contract of memory is `StringTable`'s.
///
/// A damaged row has fewer neighbours or others, never one outside of what `PostingFormat` can name.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct NeighbourTable: @unchecked Sendable {
    package let format: PostingFormat
    package let itemCount: Int
    /// Postings of all rows.
    package let collaborativeCount: Int
    package let contentCount: Int
    /// Addresses alone: what a request copies of them costs no reference count.
    private let starts: [BlockStart]
    private let firstRows: [Int]

    @unsafe private struct BlockStart {
        let firstRow: Int
        let offsets: UnsafePointer<UInt64>
        let words: UnsafePointer<UInt32>
    }

    /// Words of a row that come before its postings: two units and a count.
    static let headerWordCount = 3

    /// The neighbours of one item.
    @unsafe package struct Row {
        package let collaborative: UnsafeBufferPointer<UInt32>
        package let content: UnsafeBufferPointer<UInt32>
        /// What a value of 1 is worth; finite.
        package let collaborativeUnit: Float
        package let contentUnit: Float

        package static var empty: Row {
            unsafe Row(
                collaborative: UnsafeBufferPointer(start: nil, count: 0),
                content: UnsafeBufferPointer(start: nil, count: 0), collaborativeUnit: 0, contentUnit: 0)
        }
    }

    init(_ reader: SectionReader, itemCount: Int) throws(IndexError) {
        let blocks = try reader.raggedBlocks(.neighbourOffsets, [.neighbourWords], rowCount: itemCount)
        firstRows = blocks.map(\.firstRow)
        unsafe starts = blocks.compactMap { block in
            unsafe block.components[0].elements(as: UInt32.self).baseAddress.map { words in
                unsafe BlockStart(firstRow: block.firstRow, offsets: block.offsets, words: words)
            }
        }
        format = PostingFormat(itemCount: itemCount)
        self.itemCount = itemCount
        let counts = unsafe try reader.numbers(of: .neighbourCounts, as: UInt64.self, count: 2)
        collaborativeCount = unsafe Int(clamping: counts[0])
        contentCount = unsafe Int(clamping: counts[1])
    }

    /// How many rows ahead `fetchStart` is worth its while, and `fetchPlace` before it: a row is added in about the time that
    /// memory takes.
    package static let startsAhead = 2
    package static let placesAhead = 4

    /// Brings near where a row lies, which `fetchStart` asks for.
    @inline(__always)
    package func fetchPlace(ofRow item: Int) {
        precondition(item >= 0 && item < itemCount)
        let block = unsafe starts[blockNumber(ofRow: item, in: firstRows)]
        unsafe MemoryAhead.fetch(block.offsets + (item - block.firstRow))
    }

    /// Brings near what `row` reads.
    @inline(__always)
    package func fetchStart(ofRow item: Int) {
        precondition(item >= 0 && item < itemCount)
        let block = unsafe starts[blockNumber(ofRow: item, in: firstRows)]
        unsafe MemoryAhead.fetch(block.words + Int(block.offsets[item - block.firstRow]))
    }

    /// An item outside the table is a programmer's error.
    package func row(_ item: Int) -> Row {
        precondition(item >= 0 && item < itemCount)
        let block = unsafe starts[blockNumber(ofRow: item, in: firstRows)]
        let row = unsafe item - block.firstRow
        let (first, end) = unsafe (Int(block.offsets[row]), Int(block.offsets[row + 1]))
        guard end - first >= Self.headerWordCount else { return unsafe .empty }
        let start = unsafe block.words + first
        let postings = unsafe start + Self.headerWordCount
        let count = end - first - Self.headerWordCount
        let collaborativeCount = min(count, unsafe Int(start[2]))
        return unsafe Row(
            collaborative: UnsafeBufferPointer(start: postings, count: collaborativeCount),
            content: UnsafeBufferPointer(start: postings + collaborativeCount, count: count - collaborativeCount),
            collaborativeUnit: Self.unit(start[0]), contentUnit: Self.unit(start[1]))
    }

    /// A damaged unit counts nothing.
    private static func unit(_ word: UInt32) -> Float {
        let unit = Float(bitPattern: word)
        return unit.isFinite ? unit : 0
    }

    /// The links of a row, by ascending column.
    package func links(_ postings: UnsafeBufferPointer<UInt32>, unit: Float) -> [(column: Int32, value: Float)] {
        var links: [(column: Int32, value: Float)] = []
        for position in postings.indices {
            let posting = unsafe postings[position]
            links.append((Int32(format.column(posting)), unit * Float(format.value(posting))))
        }
        return links.sorted { $0.column < $1.column }
    }
}
