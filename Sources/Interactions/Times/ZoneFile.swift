// RFC 8536. A file has a block with times of 32 bits and, from version 2 on, the same with 64 bits, then a line:
//
//     "TZif" version 15 x 0   six counts of 4 bytes   times   types   offsets   names   leap seconds   flags   "\nrule\n"

/// Reads the system's zone files.
enum ZoneFile {
    private struct Header {
        let flagCount: Int
        let leapCount: Int
        let timeCount: Int
        let typeCount: Int
        let nameByteCount: Int
        let standardFlagCount: Int
        let isWide: Bool

        static let byteCount = 44

        /// Of the block's values in bytes.
        func byteCount(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + nameByteCount + leapCount * (timeSize + 4) + standardFlagCount
                + flagCount
        }
    }

    static func rules(_ bytes: [UInt8], name: String) -> TimeZoneRules? {
        guard let narrow = header(bytes, at: 0) else { return nil }
        if !narrow.isWide { return rules(bytes, narrow, at: Header.byteCount, timeSize: 4, name: name) }
        let second = Header.byteCount + narrow.byteCount(timeSize: 4)
        guard let wide = header(bytes, at: second) else { return nil }
        return rules(bytes, wide, at: second + Header.byteCount, timeSize: 8, name: name)
    }

    private static func header(_ bytes: [UInt8], at start: Int) -> Header? {
        guard bytes.count >= start + Header.byteCount, bytes[start..<(start + 4)].elementsEqual("TZif".utf8) else {
            return nil
        }
        let counts = (0..<6).map { Int(integer(bytes, at: start + 20 + 4 * $0, byteCount: 4)) }
        guard counts.allSatisfy({ (0...bytes.count).contains($0) }) else { return nil }
        return Header(
            flagCount: counts[0], leapCount: counts[2], timeCount: counts[3], typeCount: counts[4],
            nameByteCount: counts[5], standardFlagCount: counts[1], isWide: bytes[start + 4] >= UInt8(ascii: "2"))
    }

    private static func rules(
        _ bytes: [UInt8], _ header: Header, at start: Int, timeSize: Int, name: String
    ) -> TimeZoneRules? {
        let end = start + header.byteCount(timeSize: timeSize)
        guard header.typeCount > 0, end <= bytes.count else { return nil }
        let types = start + header.timeCount * timeSize
        let offsets = types + header.timeCount
        let typeOffsets = (0..<header.typeCount).map { integer(bytes, at: offsets + 6 * $0, byteCount: 4) }
        let transitions = (0..<header.timeCount).map { integer(bytes, at: start + $0 * timeSize, byteCount: timeSize) }
        let typeIndexes = (0..<header.timeCount).map { Int(bytes[types + $0]) }
        guard typeIndexes.allSatisfy({ $0 < typeOffsets.count }),
            zip(transitions, transitions.dropFirst()).allSatisfy(<)
        else { return nil }
        let footer = String(decoding: bytes[end...], as: UTF8.self).split(separator: "\n").first.map(String.init)
        return TimeZoneRules(
            name: name, transitions: transitions, offsets: typeIndexes.map { typeOffsets[$0] },
            firstOffset: typeOffsets[0], yearly: footer.flatMap(yearly))
    }

    /// Big-endian, of two's complement.
    private static func integer(_ bytes: [UInt8], at start: Int, byteCount: Int) -> Int64 {
        let value = bytes[start..<(start + byteCount)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return byteCount == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }

    /// Nil for a rule without summer time, and for one that counts days of the year, which no zone of today has.
    private static func yearly(_ rule: String) -> YearlyOffsets? {
        let parts = rule.split(separator: ",")
        guard parts.count == 3, let begin = moment(parts[1]), let end = moment(parts[2]) else { return nil }
        var rest = parts[0]
        skipName(&rest)
        guard let standard = seconds(&rest) else { return nil }
        skipName(&rest)
        let summer = rest.isEmpty ? -standard + 3600 : seconds(&rest).map { -$0 }
        guard let summer else { return nil }
        return YearlyOffsets(standard: -standard, summer: summer, begin: begin, end: end)
    }

    private static func skipName(_ text: inout Substring) {
        if text.first == "<" {
            text = text.drop { $0 != ">" }.dropFirst()
        } else {
            text = text.drop { $0.isLetter }
        }
    }

    /// `[+-]hh[:mm[:ss]]`, west of Greenwich counting as positive.
    private static func seconds(_ text: inout Substring) -> Int64? {
        let number = text.prefix { $0.isNumber || "+-:".contains($0) }
        text = text.dropFirst(number.count)
        return seconds(number)
    }

    private static func seconds(_ text: Substring) -> Int64? {
        let isNegative = text.first == "-"
        let parts = text.drop { $0 == "-" || $0 == "+" }.split(separator: ":").map { Int64($0) }
        guard (1...3).contains(parts.count), parts.allSatisfy({ $0.map { (0...167).contains($0) } == true }) else {
            return nil
        }
        let sum = zip(parts, [Int64(3600), 60, 1]).reduce(Int64(0)) { $0 + ($1.0 ?? 0) * $1.1 }
        return isNegative ? -sum : sum
    }

    /// `M3.5.0/2`
    private static func moment(_ text: Substring) -> YearlyOffsets.Moment? {
        let halves = text.split(separator: "/")
        guard let day = halves.first, day.first == "M" else { return nil }
        let numbers = day.dropFirst().split(separator: ".").compactMap { Int64($0) }
        guard numbers.count == 3, (1...12).contains(numbers[0]), (1...5).contains(numbers[1]),
            (0...6).contains(numbers[2]), let time = halves.count > 1 ? seconds(halves[1]) : 7200
        else { return nil }
        return YearlyOffsets.Moment(month: numbers[0], week: numbers[1], weekday: numbers[2], seconds: time)
    }
}
