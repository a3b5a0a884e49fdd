extension FilterLexer {
    /// A string in single or double quotes, with the escapes of JSON and `\'`.
    mutating func quoted(_ start: Int, mark: UInt8) throws(FilterError) -> String {
        var scanner = QuotedText(bytes: bytes, position: start + 1)
        while let byte = scanner.byte, byte != mark {
            if byte == UInt8(ascii: "\\") {
                let escape = scanner.position
                guard scanner.takeEscape() else {
                    throw FilterError(
                        place(of: escape), "This is no escape.",
                        expected: #"one of \" \' \\ \/ \b \f \n \r \t and \u with four hexadecimal digits"#)
                }
            } else {
                scanner.text.append(byte)
                scanner.position += 1
            }
        }
        guard scanner.byte == mark else {
            let closing = String(decoding: [mark], as: UTF8.self)
            throw FilterError(place(of: start), "The string has no end.", expected: "\(closing) behind it")
        }
        position = scanner.position + 1
        return String(decoding: scanner.text, as: UTF8.self)
    }
}

/// Bytes between quotes, unescaped so far.
private struct QuotedText {
    let bytes: [UInt8]
    var position: Int
    var text: [UInt8] = []

    var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private static let short: [UInt8: UInt8] = [
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "'"): UInt8(ascii: "'"),
        UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 8,
        UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
    ]

    /// At a backslash. False where no escape follows.
    mutating func takeEscape() -> Bool {
        position += 1
        guard let letter = byte else { return false }
        position += 1
        if let meant = Self.short[letter] {
            text.append(meant)
            return true
        }
        guard letter == UInt8(ascii: "u"), let first = takeUnit() else { return false }
        var value = first
        if (0xD800..<0xDC00).contains(first) {
            guard byte == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u")
            else {
                return false
            }
            position += 2
            guard let second = takeUnit(), (0xDC00..<0xE000).contains(second) else { return false }
            value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { return false }
        text += Array(String(Character(scalar)).utf8)
        return true
    }

    private mutating func takeUnit() -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        let digits = bytes[position..<position + 4]
        guard digits.allSatisfy({ FilterWords.isDigit($0) || (0x61...0x66).contains($0 | 0x20) }) else { return nil }
        position += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
