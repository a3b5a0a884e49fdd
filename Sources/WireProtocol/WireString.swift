#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// UTF-8 text of a request, borrowed from the parser's memory and valid until that parser parses again: use it inside the closure
/// that the request is lent to, and copy it (`string`) to keep it.
// SAFETY: the memory belongs to the JSONParser; the closure of `withRequest` bounds the lifetime, and it runs before the parser
// can parse again.
@safe package struct WireString {
    private let start: UnsafePointer<UInt8>?
    package let count: Int

    init(start: UnsafePointer<UInt8>?, count: Int) {
        unsafe self.start = start
        self.count = unsafe start == nil ? 0 : count
    }

    package static var empty: WireString { unsafe WireString(start: nil, count: 0) }

    package var isEmpty: Bool { count == 0 }

    package var bytes: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(start: start, count: count) }

    /// A copy that may be kept.
    package var string: String { unsafe String(decoding: bytes, as: UTF8.self) }

    package func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        guard let start = unsafe start, count > 0 else { return true }
        return unsafe memcmp(start, text.utf8Start, count) == 0
    }

    /// Not false where one of the eight bytes at `position` is below 0x20, is 0x7F or is 0xC2 (zero-byte test of Mycroft 1987).
    private func mayHoldControl(at position: Int) -> Bool {
        let word = unsafe UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: position, as: UInt64.self)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let delete = word ^ (ones &* 0x7F)
        let lead = word ^ (ones &* 0xC2)
        let marks = (word &- ones &* 0x20) & ~word | (delete &- ones) & ~delete | (lead &- ones) & ~lead
        return marks & (ones &* 0x80) != 0
    }

    /// Control characters are U+0000 to U+001F, U+007F, and U+0080 to U+009F (C2 80 to C2 9F in UTF-8).
    var hasControlCharacter: Bool {
        var previous: UInt8 = 0
        var position = 0
        // Eight bytes at a time, where none of them could be one.
        while position + 8 <= count, !mayHoldControl(at: position) { position += 8 }
        for position in position..<count {
            let byte = unsafe bytes[position]
            if byte < 0x20 || byte == 0x7F || (previous == 0xC2 && byte < 0xA0) { return true }
            previous = byte
        }
        return false
    }
}

extension WireString: Equatable {
    package static func == (left: WireString, right: WireString) -> Bool {
        guard left.count == right.count else { return false }
        guard let first = unsafe left.start, let second = unsafe right.start else { return true }
        return unsafe memcmp(first, second, left.count) == 0
    }
}
