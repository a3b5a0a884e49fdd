import Testing

@testable import TimeSeries

@Suite struct DecompositionTests {
    /// A rising line, a week, some disorder, and one wild value.
    private static let series: [Double] = (0..<40).map { place in
        let week: [Double] = [5, 0, -3, 2, 8, -6, -6]
        let disorder = Double(place * 7919 % 13)
        let wild: Double = place == 17 ? 40 : 0
        return disorder + 0.5 * Double(place) + week[place % 7] + wild
    }

    /// Computed by statsmodels 0.15.0: STL(series, period=7, seasonal=7, robust=...).fit().
    @Test(
        arguments: [
            (0, 4.71781960051156, 0.29035721370878154), (9, 9.73657311950852, -3.239102520681633),
            (17, 14.161774906661728, 4.3451854700170385), (25, 18.45631856023947, 11.648583879867848),
            (39, 25.990390494216904, 11.651434076263602),
        ])
    func robustPartsAreThoseOfStatsmodels(place: Int, trend: Double, seasonal: Double) throws {
        let parts = try #require(SeasonalDecomposition(Self.series, period: 7))
        #expect((parts.trend[place] - trend).magnitude < 1e-9)
        #expect((parts.seasonal[place] - seasonal).magnitude < 1e-9)
        #expect((parts.remainder[place] - Self.series[place] + trend + seasonal).magnitude < 1e-9)
    }

    @Test(
        arguments: [
            (0, 5.8680455789143515, -0.9029205035508004), (9, 10.64014087468097, -5.142268433230795),
            (17, 19.75934171558765, 13.873703262118875), (25, 18.08150653747749, 10.370779658745532),
            (39, 23.668328426120034, 7.887603235231377),
        ])
    func plainPartsAreThoseOfStatsmodels(place: Int, trend: Double, seasonal: Double) throws {
        let parts = try #require(SeasonalDecomposition(Self.series, period: 7, isRobust: false))
        #expect((parts.trend[place] - trend).magnitude < 1e-9)
        #expect((parts.seasonal[place] - seasonal).magnitude < 1e-9)
    }

    @Test func lessThanTwoPeriodsHaveNoSeason() {
        #expect(SeasonalDecomposition(Array(repeating: 1, count: 13), period: 7) == nil)
        #expect(SeasonalDecomposition([1, 2, 3], period: 1) == nil)
        #expect(SeasonalDecomposition([], period: 7) == nil)
    }

    @Test func aConstantIsItsTrend() throws {
        let parts = try #require(SeasonalDecomposition(Array(repeating: 3, count: 30), period: 7))
        #expect(parts.trend.allSatisfy { ($0 - 3).magnitude < 1e-12 })
        #expect(parts.remainder.allSatisfy { $0.magnitude < 1e-12 })
    }

    @Test func gapsAreFilledFromTheSamePhase() {
        let series: [Double?] = [1, 10, 1, nil, 3, 30, nil, nil]
        #expect(GapFilling.filled(series, period: 2) == [1, 10, 1, 20, 3, 30, 3, 30])
        #expect(GapFilling.filled([nil, 4, nil, 8], period: nil) == [4, 4, 6, 8])
        #expect(GapFilling.filled([nil, nil], period: nil) == [0, 0])
    }
}
