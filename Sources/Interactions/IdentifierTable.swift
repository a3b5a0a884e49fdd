/// Interns byte strings as dense indexes in order of first appearance.
///
/// All ids lie back to back in one arena; a table of open slots (linear probing, at most half full) finds them again.
/// No `String` is made until somebody asks for one.
///
///     arena    u 1 u 2 u 1 0        offsets  0 2 4 7
///     slots    -1 2 -1 0 -1 1 ...   hash -> index, -1 where free
package struct IdentifierTable: Sendable {
    private var arena: [UInt8] = []
    private var offsets: [Int] = [0]
    /// The low half of each id's hash: spares most comparisons, and hashing again when the slots grow.
    private var hashes: [UInt32] = []
    private var slots: [Int32]
    private var mask: Int

    /// 16 slots: the smallest table worth a mask; it doubles as it fills.
    private static let initialSlotCount = 16

    package init() {
        slots = Array(repeating: -1, count: Self.initialSlotCount)
        mask = Self.initialSlotCount - 1
    }

    /// Interns `ids` in order; a repeated id keeps its first index.
    package init(_ ids: some Sequence<String>) {
        self.init()
        for id in ids { intern(id) }
    }

    package var count: Int { hashes.count }

    /// The sum of all ids' lengths in bytes.
    package var byteCount: Int { arena.count }

    /// The index of `bytes`, new or old. At most `Int32.max` ids fit; more is a programmer's error.
    @discardableResult
    package mutating func intern(_ bytes: Span<UInt8>) -> Int32 {
        let hash = Self.hash(bytes)
        let slot = slot(of: bytes, hash: hash)
        let found = slots[slot]
        if found >= 0 { return found }
        let index = Int32(hashes.count)
        for position in bytes.indices { arena.append(bytes[position]) }
        offsets.append(arena.count)
        hashes.append(hash)
        slots[slot] = index
        if hashes.count * 2 > slots.count { grow() }
        return index
    }

    @discardableResult
    package mutating func intern(_ bytes: ArraySlice<UInt8>) -> Int32 { intern(bytes.span) }

    @discardableResult
    package mutating func intern(_ id: String) -> Int32 { intern(Array(id.utf8).span) }

    package func index(of bytes: Span<UInt8>) -> Int32? {
        let found = slots[slot(of: bytes, hash: Self.hash(bytes))]
        return found >= 0 ? found : nil
    }

    package func index(of id: String) -> Int32? { index(of: Array(id.utf8).span) }

    /// The id's text; bytes that are not UTF-8 come out as U+FFFD.
    package func id(at index: Int) -> String {
        String(decoding: arena[offsets[index]..<offsets[index + 1]], as: UTF8.self)
    }

    /// The id's bytes, copied.
    package func bytes(at index: Int) -> ArraySlice<UInt8> { arena[offsets[index]..<offsets[index + 1]] }

    /// The indexes of all ids, ascending by the ids' UTF-8 bytes. O(n log n).
    package func ascendingOrder() -> [Int32] {
        var keys: [SortKey] = []
        keys.reserveCapacity(count)
        for index in 0..<count { keys.append(SortKey(prefix: prefix(at: index), index: Int32(index))) }
        keys.sort { left, right in
            left.prefix != right.prefix ? left.prefix < right.prefix : isBefore(left.index, right.index)
        }
        return keys.map(\.index)
    }

    /// For each index, its position in `ascendingOrder()`.
    package static func ranks(of ascendingOrder: [Int32]) -> [Int32] {
        var ranks = [Int32](repeating: 0, count: ascendingOrder.count)
        for (rank, index) in ascendingOrder.enumerated() { ranks[Int(index)] = Int32(rank) }
        return ranks
    }
}

extension IdentifierTable {
    /// The first eight bytes as a big-endian number decide nearly every comparison without touching the arena.
    private struct SortKey {
        let prefix: UInt64
        let index: Int32
    }

    private func prefix(at index: Int) -> UInt64 {
        let start = offsets[index]
        let length = offsets[index + 1] - start
        var prefix: UInt64 = 0
        for position in 0..<8 {
            prefix = prefix << 8 | (position < length ? UInt64(arena[start + position]) : 0)
        }
        return prefix
    }

    private func isBefore(_ left: Int32, _ right: Int32) -> Bool {
        let left = arena[offsets[Int(left)]..<offsets[Int(left) + 1]]
        let right = arena[offsets[Int(right)]..<offsets[Int(right) + 1]]
        return left.lexicographicallyPrecedes(right)
    }

    /// FNV-1a (Fowler, Noll, Vo; 64 bits), folded by a multiplication so that the low bits depend on all of it.
    private static func hash(_ bytes: Span<UInt8>) -> UInt32 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for position in bytes.indices { hash = (hash ^ UInt64(bytes[position])) &* 0x0000_0100_0000_01b3 }
        // The multiplier is 2^64 divided by the golden ratio (Knuth, TAOCP 3, 6.4).
        return UInt32(truncatingIfNeeded: ((hash ^ hash >> 32) &* 0x9e37_79b9_7f4a_7c15) >> 32)
    }

    private func slot(of bytes: Span<UInt8>, hash: UInt32) -> Int {
        var slot = Int(hash) & mask
        while true {
            let candidate = slots[slot]
            if candidate < 0 { return slot }
            if hashes[Int(candidate)] == hash && isEqual(Int(candidate), bytes) { return slot }
            slot = (slot + 1) & mask
        }
    }

    private func isEqual(_ index: Int, _ bytes: Span<UInt8>) -> Bool {
        let start = offsets[index]
        guard offsets[index + 1] - start == bytes.count else { return false }
        for position in bytes.indices where arena[start + position] != bytes[position] { return false }
        return true
    }

    private mutating func grow() {
        mask = slots.count * 2 - 1
        slots = Array(repeating: -1, count: mask + 1)
        for (index, hash) in hashes.enumerated() {
            var slot = Int(hash) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(index)
        }
    }
}
