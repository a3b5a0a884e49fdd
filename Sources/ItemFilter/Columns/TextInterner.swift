/// Gives each distinct string a number, in order of first appearance.
///
///     slots  [0 | 3 | 0 | 1 | 2 ...]   number + 1, open addressing, at most half full
///     bytes  of all strings, one after another; string n ends at `ends[n]`
// SAFETY: never written after it was handed out as a dictionary.
@safe final class TextInterner: TextDictionary, @unchecked Sendable {
    private var bytes: UnsafeMutableBufferPointer<UInt8>
    private(set) var byteCount = 0
    private var ends: [Int] = []
    private var slots: [UInt32] = Array(repeating: 0, count: 16)

    init() { unsafe bytes = .allocate(capacity: 256) }

    deinit { unsafe bytes.deallocate() }

    var count: Int { ends.count }

    func bytes(at code: Int) -> UnsafeBufferPointer<UInt8> {
        let start = code == 0 ? 0 : ends[code - 1]
        return unsafe UnsafeBufferPointer(rebasing: bytes[start..<ends[code]])
    }

    /// One after the other in memory: what a search through all of them takes is mostly what it takes to find each.
    func forEach(_ codes: Range<Int>, _ body: (_ code: Int, _ text: UnsafeBufferPointer<UInt8>) -> Void) {
        precondition(codes.lowerBound >= 0 && codes.upperBound <= ends.count)
        var start = codes.lowerBound == 0 ? 0 : ends[codes.lowerBound - 1]
        for code in codes {
            let end = ends[code]
            unsafe body(code, UnsafeBufferPointer(rebasing: bytes[start..<end]))
            start = end
        }
    }

    func code(of text: UnsafeBufferPointer<UInt8>) -> Int? {
        let number = slots[unsafe slot(of: text)]
        return number == 0 ? nil : Int(number) - 1
    }

    func number(of text: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let slot = unsafe slot(of: text)
        if slots[slot] != 0 { return slots[slot] - 1 }
        unsafe append(text)
        slots[slot] = UInt32(ends.count)
        if 2 * ends.count > slots.count { grow() }
        return UInt32(ends.count - 1)
    }

    /// Where the string is, or would be.
    private func slot(of text: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe hasher.combine(bytes: UnsafeRawBufferPointer(text))
        var slot = hasher.finalize() & (slots.count - 1)
        while slots[slot] != 0 {
            if unsafe FilterTextTest.equal.holds(bytes(at: Int(slots[slot]) - 1), text) { return slot }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private func append(_ text: UnsafeBufferPointer<UInt8>) {
        if unsafe byteCount + text.count > bytes.count {
            let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * (byteCount + text.count))
            _ = unsafe larger.update(fromContentsOf: bytes[..<byteCount])
            unsafe bytes.deallocate()
            unsafe bytes = larger
        }
        _ = unsafe UnsafeMutableBufferPointer(rebasing: bytes[byteCount...]).update(fromContentsOf: text)
        byteCount += text.count
        ends.append(byteCount)
    }

    private func grow() {
        slots = Array(repeating: 0, count: 2 * slots.count)
        for number in ends.indices {
            let slot = unsafe slot(of: bytes(at: number))
            slots[slot] = UInt32(number + 1)
        }
    }
}
