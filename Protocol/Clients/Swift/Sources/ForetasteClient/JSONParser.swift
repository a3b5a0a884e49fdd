/// Reads a JSON text (RFC 8259) of UTF-8.
struct JSONParser {
    /// More than any reply has; what is deeper must not take the stack.
    private static let depthLimit = 128

    struct SyntaxError: Error {
        let message: String
        let position: Int
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    static func parse(_ bytes: ArraySlice<UInt8>) throws(SyntaxError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, position: bytes.startIndex)
        let value = try parser.value(depth: 1)
        parser.skipSpace()
        guard parser.position == bytes.endIndex else { throw parser.error("text behind the value") }
        return value
    }

    private mutating func value(depth: Int) throws(SyntaxError) -> JSONValue {
        guard depth <= Self.depthLimit else { throw error("nested deeper than \(Self.depthLimit)") }
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(_ depth: Int) throws(SyntaxError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        position += 1
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw error("no name of a member") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw error("no colon") }
            members[name] = try value(depth: depth + 1)
            skipSpace()
        } while take(",")
        guard take("}") else { throw error("no end of an object") }
        return .object(members)
    }

    private mutating func array(_ depth: Int) throws(SyntaxError) -> JSONValue {
        var elements: [JSONValue] = []
        position += 1
        skipSpace()
        if take("]") { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw error("no end of a list") }
        return .array(elements)
    }

    private mutating func string() throws(SyntaxError) -> String {
        position += 1
        let begin = position
        while position < bytes.endIndex, isPlain(bytes[position]) { position += 1 }
        if peek() == UInt8(ascii: "\"") {
            let found = try text(bytes[begin..<position])
            position += 1
            return found
        }
        var letters = Array(bytes[begin..<position])
        while !take("\"") {
            let byte = peek()
            guard byte >= 0x20 else { throw error("a control character, or no end, in a text") }
            position += 1
            if byte == UInt8(ascii: "\\") {
                letters += try escaped()
            } else {
                letters.append(byte)
            }
        }
        return try text(letters[...])
    }

    private func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private func text(_ letters: ArraySlice<UInt8>) throws(SyntaxError) -> String {
        guard let found = String(validating: letters, as: UTF8.self) else { throw error("a text that is no UTF-8") }
        return found
    }

    private mutating func escaped() throws(SyntaxError) -> [UInt8] {
        let byte = peek()
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var units = [try unit()]
            // The other half of a pair follows at once.
            if UTF16.isLeadSurrogate(units[0]), take("\\"), take("u") { units.append(try unit()) }
            guard let found = String(validating: units, as: UTF16.self) else { throw error("half a surrogate pair") }
            return Array(found.utf8)
        default: throw error("an unknown escape")
        }
    }

    private mutating func unit() throws(SyntaxError) -> UInt16 {
        var code: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(peek())).hexDigitValue else {
                throw error("no hexadecimal digit")
            }
            code = code * 16 + UInt16(digit)
            position += 1
        }
        return code
    }

    private mutating func number() throws(SyntaxError) -> JSONValue {
        let begin = position
        var isInteger = true
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") {
            isInteger = false
            try digits()
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let found = try text(bytes[begin..<position])
        if isInteger, let integer = Int(found) { return .integer(integer) }
        guard let number = Double(found), number.isFinite else { throw error("a number beyond all doubles") }
        return .number(number)
    }

    private mutating func digits() throws(SyntaxError) {
        let begin = position
        while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(peek()) { position += 1 }
        guard position > begin else { throw error("no JSON value") }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(SyntaxError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw error("no JSON value") }
        position += word.utf8.count
        return value
    }

    private mutating func skipSpace() {
        while position < bytes.endIndex {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// NUL, which is nowhere allowed, at the end.
    private func peek() -> UInt8 {
        position < bytes.endIndex ? bytes[position] : 0
    }

    private mutating func take(_ letter: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: letter) else { return false }
        position += 1
        return true
    }

    private func error(_ message: String) -> SyntaxError {
        SyntaxError(message: message, position: position - bytes.startIndex)
    }
}
