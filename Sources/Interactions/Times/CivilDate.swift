/// A day of the proleptic Gregorian calendar.
struct CivilDate: Equatable {
    let year: Int64
    let month: Int64
    let day: Int64

    static let dayMilliseconds: Int64 = 86_400_000

    /// Nil where there is no such day between the years 0 and 9999.
    init?(year: Int64, month: Int64, day: Int64) {
        guard (0...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.dayCount(year: year, month: month)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that a time of UTC lies in (Hinnant 2013, "chrono-compatible low-level date algorithms", civil_from_days).
    init(milliseconds: Int64) {
        let shifted = Self.floorDivided(milliseconds, Self.dayMilliseconds) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Of its midnight, in UTC.
    var milliseconds: Int64 { days * Self.dayMilliseconds }

    /// Days since 1970-01-01: the year is counted from March, so that the leap day is its last (Hinnant 2013,
    /// days_from_civil). 719,468 days lie between 0000-03-01 and 1970-01-01.
    var days: Int64 {
        // One era of 400 years is added and taken off, so that January of the year 0 divides like the others.
        let marchYear = (month <= 2 ? year - 1 : year) + 400
        let era = marchYear / 400
        let yearOfEra = marchYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era - 1) * 146_097 + dayOfEra - 719_468
    }

    static func floorDivided(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    static func dayCount(year: Int64, month: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}

extension CivilDate {
    /// `1997-06-30`, or `1997-06-30 12:00:00` where the time of day is not midnight.
    static func text(milliseconds: Int64) -> String {
        let date = CivilDate(milliseconds: milliseconds)
        func padded(_ number: Int64, _ count: Int) -> String {
            let digits = "\(number.magnitude)"
            return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, count - digits.count)) + digits
        }
        let day = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        let seconds = (milliseconds - date.milliseconds) / 1000
        if seconds == 0 { return day }
        return "\(day) \(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    }
}
