/// Copies text into a JSON string: `"`, `\` and U+0000 to U+001F are escaped (RFC 8259, section 7), everything else is copied.
/// Sixteen bytes at a time are tested as two words; only a group with something to escape is looked at byte by byte.
enum JSONEscaping {
    private static let group = 16

    /// The most bytes that `count` bytes may become, each as `\u00XX`.
    static func room(_ count: Int) -> Int { count * 6 }

    /// ASCII, which most texts are, is told by words of eight bytes.
    static func isUTF8(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let bytes = UnsafeRawBufferPointer(text)
        var union: UInt64 = 0
        var position = 0
        while position + 8 <= bytes.count {
            unsafe union |= bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            position += 8
        }
        while position < bytes.count {
            unsafe union |= UInt64(bytes[position])
            position += 1
        }
        let isASCII = union & 0x8080_8080_8080_8080 == 0
        // Where the first wrong byte stands is not asked for.
        return unsafe isASCII || (try? UTF8Span(validating: text.span)) != nil
    }

    /// Returns the end of what was written. `target` has `room(text.count)` bytes.
    static func write(_ text: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var output = unsafe target
        var position = 0
        while position + group <= text.count {
            let first = unsafe text.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let second = unsafe text.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self)
            if marks(first) | marks(second) == 0 {
                unsafe output.storeBytes(of: first, as: UInt64.self)
                unsafe output.storeBytes(of: second, toByteOffset: 8, as: UInt64.self)
                unsafe output += group
            } else {
                unsafe output = bytewise(text, position..<position + group, to: output)
            }
            position += group
        }
        if position + 8 <= text.count {
            let word = unsafe text.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            if marks(word) == 0 {
                unsafe output.storeBytes(of: word, as: UInt64.self)
                unsafe output += 8
                position += 8
            }
        }
        return unsafe bytewise(text, position..<text.count, to: output)
    }

    /// Not zero where one of the eight bytes is `"`, `\` or below 0x20 (zero-byte test of Mycroft 1987: it may mark bytes above a
    /// true hit, never without one).
    @inline(__always)
    private static func marks(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let control = (word &- ones &* 0x20) & ~word
        return (control | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash) & (ones &* 0x80)
    }

    private static func bytewise(
        _ text: UnsafeRawBufferPointer, _ range: Range<Int>, to target: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        var output = unsafe target
        for position in range {
            let byte = unsafe text[position]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                unsafe output.storeBytes(of: byte, as: UInt8.self)
                unsafe output += 1
            } else {
                unsafe output = escaped(byte, to: output)
            }
        }
        return unsafe output
    }

    private static func escaped(_ byte: UInt8, to target: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        let letter: UInt8? =
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
            case 0x08: UInt8(ascii: "b")
            case 0x09: UInt8(ascii: "t")
            case 0x0A: UInt8(ascii: "n")
            case 0x0C: UInt8(ascii: "f")
            case 0x0D: UInt8(ascii: "r")
            default: nil
            }
        unsafe target.storeBytes(of: UInt8(ascii: "\\"), as: UInt8.self)
        if let letter {
            unsafe target.storeBytes(of: letter, toByteOffset: 1, as: UInt8.self)
            return unsafe target + 2
        }
        unsafe target.storeBytes(of: UInt8(ascii: "u"), toByteOffset: 1, as: UInt8.self)
        unsafe target.storeBytes(of: UInt8(ascii: "0"), toByteOffset: 2, as: UInt8.self)
        unsafe target.storeBytes(of: UInt8(ascii: "0"), toByteOffset: 3, as: UInt8.self)
        unsafe target.storeBytes(of: hexadecimal(byte >> 4), toByteOffset: 4, as: UInt8.self)
        unsafe target.storeBytes(of: hexadecimal(byte & 15), toByteOffset: 5, as: UInt8.self)
        return unsafe target + 6
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
