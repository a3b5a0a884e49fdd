/// The rows of a series on an even grid of times, so that a gap is a gap.
package struct SeriesGrid: Sendable, Equatable {
    /// Between neighbouring rows, most often; nil where there are fewer than two rows or none is later than the one before it.
    package let stepMilliseconds: Int64?
    /// A row's number, or nil where nothing was measured.
    package let cells: [Int?]
    /// Whether the rows lie on a grid; if not, they stand one after another.
    package let isEven: Bool

    /// Of a series that was measured so seldom nobody can say what is missing.
    private static let greatestCellsPerRow = 10
    /// A row may be off its place by so much of a step: an hour of a day, where clocks change.
    private static let tolerance = 0.1

    /// - Parameter times: of the rows, in their order.
    package init(times: [Int64]) {
        let differences = zip(times.dropFirst(), times).map { $0 &- $1 }
        let forward = differences.filter { $0 > 0 }.sorted()
        stepMilliseconds = forward.isEmpty ? nil : forward[forward.count / 2]
        let rows = times.indices.map { Optional($0) }
        guard let step = stepMilliseconds, differences.allSatisfy({ $0 > 0 }) else {
            (cells, isEven) = (rows, false)
            return
        }
        var cells: [Int?] = [0]
        for (row, difference) in differences.enumerated() {
            let steps = Double(difference) / Double(step)
            let whole = steps.rounded()
            guard whole >= 1, (steps - whole).magnitude <= Self.tolerance,
                Double(cells.count) + whole <= Double(Self.greatestCellsPerRow * times.count)
            else {
                (self.cells, isEven) = (rows, false)
                return
            }
            cells += Array(repeating: nil, count: Int(whole) - 1)
            cells.append(row + 1)
        }
        (self.cells, isEven) = (cells, true)
    }

    /// After how many steps such a series repeats itself: a day of steps below a day, a week of days; nil for others, and where two
    /// periods have not been seen.
    package var naturalPeriod: Int? {
        guard let step = stepMilliseconds else { return nil }
        let day: Int64 = 86_400_000
        let period = step <= day / 4 ? Int((day + step / 2) / step) : step == day ? 7 : nil
        return period.flatMap { cells.count >= 2 * $0 ? $0 : nil }
    }
}
