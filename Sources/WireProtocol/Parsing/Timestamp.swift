/// Times on the wire: RFC 3339 (section 5.6) text to milliseconds since 1970-01-01T00:00:00Z.
enum Timestamp {
    /// 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z: what RFC 3339 can write.
    static let minimumMilliseconds = -62_167_219_200_000
    static let maximumMilliseconds = 253_402_300_799_999

    /// Nil where the text is not RFC 3339. Digits after the third of a second's fraction are cut off; a leap second (`:60`) counts
    /// as the first moment of the next minute.
    static func milliseconds(rfc3339 text: WireString) -> Int64? {
        var scanner = Scanner(text)
        guard let year = scanner.digits(4), scanner.take("-"), let month = scanner.digits(2, 1...12), scanner.take("-"),
            let day = scanner.digits(2, 1...31), day <= daysInMonth(month, year), scanner.take("T", "t", " "),
            let hour = scanner.digits(2, 0...23), scanner.take(":"), let minute = scanner.digits(2, 0...59),
            scanner.take(":"),
            let second = scanner.digits(2, 0...60), let fraction = scanner.fraction(),
            let offset = scanner.offsetMinutes(),
            scanner.isAtEnd
        else { return nil }
        let minutes = (daysSince1970(year, month, day) * 24 + hour) * 60 + minute - offset
        return Int64((minutes * 60 + second) * 1000 + fraction)
    }

    private static func daysInMonth(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        default: 31
        }
    }

    /// Proleptic Gregorian calendar. Years start in March, so that the leap day is a year's last; 719,468 days lie between
    /// 0000-03-01 and 1970-01-01.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let marchYear = month > 2 ? year : year - 1
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let leapDays =
            (marchYear >= 0 ? marchYear : marchYear - 3) / 4 - (marchYear >= 0 ? marchYear : marchYear - 99) / 100
            + (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        return marchYear * 365 + leapDays + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
    }
}

private struct Scanner {
    private let text: WireString
    private var position = 0

    init(_ text: WireString) { self.text = text }

    var isAtEnd: Bool { position == text.count }

    private var byte: UInt8? { position < text.count ? unsafe text.bytes[position] : nil }

    mutating func take(_ characters: Unicode.Scalar...) -> Bool {
        guard let byte, characters.contains(Unicode.Scalar(byte)) else { return false }
        position += 1
        return true
    }

    mutating func digits(_ count: Int, _ range: ClosedRange<Int> = 0...9999) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return range.contains(value) ? value : nil
    }

    /// Milliseconds: 0 where there is no fraction, nil where a point has no digit.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        guard var milliseconds = digit() else { return nil }
        var count = 1
        while let digit = digit() {
            if count < 3 { milliseconds = milliseconds * 10 + digit }
            count += 1
        }
        while count < 3 {
            milliseconds *= 10
            count += 1
        }
        return milliseconds
    }

    mutating func offsetMinutes() -> Int? {
        if take("Z", "z") { return 0 }
        let sign = byte == UInt8(ascii: "-") ? -1 : 1
        guard take("+", "-"), let hours = digits(2, 0...23), take(":"), let minutes = digits(2, 0...59) else {
            return nil
        }
        return sign * (hours * 60 + minutes)
    }

    private mutating func digit() -> Int? {
        guard let byte, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        position += 1
        return Int(byte - UInt8(ascii: "0"))
    }
}
