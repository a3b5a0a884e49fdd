/// The time the shop is watched: 180 days from a Monday, all in UTC.
enum ShopCalendar {
    static let dayCount = 180
    /// 2025-01-06T00:00:00Z, a Monday, in seconds since 1970.
    static let start = 1_736_121_600
    static let secondsPerDay = 86_400
    /// Items launched within this many days of the end count as brand-new.
    static let brandNewDayCount = 7

    /// Visits from Monday to Sunday in per cent of a usual day: shops are fuller at the weekend.
    private static let weekdayPercents = [88, 84, 86, 92, 108, 138, 124]
    /// The shop grows by this many thousandths of its first day's visits each day: about half as many again at the end.
    private static let growthPerDay = 3
    /// Visits in each hour of the day, none after 22 o'clock so that a session ends on its own day.
    private static let hourWeights = [
        2, 1, 1, 1, 1, 2, 4, 8, 12, 14, 15, 16, 18, 16, 14, 14, 16, 20, 26, 32, 34, 26, 0, 0,
    ]

    /// Cumulative weights of the days.
    static let days = cumulated(
        (0..<dayCount).map { weekdayPercents[$0 % 7] * (1000 + growthPerDay * $0) })
    /// Cumulative weights of the hours.
    static let hours = cumulated(hourWeights)

    /// Per cent by which a style is wanted on a day: 160 at its season's peak, falling evenly to 100 over 60 days.
    static func seasonPercent(peakDay: Int, day: Int) -> Int {
        160 - min(abs(day - peakDay), 60)
    }

    /// RFC 3339, such as `2025-03-04T12:34:56Z`, from seconds since 1970 (not negative).
    ///
    /// The date is by H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`: years begin in March,
    /// 146,097 days are a cycle of 400 years.
    static func append(time seconds: Int, to bytes: inout [UInt8]) {
        let (dayNumber, second) = seconds.quotientAndRemainder(dividingBy: secondsPerDay)
        let shifted = dayNumber + 719_468
        let (cycle, dayOfCycle) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfCycle =
            (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0)
        bytes.append(number: year, width: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(number: month, width: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(number: day, width: 2)
        bytes.append(UInt8(ascii: "T"))
        bytes.append(number: second / 3600, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(number: second / 60 % 60, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(number: second % 60, width: 2)
        bytes.append(UInt8(ascii: "Z"))
    }
}
