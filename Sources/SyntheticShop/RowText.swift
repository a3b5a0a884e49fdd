/// Appending to a row of text.
extension [UInt8] {
    mutating func append(_ text: String) {
        append(contentsOf: text.utf8)
    }

    /// With leading zeros up to the width; a longer number is written in full.
    /// - Parameter number: not negative.
    mutating func append(number: Int, width: Int = 1) {
        var divisor = 1
        var digits = 1
        while digits < width || number / divisor >= 10 {
            divisor *= 10
            digits += 1
        }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    /// Cents as a decimal number with two places, such as `49.90`.
    mutating func append(cents: Int) {
        append(number: cents / 100)
        append(UInt8(ascii: "."))
        append(number: cents % 100, width: 2)
    }

    /// A field of a CSV row, quoted where RFC 4180 asks for it.
    mutating func append(field: String) {
        let isPlain = field.utf8.allSatisfy {
            $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r")
        }
        guard !isPlain else { return append(field) }
        append(UInt8(ascii: "\""))
        for byte in field.utf8 {
            if byte == UInt8(ascii: "\"") { append(byte) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }

    /// A JSON string. The shop's own words hold no control characters.
    mutating func append(quoted text: String) {
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { append(UInt8(ascii: "\\")) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }

    /// A JSON member; the first of an object comes without a comma.
    mutating func append(member name: String) {
        if last != UInt8(ascii: "{") { append(UInt8(ascii: ",")) }
        append(quoted: name)
        append(UInt8(ascii: ":"))
    }

    mutating func append(member name: String, _ text: String) {
        append(member: name)
        append(quoted: text)
    }

    mutating func append(member name: String, _ number: Int) {
        append(member: name)
        append(number: number)
    }

    mutating func append(member name: String, _ flag: Bool) {
        append(member: name)
        append(flag ? "true" : "false")
    }

    mutating func append(member name: String, _ texts: [String]) {
        append(member: name)
        append(UInt8(ascii: "["))
        for (index, text) in texts.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            append(quoted: text)
        }
        append(UInt8(ascii: "]"))
    }
}
