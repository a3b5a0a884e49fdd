import Interactions

/// What events are counted by.
package enum TrendPeriod: String, Sendable, CaseIterable {
    case day
    /// From Monday on.
    case week
    case month

    /// A number that grows by one from one period to the next. `day`: days since 1970-01-01.
    package func number(ofDay day: Int32) -> Int {
        switch self {
        case .day: return Int(day)
        case .week:
            // 1970-01-01 was a Thursday, three days after a Monday.
            let shifted = Int(day) + 3
            return shifted >= 0 ? shifted / 7 : (shifted - 6) / 7
        case .month:
            let parts = Self.date(ofDay: Int(day)).split(separator: "-").compactMap { Int($0) }
            return parts[0] * 12 + parts[1] - 1
        }
    }

    /// The first day of that period.
    package func firstDay(of number: Int) -> Int {
        switch self {
        case .day: return number
        case .week: return number * 7 - 3
        case .month:
            let month = number % 12 + 1
            return Self.day(ofDate: "\(padded(number / 12, 4))-\(padded(month, 2))-01")
        }
    }

    /// `2011-12-09`, of the period's first day; `2011-12` of a month.
    package func name(of number: Int) -> String {
        let date = Self.date(ofDay: firstDay(of: number))
        return self == .month ? String(date.dropLast(3)) : date
    }

    /// Steps after which days repeat themselves.
    package var season: Int? { self == .day ? 7 : nil }

    private static let dayMilliseconds: Int64 = 86_400_000

    private static func date(ofDay day: Int) -> String { GivenTime.text(milliseconds: Int64(day) * dayMilliseconds) }

    private static func day(ofDate text: String) -> Int { Int((GivenTime.milliseconds(text) ?? 0) / dayMilliseconds) }

    private func padded(_ number: Int, _ count: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
