/// The name of a version: the creation time, so that names sort by age, and the first half of the manifest's checksum,
/// so that different contents of one millisecond differ: `20260131T235959.123Z-0123abcd`.
package struct VersionName: Sendable, Equatable, Comparable {
    package let text: String

    private static let pattern = "dddddddd" + "T" + "dddddd.dddZ-" + "hhhhhhhh"

    /// - Parameter createdMilliseconds: since 1970-01-01T00:00:00Z, before the year 10000.
    init(createdMilliseconds: Int64, manifestChecksum: UInt64) {
        let days = createdMilliseconds / 86_400_000
        let rest = createdMilliseconds % 86_400_000
        let date = Self.date(ofDay: days)
        let seconds = rest / 1000
        let time = [seconds / 3600, seconds / 60 % 60, seconds % 60]
        let digits = Self.padded(date.year, 4) + Self.padded(date.month, 2) + Self.padded(date.day, 2)
        let clock = time.map { Self.padded($0, 2) }.joined()
        let hash = Self.padded(Int64(manifestChecksum >> 32), 8, radix: 16)
        text = "\(digits)T\(clock).\(Self.padded(rest % 1000, 3))Z-\(hash)"
    }

    /// Nil where the text is not a version's name.
    package init?(_ text: String) {
        guard text.utf8.count == Self.pattern.utf8.count else { return nil }
        for (byte, kind) in zip(text.utf8, Self.pattern.utf8) {
            let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            switch kind {
            case UInt8(ascii: "d"): guard isDigit else { return nil }
            case UInt8(ascii: "h"):
                guard isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte) else { return nil }
            default: guard byte == kind else { return nil }
            }
        }
        self.text = text
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    private static func padded(_ number: Int64, _ width: Int, radix: Int = 10) -> String {
        let digits = String(number, radix: radix)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// The proleptic Gregorian date of a day since 1970-01-01, day 0 or later: whole 400-, 100-, 4- and 1-year periods are
    /// taken off a count that begins in March, so that the leap day ends a year.
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // 719,468 days lie between 0000-03-01 and 1970-01-01.
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let century = min(dayOfEra / 36_524, 3)
        let dayOfCentury = dayOfEra - century * 36_524
        let cycle = dayOfCentury / 1461
        let dayOfCycle = dayOfCentury % 1461
        let yearOfCycle = min(dayOfCycle / 365, 3)
        let dayOfYear = dayOfCycle - yearOfCycle * 365
        // Months from March have 153 days in five.
        let marchMonth = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let year = era * 400 + century * 100 + cycle * 4 + yearOfCycle
        return marchMonth < 10
            ? (year, marchMonth + 3, dayOfMonth) : (year + 1, marchMonth - 9, dayOfMonth)
    }
}
