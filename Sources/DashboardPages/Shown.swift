import CommandLineInterface
import Printing
import Reporting

/// How values are shown on pages. What is not ours (ids, titles, names of groups) is escaped, and marks that turn the direction of a
/// text are written in digits.
enum Shown {
    static let nothing = "-"

    /// Plain text of others, ready for `Markup`, which escapes it.
    static func text(_ text: String) -> String { PrintableText.part(text) }

    static func count(_ value: Int) -> String { ReadableNumber.count(value) }

    /// Whole numbers as such; else one place less the more digits stand before the point.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return nothing }
        if value == value.rounded() { return ReadableNumber.whole(value) }
        switch value.magnitude {
        case 1000...: return ReadableNumber.whole(value)
        case 100...: return ReadableNumber.fixed(value, 1)
        case 1...: return ReadableNumber.fixed(value, 2)
        default: return ReadableNumber.fixed(value, 4)
        }
    }

    static func percent(_ share: Double?) -> String {
        guard let share, share.isFinite else { return nothing }
        return ReadableNumber.fixed(100 * share, 1) + " %"
    }

    /// `+4.2 %`
    static func change(_ share: Double?) -> String {
        guard let share, share.isFinite else { return nothing }
        return (share >= 0 ? "+" : "") + percent(share)
    }

    /// Words of a name such as `averageOrder`, `recency_days` or `at-risk`.
    static func words(_ name: String) -> String {
        var words = ""
        for character in text(name) {
            switch character {
            case "_": words += " "
            case let letter where letter.isUppercase && words.last?.isLowercase == true:
                words += " " + letter.lowercased()
            default: words.append(character)
            }
        }
        return words
    }

    /// Of an indicator: rates as percentages.
    static func indicator(_ name: String, _ value: Double?) -> String {
        switch name {
        case "conversion", "bounceRate", "stickiness": percent(value)
        default: number(value)
        }
    }

    /// A day and a time of UTC, of milliseconds since 1970.
    static func time(_ milliseconds: Int64) -> String {
        let (days, rest) = floored(milliseconds, by: 86_400_000)
        let minutes = rest / 60_000
        return day(days) + " " + two(minutes / 60) + ":" + two(minutes % 60) + " UTC"
    }

    static func day(ofMilliseconds milliseconds: Int64) -> String { day(floored(milliseconds, by: 86_400_000).0) }

    /// From days since 1970-01-01, as Howard Hinnant's civil_from_days (2013).
    private static func day(_ days: Int64) -> String {
        let shifted = days + 719_468
        let (era, dayOfEra) = floored(shifted, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(year)-" + two(month) + "-" + two(day)
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
