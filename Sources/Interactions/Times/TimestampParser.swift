/// Times from text, as milliseconds since 1970-01-01T00:00:00Z in the proleptic Gregorian calendar.
///
///     2011-12-09T12:50:00Z            RFC 3339: `T`, `t` or a space; an offset; a fraction, cut to milliseconds
///     2011-12-09T12:50:00.25+01:00
///     2011-12-09 12:50:00 UTC         also GMT, +01, +0100, each with or without the space
///     2011-12-09 12:50:00             no offset: UTC
///     2011-12-09 12:50                seconds may be missing
///     2011-12-09                      midnight UTC
///     1323435000                      seconds since 1970, also with a fraction, also negative
///     1323435000000                   milliseconds: a whole part of 10^11 or more (seconds up to the year 5138)
///
/// A leap second (`23:59:60`) is taken as the second after it. Years 0000 to 9999.
package enum TimestampParser {
    /// From here on a number is milliseconds: as seconds it would lie past the year 5138, as milliseconds in 1973.
    static let leastMilliseconds: Int64 = 100_000_000_000
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

    static func epoch(_ text: Span<UInt8>) -> Int64? {
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

    /// A calendar date with or without a time of day, as a time of UTC where it has no offset of its own.
    struct Civil: Equatable {
        let milliseconds: Int64
        let hasOffset: Bool
    }

    private static func dateTime(_ text: Span<UInt8>) -> Int64? { civil(text)?.milliseconds }

    /// The forms with a calendar date in the order of year, month, day, each with all of its digits.
    static func civil(_ text: Span<UInt8>) -> Civil? {
        guard isDateLike(text), let year = number(text, 0, 4), let month = number(text, 5, 2),
            let day = number(text, 8, 2), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let midnight = date.milliseconds
        if text.count == 10 { return Civil(milliseconds: midnight, hasOffset: false) }
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
        return Civil(milliseconds: time - offset * 60_000, hasOffset: position < text.count)
    }

    /// Minutes east of UTC of what reaches from `position` to the end of the text: nothing, `Z`, `UTC`, `GMT`, `+hh`, `+hhmm`,
    /// `+hh:mm`, the same with a minus, each also after a space.
    static func offsetMinutes(_ text: Span<UInt8>, _ start: Int) -> Int64? {
        var position = start
        if position == text.count { return 0 }
        if text[position] == UInt8(ascii: " ") { position += 1 }
        if position == text.count { return nil }
        let rest = text.extracting(position..<text.count)
        for name in zeroOffsetNames where isEqual(rest, name) { return 0 }
        let sign = rest[0]
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = number(rest, 1, 2), hours <= 23 else {
            return nil
        }
        var minutes: Int64? = 0
        if rest.count == 5 { minutes = number(rest, 3, 2) }
        if rest.count == 6 { minutes = rest[3] == UInt8(ascii: ":") ? number(rest, 4, 2) : nil }
        guard [3, 5, 6].contains(rest.count), let minutes, minutes <= 59 else { return nil }
        return sign == UInt8(ascii: "-") ? -(hours * 60 + minutes) : hours * 60 + minutes
    }

    private static let zeroOffsetNames: [[UInt8]] = ["z", "utc", "gmt"].map { Array($0.utf8) }

    private static func isEqual(_ text: Span<UInt8>, _ small: [UInt8]) -> Bool {
        guard text.count == small.count else { return false }
        for position in text.indices where text[position] | 0x20 != small[position] { return false }
        return true
    }

    /// Milliseconds of a fraction that begins with a point at `position`, and where it ends.
    static func fractionMilliseconds(_ text: Span<UInt8>, _ position: Int) -> (Int64, Int)? {
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

    static func digit(_ text: Span<UInt8>, _ position: Int) -> Int64? {
        let value = text[position] &- UInt8(ascii: "0")
        return value < 10 ? Int64(value) : nil
    }

    static func number(_ text: Span<UInt8>, _ start: Int, _ count: Int) -> Int64? {
        guard start + count <= text.count else { return nil }
        var value: Int64 = 0
        for position in start..<(start + count) {
            guard let digit = digit(text, position) else { return nil }
            value = value * 10 + digit
        }
        return value
    }
}
