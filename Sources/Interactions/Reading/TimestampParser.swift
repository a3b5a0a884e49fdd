/// Times from text, as milliseconds since 1970-01-01T00:00:00Z in the proleptic Gregorian calendar.
///
///     2011-12-09T12:50:00Z            RFC 3339: `T`, `t` or a space; an offset; a fraction, cut to milliseconds
///     2011-12-09T12:50:00.25+01:00
///     2011-12-09 12:50:00             no offset: UTC
///     2011-12-09 12:50                seconds may be missing
///     2011-12-09                      midnight UTC
///     1323435000                      seconds since 1970, also with a fraction, also negative
///     1323435000000                   milliseconds: a whole part of 10^11 or more (seconds up to the year 5138)
///
/// A leap second (`23:59:60`) is taken as the second after it. Years 0000 to 9999.
package enum TimestampParser {
    /// From here on a number is milliseconds: as seconds it would lie past the year 5138, as milliseconds in 1973.
    private static let leastMilliseconds: Int64 = 100_000_000_000
    /// 9999-12-31T23:59:59.999Z; also keeps microseconds from passing for milliseconds.
    private static let greatestTime = NumberLimits.greatestTimeMilliseconds

    /// Any of the forms; nil where the text is none of them.
    static func milliseconds(_ bytes: Span<UInt8>) -> Int64? {
        let range = NumberParser.trimmed(bytes)
        let text = bytes.extracting(range)
        return isDateLike(text) ? dateTime(text) : epoch(text)
    }

    /// The forms with a calendar date only: a number is no time here.
    package static func calendarMilliseconds(_ bytes: Span<UInt8>) -> Int64? {
        isDateLike(bytes) ? dateTime(bytes) : nil
    }

    private static func isDateLike(_ text: Span<UInt8>) -> Bool {
        text.count >= 10 && text[4] == UInt8(ascii: "-") && text[7] == UInt8(ascii: "-")
    }

    private static func epoch(_ text: Span<UInt8>) -> Int64? {
        var position = 0
        let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
        if isNegative { position = 1 }
        let wholeStart = position
        var whole: Int64 = 0
        while position < text.count, let digit = digit(text, position) {
            whole = whole * 10 + digit
            if whole > greatestTime { return nil }
            position += 1
        }
        guard position > wholeStart else { return nil }
        var fraction: Int64 = 0
        if position < text.count {
            guard let (milliseconds, end) = fractionMilliseconds(text, position), end == text.count else { return nil }
            fraction = milliseconds
        }
        let time = whole >= leastMilliseconds ? whole : whole * 1000 + fraction
        return isNegative ? -time : time
    }

    private static func dateTime(_ text: Span<UInt8>) -> Int64? {
        guard let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2),
            (1...12).contains(month), day >= 1, day <= dayCount(year: year, month: month)
        else { return nil }
        let midnight = days(year: year, month: month, day: day) * 86_400_000
        if text.count == 10 { return midnight }
        guard text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: "t") || text[10] == UInt8(ascii: " "),
            text.count >= 16, text[13] == UInt8(ascii: ":"),
            let hour = number(text, 11, 2), let minute = number(text, 14, 2), hour <= 23, minute <= 59
        else { return nil }
        var position = 16
        var time = midnight + (hour * 60 + minute) * 60_000
        if position < text.count && text[position] == UInt8(ascii: ":") {
            guard let second = number(text, 17, 2), second <= 60 else { return nil }
            time += second * 1000
            position = 19
            if let (milliseconds, end) = fractionMilliseconds(text, position) {
                time += milliseconds
                position = end
            }
        }
        guard let offset = offsetMinutes(text, position) else { return nil }
        return time - offset * 60_000
    }

    /// Minutes east of UTC of `Z`, `+hh:mm`, `-hh:mm` or nothing, which must reach to the end of the text.
    private static func offsetMinutes(_ text: Span<UInt8>, _ position: Int) -> Int64? {
        if position == text.count { return 0 }
        let sign = text[position]
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return position + 1 == text.count ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), text.count == position + 6,
            text[position + 3] == UInt8(ascii: ":"), let hours = number(text, position + 1, 2),
            let minutes = number(text, position + 4, 2), hours <= 23, minutes <= 59
        else { return nil }
        return sign == UInt8(ascii: "-") ? -(hours * 60 + minutes) : hours * 60 + minutes
    }

    /// Milliseconds of a fraction that begins with a point at `position`, and where it ends.
    private static func fractionMilliseconds(_ text: Span<UInt8>, _ position: Int) -> (Int64, Int)? {
        guard position < text.count, text[position] == UInt8(ascii: ".") else { return nil }
        var end = position + 1
        var milliseconds: Int64 = 0
        var unit: Int64 = 100
        while end < text.count, let digit = digit(text, end) {
            milliseconds += digit * unit
            unit /= 10
            end += 1
        }
        return end > position + 1 ? (milliseconds, end) : nil
    }

    private static func digit(_ text: Span<UInt8>, _ position: Int) -> Int64? {
        let value = text[position] &- UInt8(ascii: "0")
        return value < 10 ? Int64(value) : nil
    }

    private static func number(_ text: Span<UInt8>, _ start: Int, _ count: Int) -> Int64? {
        guard start + count <= text.count else { return nil }
        var value: Int64 = 0
        for position in start..<(start + count) {
            guard let digit = digit(text, position) else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    private static func dayCount(year: Int64, month: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// Days since 1970-01-01: the year is counted from March, so that the leap day is its last (Hinnant 2013,
    /// "chrono-compatible low-level date algorithms"). 719,468 days lie between 0000-03-01 and 1970-01-01.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        // One era of 400 years is added and taken off, so that January of the year 0 divides like the others.
        let marchYear = (month <= 2 ? year - 1 : year) + 400
        let era = marchYear / 400
        let yearOfEra = marchYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era - 1) * 146_097 + dayOfEra - 719_468
    }
}
