import Interactions

/// How values are written.
enum FilterText {
    /// The shortest text that reads as the number.
    static func number(_ number: Double) -> String {
        if number == number.rounded(), number.magnitude < 1e15 { return String(Int64(number)) }
        return number.description
    }

    /// In the largest unit that needs no fraction. Weeks are read, not written.
    static func duration(_ milliseconds: Double) -> String {
        for unit in FilterWords.durationUnits where unit.name != "w" {
            let count = milliseconds / unit.milliseconds
            if count == count.rounded(), count.magnitude < 1e15 { return number(count) + unit.name }
        }
        return number(milliseconds) + "ms"
    }

    /// Nil for a unit that there is not.
    static func milliseconds(_ count: Double, _ unit: String) -> Double? {
        FilterWords.durationUnits.first { $0.name == unit }.map { count * $0.milliseconds }
    }

    /// In double quotes.
    static func string(_ text: String) -> String {
        var written = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": written += "\\\""
            case "\\": written += "\\\\"
            case "\n": written += "\\n"
            case "\r": written += "\\r"
            case "\t": written += "\\t"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    written += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                } else {
                    written.unicodeScalars.append(scalar)
                }
            }
        }
        return written + "\""
    }

    /// RFC 3339 with milliseconds where there are any.
    static func time(_ milliseconds: Int64) -> String {
        let day = (milliseconds - (milliseconds % 86_400_000 + 86_400_000) % 86_400_000) / 86_400_000
        let inDay = milliseconds - day * 86_400_000
        let date = civilDate(ofDay: day)
        let (hour, minute) = (inDay / 3_600_000, inDay / 60_000 % 60)
        let (second, fraction) = (inDay / 1_000 % 60, inDay % 1_000)
        let clock = "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
        let rest = fraction == 0 ? "Z" : ".\(padded(fraction, 3))Z"
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T\(clock)\(rest)"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Proleptic Gregorian calendar. Years start in March, so that the leap day is a year's last; 719,468 days lie between
    /// 0000-03-01 and 1970-01-01. Eras of 400 years have 146,097 days.
    private static func civilDate(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// Of a calendar date, with or without a time of day; nil where the text is none, or the year is not 0 to 9999.
    static func milliseconds(ofTime text: String) -> Int64? {
        TimestampParser.calendarMilliseconds(Array(text.utf8).span)
    }

    /// Of a duration as it is written: a number and a unit, perhaps with a sign.
    static func milliseconds(ofDuration text: String) -> Double? {
        // What is no duration is none: the caller tells what it took it for.
        guard let node = try? FilterParser.parse(text), case .value(.duration(let duration)) = node.form else {
            return nil
        }
        return duration
    }
}
