import SeededRandom
import Testing

@testable import TimeSeries

@Suite struct ForecastTests {
    private static func week(_ count: Int, seed: UInt64 = 11) -> [Double?] {
        var generator = SplitMix64(seed: seed)
        let week: [Double] = [10, 20, 30, 40, 50, 5, 0]
        return (0..<count).map { day in 100 + week[day % 7] + 6 * generator.nextNormal() }
    }

    @Test func theNaiveOneRepeatsTheLastPeriodAndSkipsGaps() {
        let history: [Double?] = [1, 2, 3, nil, 5, 6]
        #expect(
            ForecastMethod.seasonalNaive.forecasts(history[...], period: 3, horizon: 4) == [1, 5, 6, 1])
        #expect(ForecastMethod.seasonalNaive.forecasts([7, nil][...], period: nil, horizon: 2) == [7, 7])
        #expect(ForecastMethod.seasonalNaive.forecasts([][...], period: 7, horizon: 1) == [nil])
    }

    @Test(arguments: ForecastMethod.allCases)
    func aWeekdayThatIsAlwaysClosedStaysClosed(method: ForecastMethod) {
        let history = Self.week(70).enumerated().map { $0.offset % 7 == 6 ? nil : $0.element }
        let next = method.forecasts(history[...], period: 7, horizon: 14)
        #expect(next.enumerated().filter { $0.element == nil }.map(\.offset) == [6, 13])
    }

    @Test func smoothingFollowsALine() throws {
        let line: [Double?] = (0..<60).map { Double(2 * $0) }
        let next = ForecastMethod.exponentialSmoothing.forecasts(line[...], period: nil, horizon: 1)
        let value = try #require(next[0])
        #expect((value - 120).magnitude < 3)
    }

    @Test func intervalsHoldTheirShare() throws {
        let study = ForecastStudy(Self.week(300), period: 7, horizon: 14)
        #expect(study.method == .exponentialSmoothing)
        #expect((0.75...0.85).contains(study.coverage.share))
        #expect(study.coverage.count > 1500)
        let points = study.forecast
        #expect(points.count == 14)
        for point in points {
            let known = try #require(point)
            let interval = try #require(known.interval)
            #expect(interval.contains(known.value) && interval.lowerBound >= 0)
        }
    }

    @Test(arguments: [[], [nil, nil, nil], [5], Array(repeating: 3, count: 13)] as [[Double?]])
    func tooLittleIsNoForecast(series: [Double?]) {
        let study = ForecastStudy(series, period: 7, horizon: 3)
        #expect(study.method == nil && study.forecast == [nil, nil, nil])
        #expect(study.coverage.count == 0)
    }

    @Test func nothingKnownIsNothingForecast() {
        let study = ForecastStudy(Array(repeating: nil, count: 40), period: 7, horizon: 3)
        #expect(study.forecast == [nil, nil, nil])
    }
}
