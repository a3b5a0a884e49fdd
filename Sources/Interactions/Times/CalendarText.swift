/// A date, with or without a time of day, in the forms that people and spreadsheets write:
///
///     2011/12/9 8:26          the year first: no doubt
///     31/12/2010 08:26        the day first, as no month is the 31st; also with . and -, and with a year of two digits where the
///     12/31/2010 8:26:00 PM   caller says which part comes first
///     01/12/2010              either
///     31 Dec 2010, 31-Dec-2010, Dec 31, 2010, Fri, 31 Dec 2010 08:26:00 GMT
struct CalendarText: Equatable {
    enum Order: Equatable {
        /// The text itself leaves no doubt.
        case certain
        case dayFirst
        case monthFirst
        /// Day and month are both at most 12, and different.
        case either
    }

    let order: Order
    /// As a time of UTC where the text has no offset; with the day first where either may be.
    let milliseconds: Int64
    /// With the month first; the same as `milliseconds` where there is no doubt.
    let monthFirstMilliseconds: Int64
    let hasOffset: Bool

    /// - Parameter form: `dayFirst` and `monthFirst` decide, and allow years of two digits.
    static func parse(_ text: Span<UInt8>, form: TimeForm?) -> CalendarText? {
        guard text.count <= Cursor.greatestByteCount else { return nil }
        var cursor = Cursor(text)
        guard let date = cursor.namedDate() ?? cursor.numericDate(form: form) else { return nil }
        guard let clock = cursor.clock() else { return nil }
        let (milliseconds, hasOffset) = clock
        return CalendarText(
            order: date.order, milliseconds: date.first.milliseconds + milliseconds,
            monthFirstMilliseconds: date.second.milliseconds + milliseconds, hasOffset: hasOffset)
    }
}

private struct Cursor {
    /// `Wednesday, 31 September 2010 08:26:00.123456789 +01:00` has fewer.
    static let greatestByteCount = 64

    struct DateParts {
        let order: CalendarText.Order
        let first: CivilDate
        let second: CivilDate
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    /// POSIX reads years of two digits so: 69 to 99 are of the twentieth century.
    private static let firstYearOfThePast: Int64 = 69

    private var text = InlineArray<64, UInt8>(repeating: 0)
    private let count: Int
    private var position = 0

    init(_ bytes: Span<UInt8>) {
        count = bytes.count
        for position in bytes.indices { text[position] = bytes[position] }
    }

    private var isAtEnd: Bool { position == count }
    private var byte: UInt8 { position < count ? text[position] : 0 }

    /// Up to four digits.
    private mutating func number() -> (value: Int64, digitCount: Int)? {
        let start = position
        var value: Int64 = 0
        while byte &- UInt8(ascii: "0") < 10 {
            value = value * 10 + Int64(byte &- UInt8(ascii: "0"))
            position += 1
            if position - start > 4 { return nil }
        }
        return position > start ? (value, position - start) : nil
    }

    private mutating func word() -> String? {
        let start = position
        while (byte | 0x20) &- UInt8(ascii: "a") < 26 { position += 1 }
        guard position - start >= 2 else {
            position = start
            return nil
        }
        return String(decoding: (start..<position).map { text[$0] | 0x20 }, as: UTF8.self)
    }

    private mutating func take(_ bytes: StaticString) -> UInt8? {
        let byte = byte
        guard !isAtEnd,
            unsafe UnsafeBufferPointer(start: bytes.utf8Start, count: bytes.utf8CodeUnitCount).contains(byte)
        else { return nil }
        position += 1
        return byte
    }

    private mutating func skip(_ bytes: StaticString) { while take(bytes) != nil {} }

    /// The number of the month whose name or at least three of its first letters the word is.
    private static func month(_ word: String) -> Int64? {
        guard word.utf8.count >= 3 else { return nil }
        return months.firstIndex { $0.hasPrefix(word) || word == "sept" && $0 == "september" }.map { Int64($0) + 1 }
    }

    /// With the month's name; where there is none, nothing is read.
    mutating func namedDate() -> DateParts? {
        let start = position
        if let date = namedDateOrNil() { return DateParts(order: .certain, first: date, second: date) }
        position = start
        return nil
    }

    private mutating func namedDateOrNil() -> CivilDate? {
        var first = word()
        if let name = first, name.utf8.count >= 3, Self.weekdays.contains(where: { $0.hasPrefix(name) }) {
            skip(",. ")
            first = word()
        }
        if let first {
            guard let month = Self.month(first) else { return nil }
            skip(". ")
            guard let day = number(), day.digitCount <= 2 else { return nil }
            skip(", ")
            guard let year = number(), year.digitCount == 4 else { return nil }
            return CivilDate(year: year.value, month: month, day: day.value)
        }
        guard let leading = number(), take(" -/.") != nil else { return nil }
        skip(" ")
        guard let name = word(), let month = Self.month(name) else { return nil }
        skip(" -/.,")
        guard let trailing = number() else { return nil }
        if leading.digitCount == 4 { return CivilDate(year: leading.value, month: month, day: trailing.value) }
        guard trailing.digitCount == 4 else { return nil }
        return CivilDate(year: trailing.value, month: month, day: leading.value)
    }

    mutating func numericDate(form: TimeForm?) -> DateParts? {
        guard let first = number(), let separator = take("/.-"), let second = number(), take("/.-") == separator,
            let third = number(), first.digitCount != 3, second.digitCount <= 2
        else { return nil }
        if first.digitCount == 4 {
            guard third.digitCount <= 2,
                let date = CivilDate(year: first.value, month: second.value, day: third.value)
            else { return nil }
            return DateParts(order: .certain, first: date, second: date)
        }
        var year = third.value
        if third.digitCount == 2, form == .dayFirst || form == .monthFirst {
            year += year < Self.firstYearOfThePast ? 2000 : 1900
        } else if third.digitCount != 4 {
            return nil
        }
        let dayFirst = form == .monthFirst ? nil : CivilDate(year: year, month: second.value, day: first.value)
        let monthFirst = form == .dayFirst ? nil : CivilDate(year: year, month: first.value, day: second.value)
        switch (dayFirst, monthFirst) {
        case (let date?, nil): return DateParts(order: .dayFirst, first: date, second: date)
        case (nil, let date?): return DateParts(order: .monthFirst, first: date, second: date)
        case (let one?, let other?):
            return DateParts(order: one == other ? .certain : .either, first: one, second: other)
        case (nil, nil): return nil
        }
    }

    /// The rest of the text: nothing, or a time of day and an offset. As milliseconds to add.
    mutating func clock() -> (milliseconds: Int64, hasOffset: Bool)? {
        if isAtEnd { return (0, false) }
        guard take(" Tt,:") != nil else { return nil }
        skip(" ")
        guard let hour = number(), hour.digitCount <= 2, take(":") != nil, let minute = number(),
            minute.digitCount == 2,
            hour.value <= 23, minute.value <= 59
        else { return nil }
        var seconds: Int64 = 0
        var milliseconds: Int64 = 0
        if take(":") != nil {
            guard let second = number(), second.digitCount == 2, second.value <= 60 else { return nil }
            seconds = second.value
            if let (fraction, end) = TimestampParser.fractionMilliseconds(
                text.span.extracting(0..<count), position)
            {
                (milliseconds, position) = (fraction, end)
            }
        }
        guard let hours = hourOfTheDay(hour.value),
            let offset = TimestampParser.offsetMinutes(text.span.extracting(0..<count), position)
        else { return nil }
        return (((hours * 60 + minute.value - offset) * 60 + seconds) * 1000 + milliseconds, !isAtEnd)
    }

    /// Of 24, where AM or PM follows an hour of 12.
    private mutating func hourOfTheDay(_ hour: Int64) -> Int64? {
        let start = position
        skip(" ")
        switch word() {
        case "am": return (1...12).contains(hour) ? hour % 12 : nil
        case "pm": return (1...12).contains(hour) ? hour % 12 + 12 : nil
        default:
            position = start
            return hour
        }
    }
}
