import SeededRandom
import Testing

@testable import TimeSeries

@Suite struct StatisticsTests {
    /// Computed by scipy 1.17.1: stats.t.ppf.
    @Test(
        arguments: [
            (0.975, 5.0, 2.5705818356363146), (0.999, 30, 3.3851848668293045), (0.6, 1, 0.32491969623290634),
            (0.99999, 200, 4.3693895523436925), (0.025, 5, -2.5705818356363146),
        ])
    func quantilesOfStudentsT(probability: Double, degreesOfFreedom: Double, expected: Double) {
        let found = StudentT.quantile(probability, degreesOfFreedom: degreesOfFreedom)
        #expect((found - expected).magnitude < 1e-10 * expected.magnitude)
    }

    /// The data and the three outliers of Rosner 1983, as the NIST/SEMATECH handbook (1.3.5.17.3) prints them with
    /// their statistics and critical values.
    @Test func rosnersExample() {
        let values = [
            -0.25, 0.68, 0.94, 1.15, 1.20, 1.26, 1.26, 1.34, 1.38, 1.43, 1.49, 1.49, 1.55, 1.56, 1.58, 1.65, 1.69, 1.70,
            1.76, 1.77, 1.81, 1.91, 1.94, 1.96, 1.99, 2.06, 2.09, 2.10, 2.14, 2.15, 2.23, 2.24, 2.26, 2.35, 2.37, 2.40,
            2.47, 2.54, 2.62, 2.64, 2.90, 2.92, 2.92, 2.93, 3.21, 3.26, 3.30, 3.59, 3.68, 4.30, 4.64, 5.34, 5.42, 6.01,
        ]
        let outliers = GeneralisedESD.outliers(in: values, limit: 10, centre: .mean)
        #expect(outliers.map(\.index) == [53, 52, 51])
        for (outlier, printed) in zip(outliers, [(3.118, 3.158), (2.942, 3.151), (3.179, 3.143)]) {
            #expect((outlier.statistic - printed.0).magnitude < 0.001)
            #expect((outlier.criticalValue - printed.1).magnitude < 0.001)
        }
    }

    /// Step by step from the definition.
    @Test(arguments: [40, 41])
    func outliersAroundTheMedianAreThoseOfTheDefinition(count: Int) {
        var generator = SplitMix64(seed: UInt64(count))
        var values = (0..<count).map { _ in (generator.nextNormal() * 8).rounded() }
        values[7] = 90
        values[12] = -70
        values[30] = 71
        var left = Array(values.enumerated())
        let outliers = GeneralisedESD.outliers(in: values, limit: 10)
        #expect(outliers.map(\.index) == [7, 30, 12] || outliers.map(\.index) == [7, 12, 30])
        for outlier in outliers {
            let middle = RobustStatistics.median(left.map(\.element))
            let deviation = RobustStatistics.deviation(left.map(\.element), from: middle)
            #expect(((values[outlier.index] - middle).magnitude / deviation - outlier.statistic).magnitude < 1e-12)
            left.removeAll { $0.offset == outlier.index }
        }
    }

    @Test func quantilesAreLinearBetweenValues() {
        #expect(RobustStatistics.quantile(0.25, ofSorted: [0, 10, 20]) == 5)
        #expect(RobustStatistics.median([4, 1, 3, 2]) == 2.5)
        #expect(RobustStatistics.median([]).isNaN)
    }

    @Test func conformalRanksForgetTheOldest() {
        var rank = ConformalRank(capacity: 3)
        #expect(rank.pValue(of: 1) == 1)
        for measure in [5.0, 1, 3] { rank.insert(measure) }
        #expect(rank.pValue(of: 4) == 0.5)
        rank.insert(0)
        #expect(rank.pValue(of: 4) == 0.25)
        #expect(rank.pValue(of: 0) == 1)
    }
}
