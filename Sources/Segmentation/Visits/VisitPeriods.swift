/// Weeks counted from the first visit, or days where there are less than two weeks. Where one time is far from the others, as
/// a damaged one is, several weeks are one period.
struct VisitPeriods {
    /// Ten years of weeks: more nobody looks at one by one, and drift is told of each.
    private static let greatestCount: Int64 = 520
    private static let dayMilliseconds: Int64 = 86_400_000

    private let first: Int64
    private let hasWeeks: Bool
    /// Days or weeks of a period.
    private let length: Int64

    init(from first: Int64, to last: Int64) {
        self.first = first
        hasWeeks = last - first >= 14 * Self.dayMilliseconds
        let weeks = (last - first) / (7 * Self.dayMilliseconds) + 1
        length = hasWeeks ? (weeks + Self.greatestCount - 1) / Self.greatestCount : 1
    }

    func period(of time: Int64) -> Int32 {
        Int32((time - first) / (length * (hasWeeks ? 7 : 1) * Self.dayMilliseconds))
    }

    func name(ofPeriod period: Int32) -> String {
        guard hasWeeks else { return "day \(period + 1)" }
        let start = Int64(period) * length
        return length == 1 ? "week \(start + 1)" : "weeks \(start + 1) to \(start + length)"
    }
}
