/// Names with numbers, found by a request's bytes without an allocation: open addressing over FNV-1a hashes (Fowler, Noll, Vo 1991).
/// The names are the program's own, so nobody chooses them to collide, and a lookup passes at most as many slots as there are names.
package struct NameTable: Sendable {
    private let text: [UInt8]
    /// Where each name begins in `text`, and where the last one ends.
    private let offsets: [Int]
    /// A name's number, or -1. A power of two of slots, at most half of them taken.
    private let slots: [Int16]
    private let longest: Int

    /// The number of a name is its place. Names are different.
    package init(_ names: [String]) {
        precondition(names.count <= Int16.max / 2)
        var text: [UInt8] = []
        var offsets = [0]
        for name in names {
            text += name.utf8
            offsets.append(text.count)
        }
        var slotCount = 2
        while slotCount < 2 * names.count { slotCount *= 2 }
        var slots = [Int16](repeating: -1, count: slotCount)
        for (number, name) in names.enumerated() {
            var slot = Self.hash(name.utf8) & (slotCount - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slotCount - 1) }
            slots[slot] = Int16(number)
        }
        self.text = text
        self.offsets = offsets
        self.slots = slots
        longest = names.map(\.utf8.count).max() ?? 0
    }

    package func number(of name: WireString) -> Int? {
        guard name.count <= longest else { return nil }
        let bytes = unsafe name.bytes
        var slot = unsafe Self.hash(bytes) & (slots.count - 1)
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if unsafe isName(number, bytes) { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func isName(_ number: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = offsets[number]
        guard offsets[number + 1] - start == bytes.count else { return false }
        for position in 0..<bytes.count where unsafe text[start + position] != bytes[position] { return false }
        return true
    }

    private static func hash(_ bytes: some Sequence<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        // The upper half is mixed best.
        return Int(truncatingIfNeeded: hash >> 32)
    }
}
