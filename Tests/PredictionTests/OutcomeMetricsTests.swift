import Prediction
import Segmentation
import Testing

/// Scores with ties, and what scikit-learn 1.9.1 says of them (DeLong's error: from its definition, pair by pair).
@Suite struct OutcomeMetricsTests {
    static let scores: [Double] = [
        0.09, 0.24, 0.8, 0.58, 0.09, 0.43, 0.48, 0.16, 0.73, 0.11, 0.39, 0.52, 0.43, 0.59, 0.74, 0.96, 0.28, 0.65, 0.7,
        0.29, 0.01, 0.97, 0.3, 0.31, 0.89, 0.59, 0.47, 0.77, 0.03, 0.71, 0.37, 0.09, 0.66, 0.93, 0.21, 0.63, 0.3, 0.74,
        0.72, 0.22, 0.83, 0.66, 0.68, 0.82, 0.43, 0.76, 0.88, 0.1, 0.85, 0.39, 0.48, 0.15, 0.7, 0.29, 0.87, 0.28, 0.56,
        0.4, 0.61, 0.2,
    ]
    static let outcomes: [Bool] = [
        0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0,
        1,
        1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0,
    ].map { $0 == 1 }

    @Test func metricsAreScikitLearns() throws {
        let metrics = OutcomeMetrics(
            scores: Self.scores, probabilities: Self.scores, outcomes: Self.outcomes, seed: 1)
        let (area, precision) = (try #require(metrics.area), try #require(metrics.averagePrecision))
        #expect(abs(area.value - 0.8548387096774194) < 1e-12)
        #expect(abs(precision.value - 0.8474102626474669) < 1e-12)
        #expect(abs(metrics.logLoss.value - 0.4731051721979098) < 1e-12)
        #expect(abs(metrics.brier.value - 0.15402666666666667) < 1e-12)
        // Half the interval of the log-odds, back on the scale of the area.
        let spread = area.value * (1 - area.value)
        let logOdds = { (share: Double) in LogOdds.margin(share) }
        let error = (logOdds(area.upper) - logOdds(area.lower)) / 2 / 1.959963984540054 * spread
        #expect(abs(error - 0.0496622785670351) < 1e-9)
        #expect(precision.lower < precision.value && precision.value < precision.upper)
    }

    @Test func binsAreScikitLearns() {
        let metrics = OutcomeMetrics(
            scores: Self.scores, probabilities: Self.scores, outcomes: Self.outcomes, seed: 1)
        let observed = [
            0.0, 0.16666666666666666, 0.2857142857142857, 0.2, 0.5, 0.5, 0.8571428571428571, 0.8, 1.0,
            0.8333333333333334,
        ]
        let predicted = [
            0.06833333333333334, 0.17500000000000002, 0.28285714285714286, 0.372, 0.4533333333333333, 0.575,
            0.6685714285714287, 0.728, 0.8049999999999998, 0.9166666666666666,
        ]
        #expect(metrics.bins.count == 10)
        for (bin, (share, mean)) in zip(metrics.bins, zip(observed, predicted)) {
            #expect(abs(bin.observed.share - share) < 1e-12)
            #expect(abs(bin.meanProbability - mean) < 1e-12)
        }
    }

    @Test func orderOfRowsDoesNotMatter() {
        let order = Self.scores.indices.reversed()
        let metrics = [Array(Self.scores.indices), Array(order)].map { rows in
            OutcomeMetrics(
                scores: rows.map { Self.scores[$0] }, probabilities: rows.map { Self.scores[$0] },
                outcomes: rows.map { Self.outcomes[$0] }, seed: 1)
        }
        #expect(abs((metrics[0].averagePrecision?.value ?? 0) - (metrics[1].averagePrecision?.value ?? 1)) < 1e-14)
        #expect(metrics[0].lifts.map(\.recall) == metrics[1].lifts.map(\.recall))
    }

    @Test func degenerateRowsHaveNoTrap() throws {
        let alike = OutcomeMetrics(
            scores: [1, 1, 1, 1], probabilities: [0.5, 0.5, 0.5, 0.5], outcomes: [true, false, true, false], seed: 1)
        #expect(alike.area?.value == 0.5)
        #expect(alike.averagePrecision?.value == 0.5)
        #expect(alike.calibrationSlope == nil)
        let one = OutcomeMetrics(scores: [3], probabilities: [1], outcomes: [false], seed: 1)
        #expect(one.area == nil && one.averagePrecision == nil && one.lifts.isEmpty)
        #expect(one.logLoss.value.isFinite)
        let perfect = OutcomeMetrics(
            scores: [0, 1, 2, 3], probabilities: [0, 0, 1, 1], outcomes: [false, false, true, true], seed: 1)
        let area = try #require(perfect.area)
        #expect(area.value == 1 && area.lower < 1 && area.upper == 1)
    }

    @Test func calibrationOfCertainProbabilitiesIsSeen() throws {
        // Three in ten where 0.3 is said, and so on: rows in exact proportion.
        var (probabilities, outcomes): ([Double], [Bool]) = ([], [])
        for tenth in 1...9 {
            for row in 0..<1000 {
                probabilities.append(Double(tenth) / 10)
                outcomes.append(row < 100 * tenth)
            }
        }
        let good = OutcomeMetrics(scores: probabilities, probabilities: probabilities, outcomes: outcomes, seed: 1)
        #expect(abs(try #require(good.calibrationSlope).value - 1) < 1e-9)
        #expect(abs(try #require(good.calibrationIntercept).value) < 1e-9)
        #expect(good.calibrationError < 1e-9)
        // Twice the log-odds are too certain by half.
        let certain = probabilities.map { LogOdds.share(2 * LogOdds.margin($0)) }
        let bad = OutcomeMetrics(scores: certain, probabilities: certain, outcomes: outcomes, seed: 1)
        #expect(abs(try #require(bad.calibrationSlope).value - 0.5) < 1e-9)
        #expect(bad.calibrationError > 0.05)
    }

    @Test func liftCountsTheHighestScores() throws {
        let outcomes = (0..<100).map { $0 < 20 }
        let scores = (0..<100).map { Double(100 - $0) }
        let lifts = OutcomeMetrics(
            scores: scores, probabilities: scores.map { $0 / 101 }, outcomes: outcomes, seed: 1
        ).lifts
        let tenth = try #require(lifts.first { $0.share == 0.1 })
        #expect(tenth.lift.value == 5 && tenth.recall == 0.5)
    }

    @Test func intervalsCoverWhatIsTrue() {
        // Normal scores a deviation apart have an area of 0.76025: of 200 samples, 95 % of the intervals hold it.
        var random = SplitMix(state: 5)
        var held = 0
        for _ in 0..<200 {
            let outcomes = (0..<120).map { $0 < 40 }
            let scores = outcomes.map { random.normal() + ($0 ? 1 : 0) }
            guard let area = OutcomeRanking(scores, outcomes).area else { continue }
            held += area.lower <= 0.76025 && 0.76025 <= area.upper ? 1 : 0
        }
        #expect((182...198).contains(held))
    }
}

private struct SplitMix {
    var state: UInt64

    mutating func normal() -> Double {
        var sum = -6.0
        for _ in 0..<12 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            sum += Double(state >> 11) * 0x1p-53
        }
        return sum
    }
}
