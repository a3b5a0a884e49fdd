import Testing

@testable import TimeSeries

@Suite struct GridTests {
    private static let day: Int64 = 86_400_000

    @Test func daysThatAreMissingAreGaps() {
        let grid = SeriesGrid(times: [0, 1, 2, 5].map { $0 * Self.day })
        #expect(grid.isEven && grid.cells == [0, 1, 2, nil, nil, 3])
        #expect(grid.naturalPeriod == nil)
    }

    @Test func anHourOfSummerTimeMovesNoDay() {
        let grid = SeriesGrid(times: (0..<20).map { Int64($0) * Self.day - ($0 > 9 ? 3_600_000 : 0) })
        #expect(grid.isEven && grid.cells == Array(0..<20).map { Optional($0) })
        #expect(grid.naturalPeriod == 7)
    }

    @Test func minutesRepeatThemselvesByDay() {
        #expect(SeriesGrid(times: (0..<600).map { Int64($0) * 300_000 }).naturalPeriod == 288)
        #expect(SeriesGrid(times: (0..<500).map { Int64($0) * 300_000 }).naturalPeriod == nil)
    }

    @Test func unevenTimesStayAsTheyStand() {
        #expect(SeriesGrid(times: [0, 100, 50, 200]).isEven == false)
        #expect(SeriesGrid(times: [0, 100, 150, 350]).cells == [0, 1, 2, 3])
        #expect(SeriesGrid(times: [0, 1, 2, Self.day * 3_000_000]).isEven == false)
        #expect(SeriesGrid(times: []).cells.isEmpty)
        #expect(SeriesGrid(times: [4, 4, 4]).stepMilliseconds == nil)
    }
}
