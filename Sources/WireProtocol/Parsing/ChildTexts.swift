/// Walks the values in an object or a list, as they were sent: the text of each. For text that a parser has accepted.
// SAFETY: as for WireString, whose memory this reads between `position` and its end.
@safe package struct ChildTexts {
    private let text: WireString
    private var position: Int
    private let isObject: Bool

    package init(_ text: WireString) {
        self.text = text
        position = 0
        isObject = unsafe text.bytes.first == UInt8(ascii: "{")
        position = text.isEmpty ? 0 : 1
    }

    package mutating func next() -> WireString? {
        skipSeparators()
        guard let byte, byte != UInt8(ascii: "}"), byte != UInt8(ascii: "]") else { return nil }
        if isObject {
            skipString()
            skipSeparators()
        }
        let start = position
        skipValue()
        let end = min(position, text.count)
        return unsafe WireString(start: text.bytes.baseAddress.map { unsafe $0 + start }, count: end - start)
    }

    private var byte: UInt8? { position < text.count ? unsafe text.bytes[position] : nil }

    /// White space, and what stands between values.
    private mutating func skipSeparators() {
        while let byte, byte <= UInt8(ascii: " ") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") {
            position += 1
        }
    }

    private mutating func skipValue() {
        var depth = 0
        while let byte {
            switch byte {
            case UInt8(ascii: "\""): skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                position += 1
            default: skipPlain()
            }
            if depth == 0 { return }
        }
    }

    /// Numbers, words, separators and white space up to what ends a scalar or matters for depth; at least one byte.
    private mutating func skipPlain() {
        repeat { position += 1 } while byte.map { !Self.endsScalar($0) } ?? false
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: "["), UInt8(ascii: "]"), 0...UInt8(ascii: " "):
            true
        default: false
        }
    }

    private mutating func skipString() {
        position += 1
        while let byte, byte != UInt8(ascii: "\"") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
        position += 1
    }
}
