/// A day of the calendar, counted from 1970-01-01.
struct CivilDay: Sendable, Comparable {
    let number: Int

    private init(number: Int) { self.number = number }

    /// Of `2011-12-09`; nil of anything else. Days from the years, as Howard Hinnant's days_from_civil (2013) counts them.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, text.utf8.count == 10, let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2]), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    func advanced(by days: Int) -> CivilDay { CivilDay(number: number + days) }

    static func < (first: CivilDay, second: CivilDay) -> Bool { first.number < second.number }

    /// Whether a period has a day that is not before `earliest`; a week is named by its first day. Names that are no days are never
    /// within.
    static func isWithin(_ name: String, _ unit: String, since earliest: CivilDay?) -> Bool {
        guard let earliest else { return true }
        guard let day = CivilDay(name) else { return false }
        return day.advanced(by: unit == "week" ? 6 : 0) >= earliest
    }
}
