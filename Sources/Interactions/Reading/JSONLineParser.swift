/// Reads one JSON object (RFC 8259) in place: a member's value becomes the field whose position is the key's index in
/// `keys`. Escapes are decoded where they stand, which always makes the text shorter. Arrays and objects are checked
/// and kept as written. The last of several equal keys counts.
struct JSONLineParser {
    /// The protocol's limit as well; deeper nesting is no item property.
    private static let maximalDepth = 32
    /// Keeps a file whose keys are data (ids, say) from making a table of columns without end.
    static let maximalKeyCount = 4096

    private var position: Int
    private let end: Int

    /// Parses `bytes[range]`, which must be valid UTF-8. Unknown keys are added to `keys`. False where the text is not
    /// one object or has too many different keys.
    static func parse(
        _ bytes: inout [UInt8], _ range: Range<Int>, keys: inout IdentifierTable, fields: inout [RecordField]
    ) -> Bool {
        for index in fields.indices { fields[index] = .absent }
        var parser = JSONLineParser(position: range.lowerBound, end: range.upperBound)
        guard parser.object(&bytes, &keys, &fields) else { return false }
        parser.skipBlanks(bytes)
        return parser.position == parser.end
    }

    /// The elements of an array that `parse` kept as written: strings decoded, numbers and truth values as written.
    /// Nulls, nested arrays and objects are left out.
    static func elements(ofArray text: some Sequence<UInt8>) -> [String] {
        var bytes = Array(text)
        var parser = JSONLineParser(position: 0, end: bytes.count)
        var elements: [String] = []
        guard parser.take(bytes, "[") else { return [] }
        while true {
            parser.skipBlanks(bytes)
            if parser.take(bytes, "]") { return elements }
            guard let field = parser.value(&bytes, depth: 1) else { return elements }
            switch field.kind {
            case .text, .number, .boolean: elements.append(String(decoding: bytes[field.range], as: UTF8.self))
            default: break
            }
            parser.skipBlanks(bytes)
            guard parser.take(bytes, ",") || parser.peek(bytes) == UInt8(ascii: "]") else { return elements }
        }
    }

    private mutating func object(
        _ bytes: inout [UInt8], _ keys: inout IdentifierTable, _ fields: inout [RecordField]
    ) -> Bool {
        skipBlanks(bytes)
        guard take(bytes, "{") else { return false }
        skipBlanks(bytes)
        if take(bytes, "}") { return true }
        while true {
            skipBlanks(bytes)
            guard let key = string(&bytes, decodes: true) else { return false }
            let index = Int(keys.intern(bytes.span.extracting(key)))
            guard keys.count <= Self.maximalKeyCount else { return false }
            while fields.count < keys.count { fields.append(.absent) }
            skipBlanks(bytes)
            guard take(bytes, ":") else { return false }
            skipBlanks(bytes)
            guard let field = value(&bytes, depth: 1) else { return false }
            fields[index] = field
            skipBlanks(bytes)
            if take(bytes, "}") { return true }
            guard take(bytes, ",") else { return false }
        }
    }

    private mutating func value(_ bytes: inout [UInt8], depth: Int, decodes: Bool = true) -> RecordField? {
        let start = position
        switch peek(bytes) {
        case UInt8(ascii: "\""):
            return string(&bytes, decodes: decodes).map {
                RecordField(start: $0.lowerBound, end: $0.upperBound, kind: .text)
            }
        case UInt8(ascii: "["): return skipNested(&bytes, depth, "]") ? field(from: start, .list) : nil
        case UInt8(ascii: "{"): return skipNested(&bytes, depth, "}") ? field(from: start, .object) : nil
        case UInt8(ascii: "t"): return takeWord(bytes, "true") ? field(from: start, .boolean) : nil
        case UInt8(ascii: "f"): return takeWord(bytes, "false") ? field(from: start, .boolean) : nil
        case UInt8(ascii: "n"): return takeWord(bytes, "null") ? .absent : nil
        default: return skipNumber(bytes) ? field(from: start, .number) : nil
        }
    }

    private func field(from start: Int, _ kind: RecordField.Kind) -> RecordField {
        RecordField(start: start, end: position, kind: kind)
    }

    /// Checks an array or object without changing it.
    private mutating func skipNested(_ bytes: inout [UInt8], _ depth: Int, _ close: Unicode.Scalar) -> Bool {
        guard depth < Self.maximalDepth else { return false }
        position += 1
        skipBlanks(bytes)
        if take(bytes, close) { return true }
        while true {
            skipBlanks(bytes)
            if close == "}" {
                guard string(&bytes, decodes: false) != nil else { return false }
                skipBlanks(bytes)
                guard take(bytes, ":") else { return false }
                skipBlanks(bytes)
            }
            guard value(&bytes, depth: depth + 1, decodes: false) != nil else { return false }
            skipBlanks(bytes)
            if take(bytes, close) { return true }
            guard take(bytes, ",") else { return false }
        }
    }

    private mutating func skipNumber(_ bytes: [UInt8]) -> Bool {
        _ = take(bytes, "-")
        if !take(bytes, "0") && !skipDigits(bytes) { return false }
        if take(bytes, ".") && !skipDigits(bytes) { return false }
        if take(bytes, "e") || take(bytes, "E") {
            if !take(bytes, "+") { _ = take(bytes, "-") }
            return skipDigits(bytes)
        }
        return true
    }

    /// Whether there was at least one digit.
    private mutating func skipDigits(_ bytes: [UInt8]) -> Bool {
        let start = position
        while position < end && bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        return position > start
    }

    private func peek(_ bytes: [UInt8]) -> UInt8? { position < end ? bytes[position] : nil }

    private mutating func take(_ bytes: [UInt8], _ character: Unicode.Scalar) -> Bool {
        guard position < end && bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func takeWord(_ bytes: [UInt8], _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard position + count <= end,
            String(decoding: bytes[position..<(position + count)], as: UTF8.self) == "\(word)"
        else { return false }
        position += count
        return true
    }

    private mutating func skipBlanks(_ bytes: [UInt8]) {
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): position += 1
            default: return
            }
        }
    }
}

extension JSONLineParser {
    /// Reads a string; returns where its text lies, escapes decoded where `decodes`.
    private mutating func string(_ bytes: inout [UInt8], decodes: Bool) -> Range<Int>? {
        guard take(bytes, "\"") else { return nil }
        let start = position
        var target = start
        while position < end {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return start..<target
            case 0..<0x20: return nil
            case UInt8(ascii: "\\"):
                guard let scalar = escape(bytes) else { return nil }
                if decodes {
                    for unit in String(Character(scalar)).utf8 {
                        bytes[target] = unit
                        target += 1
                    }
                } else {
                    target = position
                }
            default:
                if target < position - 1 && decodes { bytes[target] = byte }
                target = decodes ? target + 1 : position
            }
        }
        return nil
    }

    /// The scalar of the escape whose backslash has been read; nil where there is none such, or a lone surrogate.
    private mutating func escape(_ bytes: [UInt8]) -> Unicode.Scalar? {
        guard position < end else { return nil }
        let letter = bytes[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: return nil
        }
        guard let unit = hexadecimal(bytes) else { return nil }
        guard unit & 0xfc00 == 0xd800 else { return Unicode.Scalar(unit) }
        guard take(bytes, "\\"), take(bytes, "u"), let low = hexadecimal(bytes), low & 0xfc00 == 0xdc00 else {
            return nil
        }
        return Unicode.Scalar(0x10000 + (unit & 0x3ff) << 10 + (low & 0x3ff))
    }

    private mutating func hexadecimal(_ bytes: [UInt8]) -> UInt32? {
        guard position + 4 <= end else { return nil }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
