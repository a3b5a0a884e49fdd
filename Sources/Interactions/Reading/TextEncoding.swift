/// How a text file's bytes mean characters.
package enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    /// As the web reads both names (WHATWG, "Encoding"): bytes from 0x80 to 0x9F are quotes, dashes and the euro.
    case latin1 = "latin-1"
    case windows1252 = "windows-1252"
    /// With a byte order mark, else little-endian.
    case utf16 = "utf-16"
    case utf16BigEndian = "utf-16be"

    static let advice =
        "Bytes that are no UTF-8 are mostly windows-1252, which programs of Western Europe and America write: "
        + "--encoding windows-1252. Others: iconv -f ENCODING -t UTF-8."

    /// Of bytes 0x80 to 0x9F in windows-1252; those without a character there are controls.
    static let windows1252Upper: [UInt16] = [
        0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,
        0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
        0x0153, 0x9d, 0x017e, 0x0178,
    ]
}

/// Turns bytes of another encoding into UTF-8, piece by piece.
struct Transcoder {
    private let encoding: TextEncoding
    private var isBigEndian: Bool
    private var isBegun = false
    /// UTF-16: the first byte of a unit whose second has not come.
    private var half: UInt8?
    /// UTF-16: the first unit of a pair.
    private var high: UInt32?

    /// What a byte may become at most.
    static let greatestFactor = 3

    init(_ encoding: TextEncoding) {
        self.encoding = encoding
        isBigEndian = encoding == .utf16BigEndian
    }

    /// Writes `input[..<count]` as UTF-8 into `output` from `start` on, which has room for `greatestFactor` times as much and
    /// three bytes more; returns how many bytes that took.
    mutating func transcode(_ input: [UInt8], _ count: Int, into output: inout [UInt8], from start: Int) -> Int {
        var end = start
        switch encoding {
        case .utf8:
            for position in 0..<count { output[start + position] = input[position] }
            end += count
        case .latin1, .windows1252:
            for position in 0..<count {
                let byte = input[position]
                let isUpper = byte >= 0x80 && byte < 0xa0
                let scalar = isUpper ? UInt32(TextEncoding.windows1252Upper[Int(byte) - 0x80]) : UInt32(byte)
                Self.append(scalar, &output, &end)
            }
        case .utf16, .utf16BigEndian:
            for position in 0..<count { take(input[position], &output, &end) }
        }
        return end - start
    }

    /// At the end of the input: what is left of an unfinished unit.
    mutating func finish(into output: inout [UInt8], from start: Int) -> Int {
        var end = start
        if half != nil || high != nil { Self.append(0xfffd, &output, &end) }
        (half, high) = (nil, nil)
        return end - start
    }

    private mutating func take(_ byte: UInt8, _ output: inout [UInt8], _ end: inout Int) {
        guard let first = half else {
            half = byte
            return
        }
        half = nil
        var unit = isBigEndian ? UInt32(first) << 8 | UInt32(byte) : UInt32(byte) << 8 | UInt32(first)
        if !isBegun {
            isBegun = true
            if unit == 0xfffe {
                isBigEndian.toggle()
                unit = 0xfeff
            }
            if unit == 0xfeff { return }
        }
        if let lead = high {
            high = nil
            if (0xdc00...0xdfff).contains(unit) {
                Self.append(0x10000 + (lead - 0xd800) << 10 + (unit - 0xdc00), &output, &end)
                return
            }
            Self.append(0xfffd, &output, &end)
        }
        switch unit {
        case 0xd800...0xdbff: high = unit
        case 0xdc00...0xdfff: Self.append(0xfffd, &output, &end)
        default: Self.append(unit, &output, &end)
        }
    }

    private static func append(_ scalar: UInt32, _ output: inout [UInt8], _ end: inout Int) {
        func put(_ value: UInt32) {
            output[end] = UInt8(truncatingIfNeeded: value)
            end += 1
        }
        switch scalar {
        case 0..<0x80: put(scalar)
        case 0x80..<0x800:
            put(0xc0 | scalar >> 6)
            put(0x80 | scalar & 0x3f)
        case 0x800..<0x10000:
            put(0xe0 | scalar >> 12)
            put(0x80 | scalar >> 6 & 0x3f)
            put(0x80 | scalar & 0x3f)
        default:
            put(0xf0 | scalar >> 18)
            put(0x80 | scalar >> 12 & 0x3f)
            put(0x80 | scalar >> 6 & 0x3f)
            put(0x80 | scalar & 0x3f)
        }
    }
}
