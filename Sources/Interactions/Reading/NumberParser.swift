/// Decimal numbers from text, without allocation where they are short.
enum NumberParser {
    /// A double holds every integer of 15 decimal digits, and every power of ten up to 10^22: dividing one by the other
    /// is exactly rounded (Clinger 1990, "How to read floating point numbers accurately").
    private static let exactDigitCount = 15
    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    /// `[+-]digits[.digits][e[+-]digits]`, spaces around it allowed; nil for anything else and for what is not finite.
    static func number(_ bytes: Span<UInt8>) -> Double? {
        let range = trimmed(bytes)
        var position = range.lowerBound
        guard position < range.upperBound else { return nil }
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative || bytes[position] == UInt8(ascii: "+") { position += 1 }
        var digits: Int64 = 0
        var digitCount = 0
        var fractionCount = 0
        var hasPoint = false
        while position < range.upperBound && digitCount < exactDigitCount {
            let byte = bytes[position]
            if byte == UInt8(ascii: ".") && !hasPoint {
                hasPoint = true
            } else if byte &- UInt8(ascii: "0") < 10 {
                digits = digits * 10 + Int64(byte &- UInt8(ascii: "0"))
                digitCount += 1
                if hasPoint { fractionCount += 1 }
            } else {
                break
            }
            position += 1
        }
        guard position == range.upperBound else { return longNumber(bytes.extracting(range)) }
        guard digitCount > 0 else { return nil }
        let magnitude = Double(digits) / powersOfTen[fractionCount]
        return isNegative ? -magnitude : magnitude
    }

    static func number(_ text: String) -> Double? { number(Array(text.utf8).span) }

    /// Exponents and long numbers, by the standard library; its hexadecimal forms and "nan" are kept out.
    private static func longNumber(_ bytes: Span<UInt8>) -> Double? {
        var copy: [UInt8] = []
        for position in bytes.indices {
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                copy.append(bytes[position])
            default: return nil
            }
        }
        guard let number = Double(String(decoding: copy, as: UTF8.self)), number.isFinite else { return nil }
        return number
    }

    /// What is wrong with a number that is to be counted, summed or multiplied; nil for one that may be.
    static func fault(ofMeasure number: Double?) -> BadRowReason? {
        guard let number else { return .unparseableNumber }
        return NumberLimits.holds(number) ? nil : .numberOutOfRange
    }

    /// The range of `bytes` without the spaces and tabs around it.
    static func trimmed(_ bytes: Span<UInt8>) -> Range<Int> {
        var start = 0
        var end = bytes.count
        while start < end && isBlank(bytes[start]) { start += 1 }
        while end > start && isBlank(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
