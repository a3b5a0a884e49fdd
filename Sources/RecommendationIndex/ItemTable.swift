/// The items of an open index: their numbers, ids, and the places of these in ascending byte order.
/// The contract of memory is `StringTable`'s.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct ItemTable: @unchecked Sendable {
    /// In ascending byte order.
    package let ids: StringTable
    /// Per number, the place of its id in ascending byte order: of equal scores the lower rank comes first.
    package let ranks: UnsafeBufferPointer<UInt32>
    /// Per place, the number.
    private let numbers: UnsafeBufferPointer<UInt32>

    package var count: Int { ids.count }

    init(_ reader: SectionReader, count: Int) throws(IndexError) {
        ids = try StringTable(reader, offsets: .itemIdOffsets, bytes: .itemIdBytes, count: count)
        unsafe ranks = try reader.numbers(of: .itemRanks, as: UInt32.self, count: count)
        unsafe numbers = try reader.numbers(of: .itemNumbers, as: UInt32.self, count: count)
        // Then both are permutations, each the other's inverse.
        for number in 0..<count {
            let rank = unsafe ranks[number]
            guard Int(rank) < count, unsafe Int(numbers[Int(rank)]) == number else {
                throw reader.damaged(
                    .itemRanks, expected: "each item's place among the ids", found: "\(rank) of item \(number)")
            }
        }
    }

    /// The id of an item. An index outside the table is a programmer's error.
    package func bytes(at number: Int) -> UnsafeBufferPointer<UInt8> {
        precondition(number >= 0 && number < count)
        return unsafe ids.bytes(at: Int(ranks[number]))
    }

    package func string(at number: Int) -> String {
        unsafe String(decoding: bytes(at: number), as: UTF8.self)
    }

    /// O(log count) comparisons.
    package func index(of wanted: UnsafeBufferPointer<UInt8>) -> Int? {
        unsafe ids.index(of: wanted).map { unsafe Int(numbers[$0]) }
    }

    package func index(of wanted: String) -> Int? {
        ids.index(of: wanted).map { unsafe Int(numbers[$0]) }
    }

    /// How many ids come before one. O(log count) comparisons.
    package func precedingCount(of id: String) -> Int { ids.precedingCount(of: id) }
}
