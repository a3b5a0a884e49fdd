/// Which items a condition holds for: a bit an item. Immutable, so that requests share it.
// SAFETY: nobody writes the memory after `init`.
@safe package final class ItemBits: @unchecked Sendable {
    package let itemCount: Int
    /// Items from `itemCount` on have no bit set, up to here.
    let capacity: Int
    /// How many items the condition holds for.
    package let count: Int
    /// 16 items a number, the first in the lowest bit; padded with zeros to the workspaces' capacity.
    let groups: UnsafeMutablePointer<UInt16>

    /// - Parameters:
    ///   - capacity: of the workspaces that it is used with.
    ///   - words: 64 items each, the first in the lowest bit; bits beyond the last item are 0.
    package init(itemCount: Int, capacity: Int, words: [UInt64]) {
        precondition(words.count == (itemCount + 63) / 64 && capacity >= itemCount)
        self.itemCount = itemCount
        self.capacity = capacity
        let groupCount = max((capacity + 15) / 16, 4 * words.count)
        unsafe groups = .allocate(capacity: groupCount)
        unsafe groups.initialize(repeating: 0, count: groupCount)
        var count = 0
        for (place, word) in words.enumerated() {
            count += word.nonzeroBitCount
            for part in 0..<4 {
                unsafe groups[4 * place + part] = UInt16(truncatingIfNeeded: word >> UInt64(16 * part))
            }
        }
        self.count = count
    }

    /// What both hold for.
    package init(_ left: ItemBits, and right: ItemBits) {
        precondition(left.capacity == right.capacity)
        itemCount = max(left.itemCount, right.itemCount)
        capacity = left.capacity
        let groupCount = (capacity + 15) / 16
        unsafe groups = .allocate(capacity: groupCount)
        var count = 0
        for group in 0..<groupCount {
            let both = unsafe left.groups[group] & right.groups[group]
            unsafe groups.advanced(by: group).initialize(to: both)
            count += both.nonzeroBitCount
        }
        self.count = count
    }

    deinit { unsafe groups.deallocate() }

    @inline(__always)
    package func contains(_ item: Int32) -> Bool {
        precondition(item >= 0 && Int(item) < capacity)
        return unsafe groups[Int(item) >> 4] >> UInt16(item & 15) & 1 == 1
    }

    /// Ascending. O(items / 64 + count).
    package func forEach(_ body: (Int32) -> Void) {
        let bytes = unsafe UnsafeRawBufferPointer(start: groups, count: 2 * groupCount)
        let wholeCount = bytes.count / 8
        for word in 0..<wholeCount {
            var bits = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self))
            while bits != 0 {
                body(Int32(64 * word + bits.trailingZeroBitCount))
                bits &= bits - 1
            }
        }
        for group in 4 * wholeCount..<groupCount {
            var bits = unsafe groups[group]
            while bits != 0 {
                body(Int32(16 * group + bits.trailingZeroBitCount))
                bits &= bits - 1
            }
        }
    }

    /// Of those that can have a bit set.
    private var groupCount: Int { (itemCount + 15) / 16 }

    package var byteCount: Int { capacity / 8 }
}

/// What multiplies each item's score. Immutable, so that requests share it.
package final class ItemBoosts: Sendable {
    let factors: PaddedScores
    /// The largest of them, and at least 1.
    package let most: Float

    /// - Parameters:
    ///   - factors: one an item, above 0 and finite.
    ///   - capacity: of the workspaces that it is used with.
    package init(_ factors: [Float], capacity: Int) {
        most = factors.reduce(1) { max($0, $1) }
        self.factors = unsafe factors.withUnsafeBufferPointer { unsafe PaddedScores($0, capacity: capacity) }
    }

    package subscript(item: Int32) -> Float { factors[Int(item)] }

    package var byteCount: Int { 4 * factors.capacity }
}
