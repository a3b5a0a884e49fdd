/// Times that lie years from all others of their file, though each by itself may be one: 1980-01-01 where a program had none,
/// 2049-12-31 for a customer that never leaves.
struct TimeGaps {
    /// For people; nil where there are none.
    private(set) var warning: String?

    /// Longer than this nobody who has customers sells nothing.
    private static let longestPauseYears = 10
    private static let yearMilliseconds: Int64 = 31_557_600_000
    private static let halfDay: Int64 = 43_200_000
    /// From the year 0 to 9999, and a year on both sides.
    private static let yearCount = 10_001
    private static let firstYear = -1970

    /// O(rows): rows are counted by year.
    init(_ times: [Int64], _ judgement: TimeColumn.Judgement) {
        guard let span = judgement.report.span,
            span.upperBound - span.lowerBound > Int64(Self.longestPauseYears) * Self.yearMilliseconds
        else { return }
        var changed: [Int: Int64] = [:]
        for change in judgement.changes { changed[change.row] = change.milliseconds }
        let refused = Set(judgement.refused.map(\.row))
        var counts = [Int](repeating: 0, count: Self.yearCount)
        for (row, given) in times.enumerated() where refused.isEmpty || !refused.contains(row) {
            let time = changed.isEmpty ? given : changed[row] ?? given
            // By half a day more, no year begins before its first day.
            let year = Int(CivilDate.floorDivided(time + Self.halfDay, Self.yearMilliseconds)) - Self.firstYear
            counts[min(max(year, 0), Self.yearCount - 1)] += 1
        }
        let groups = Self.groups(counts)
        guard let main = groups.max(by: { $0.count < $1.count }), groups.count > 1 else { return }
        let far = groups.reduce(0) { $0 + $1.count } - main.count
        let places = groups.filter { $0.years != main.years }.map { Self.text($0.years) }.joined(separator: ", ")
        warning =
            "\(far) of \(far + main.count) times lie more than \(Self.longestPauseYears) years from the others (about "
            + "\(places), the others \(Self.text(main.years))). Where they stand for no time, clear or mend them."
    }

    /// Runs of years without a longer pause than `longestPauseYears` between rows.
    private static func groups(_ counts: [Int]) -> [(years: ClosedRange<Int>, count: Int)] {
        var groups: [(years: ClosedRange<Int>, count: Int)] = []
        for (year, count) in counts.enumerated() where count > 0 {
            if let last = groups.last, year - last.years.upperBound <= longestPauseYears {
                groups[groups.count - 1] = (last.years.lowerBound...year, last.count + count)
            } else {
                groups.append((year...year, count))
            }
        }
        return groups
    }

    private static func text(_ years: ClosedRange<Int>) -> String {
        years.count == 1 ? "\(years.lowerBound)" : "\(years.lowerBound) to \(years.upperBound)"
    }
}
