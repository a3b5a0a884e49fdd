import Testing

@testable import Evaluation

struct RandomisationTestTests {
    /// Every choice of signs, by recursion.
    private func enumerated(_ values: [Double]) -> Double {
        var sums = [0.0]
        for value in values { sums = sums.flatMap { [$0 + value, $0 - value] } }
        let found = abs(values.reduce(0, +))
        return Double(sums.count { abs($0) >= found - 1e-9 }) / Double(sums.count)
    }

    @Test(arguments: [
        [1, 1, 1], [0.5, -0.25, 0.125], [1, -1], [0.3, 0.1, 0.2, -0.6, 0.7, 0.05],
        [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], [-0.4],
    ])
    func fewDifferencesAreEnumerated(values: [Double]) {
        let test = RandomisationTest(of: values)
        #expect(test.method == .exact)
        #expect(test.pValue == enumerated(values))
        // Users without a difference change nothing.
        #expect(RandomisationTest(of: values + [0, 0, 0]) == test)
        #expect(RandomisationTest(of: values.map { -$0 }) == test)
    }

    @Test func handWorked() {
        // Of +-1 +-1 +-1 two of eight choices sum to 3 or -3; no difference at all is as likely as can be.
        #expect(RandomisationTest(of: [1, 1, 1]).pValue == 0.25)
        #expect(RandomisationTest(of: []).pValue == 1)
        #expect(RandomisationTest(of: [0, 0]).pValue == 1)
        #expect(RandomisationTest(of: [0.5]).pValue == 1)
    }

    @Test func drawnSignsComeNearTheEnumeration() {
        let values = [0.9, 0.7, 0.5, -0.3, 0.8, -0.1, 0.2, 0.4, -0.6, 0.3, 0.1, 0.25]
        let exact = enumerated(values)
        let drawn = RandomisationTest(of: values, resampleCount: 4000, seed: 7)
        #expect(drawn.method == .sampled)
        // Four standard errors of 4,000 draws.
        #expect(abs(drawn.pValue - exact) < 4 * (exact * (1 - exact) / 4000).squareRoot())
        #expect(RandomisationTest(of: values, resampleCount: 4000, seed: 7) == drawn)
    }

    @Test func nothingAsExtremeIsNotZero() {
        let test = RandomisationTest(of: Array(repeating: 1, count: 200), resampleCount: 99)
        #expect(test.pValue == 0.01)
        #expect(test.method == .sampled)
    }

    @Test func manyUsersTakeTheNormalDistribution() {
        // n values of 1 among 2n of +-1: z = sum / sqrt(n). 60,000 values with a sum of 480: z = 1.9596, p = 0.05004.
        let values = (0..<60_000).map { $0 < 30_240 ? 1.0 : -1 }
        let test = RandomisationTest(of: values)
        #expect(test.method == .normal)
        #expect(abs(test.pValue - 0.050_043_5) < 1e-6)
    }

    @Test func holmRaisesTheSmallestMost() {
        // Ascending .01 .02 .03 .9 times 4 3 2 1: .04 .06 .06 .9.
        let adjusted = RandomisationTest.holmAdjusted([0.03, 0.01, 0.9, 0.02])
        for (found, wanted) in zip(adjusted, [0.06, 0.04, 0.9, 0.06]) { #expect(abs(found - wanted) < 1e-15) }
        #expect(RandomisationTest.holmAdjusted([0.6, 0.6]) == [1, 1])
        #expect(RandomisationTest.holmAdjusted([0.2]) == [0.2])
        #expect(RandomisationTest.holmAdjusted([]) == [])
    }
}

struct LatencySummaryTests {
    @Test func percentilesAreOfNearestRank() throws {
        let summary = try #require(LatencySummary(nanoseconds: (1...200).reversed().map { Int64($0) * 1000 }))
        #expect(summary.requestCount == 200)
        #expect([summary.p50, summary.p90, summary.p99] == [100, 180, 198])
        #expect(summary.mean == 100.5)
        #expect(abs(summary.totalSeconds - 0.0201) < 1e-15)
    }

    @Test func oneAndNone() throws {
        let one = try #require(LatencySummary(nanoseconds: [1500]))
        #expect([one.mean, one.p50, one.p90, one.p99] == [1.5, 1.5, 1.5, 1.5])
        #expect(LatencySummary(nanoseconds: []) == nil)
    }
}
