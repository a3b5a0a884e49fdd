import SeededRandom
import Testing

@testable import Evaluation

struct ConfidenceIntervalTests {
    private let settings = BootstrapSettings(resampleCount: 1000, seed: 42)

    @Test func agreesWithTheNormalIntervalOnManyUsers() throws {
        // 2,000 users, 30 % ones: standard error sqrt(0.3 * 0.7 / 1999) = 0.0102496.
        let values = (0..<2000).map { $0 % 10 < 3 ? 1.0 : 0 }
        let interval = try #require(ConfidenceInterval(ofMeanOf: values, settings: settings))
        #expect(interval.method == .bootstrap)
        #expect(abs(interval.mean - 0.3) < 1e-12)
        let error = try #require(interval.standardError)
        #expect(abs(error - 0.010_249_6) < 1e-6)
        // Percentiles of 1,000 resamples scatter by about 0.08 standard errors; 0.3 is almost four times that.
        #expect(abs(interval.lower - (0.3 - 1.96 * error)) < 0.3 * error)
        #expect(abs(interval.upper - (0.3 + 1.96 * error)) < 0.3 * error)
    }

    @Test func coversTheTruthAsOftenAsItSays() {
        // 400 samples of 60 uniform values with mean 0.5. At 95 % the covered ones are binomial: mean 380,
        // standard deviation 4.4; the percentile interval of 60 values is a little short, about 94 %.
        var generator = SplitMix64(seed: 5)
        var covered = 0
        for sample in 0..<400 {
            let values = (0..<60).map { _ in generator.nextUniform() }
            let settings = BootstrapSettings(resampleCount: 200, seed: UInt64(sample))
            guard let interval = ConfidenceInterval(ofMeanOf: values, settings: settings) else { continue }
            if interval.lower <= 0.5, interval.upper >= 0.5 { covered += 1 }
        }
        #expect((358...394).contains(covered))
    }

    @Test func sameSeedSameInterval() {
        let values = (0..<100).map { Double($0 * $0 % 17) }
        let first = ConfidenceInterval(ofMeanOf: values, settings: settings)
        #expect(first == ConfidenceInterval(ofMeanOf: values, settings: settings))
        #expect(first != ConfidenceInterval(ofMeanOf: values, settings: BootstrapSettings(seed: 43)))
    }

    @Test func fewValues() throws {
        #expect(ConfidenceInterval(ofMeanOf: [], settings: settings) == nil)
        let one = try #require(ConfidenceInterval(ofMeanOf: [0.25], settings: settings))
        #expect(one.standardError == nil)
        #expect((one.lower, one.mean, one.upper) == (0.25, 0.25, 0.25))
        let equal = try #require(ConfidenceInterval(ofMeanOf: [0.5, 0.5, 0.5], settings: settings))
        #expect(equal.standardError == 0)
        #expect((equal.lower, equal.upper) == (0.5, 0.5))
    }

    @Test func theNormalIntervalOfVeryManyUsers() throws {
        let values = (0...BootstrapSettings.greatestUserCount).map { $0 % 2 == 0 ? 1.0 : 0 }
        let interval = try #require(ConfidenceInterval(ofMeanOf: values, settings: settings))
        #expect(interval.method == .normal)
        // Standard error 0.5 / sqrt(50,000) = 0.00223607.
        #expect(abs(interval.upper - interval.mean - 1.959964 * 0.002_236_07) < 1e-6)
    }

    @Test func pairingFindsASmallSteadyDifference() throws {
        // Users differ widely (0 to 0.99), the second system is better by 0.01 for each but one in ten.
        let base = (0..<300).map { Double($0 % 100) / 100 }
        let better = base.enumerated().map { $1 + ($0 % 10 == 0 ? 0 : 0.01) }
        let paired = try #require(
            ConfidenceInterval(ofMeanDifferenceOf: better, and: base, settings: settings))
        #expect(abs(paired.mean - 0.009) < 1e-12)
        #expect(paired.excludesZero)
        let alone = try #require(ConfidenceInterval(ofMeanOf: better, settings: settings))
        #expect(alone.upper - alone.lower > 10 * (paired.upper - paired.lower))
        let none = try #require(ConfidenceInterval(ofMeanDifferenceOf: base, and: base, settings: settings))
        #expect(none.mean == 0)
        #expect(!none.excludesZero)
    }
}
