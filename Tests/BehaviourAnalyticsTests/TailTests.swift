import Insights
import Testing

/// Against sums of the binomial's own terms.
@Suite struct TailTests {
    private func term(_ k: Int, _ n: Int, _ p: Double) -> Double {
        var value = 1.0
        // Factors up and down in turn, so that nothing overflows.
        for step in 0..<k { value *= Double(n - step) / Double(k - step) * p }
        for _ in 0..<(n - k) { value *= 1 - p }
        return value
    }

    @Test(arguments: [(0, 20, 0.1), (3, 20, 0.3), (20, 20, 0.9), (7, 150, 0.08), (1, 400, 0.01)])
    func tailsAreSumsOfTerms(_ count: Int, _ total: Int, _ share: Double) {
        let lower = (0...count).reduce(0) { $0 + term($1, total, share) }
        let upper = (count...total).reduce(0) { $0 + term($1, total, share) }
        #expect(abs(TailProbability.lower(count, of: total, share: share) - lower) < 1e-11)
        #expect(abs(TailProbability.upper(count, of: total, share: share) - upper) < 1e-11)
    }

    @Test func largeCountsAndBoundsHold() {
        #expect(TailProbability.lower(0, of: 0, share: 0.5) == 1 && TailProbability.upper(0, of: 0, share: 0.5) == 1)
        #expect(TailProbability.lower(5, of: 5, share: 0) == 1 && TailProbability.upper(5, of: 5, share: 1) == 1)
        let far = TailProbability.lower(4_000_000, of: 10_000_000, share: 0.5)
        #expect(far >= 0 && far < 1e-300)
        #expect(abs(TailProbability.lower(5_000_000, of: 10_000_000, share: 0.5) - 0.5) < 1e-3)
        // Counts that vary four times as much are as so many fewer.
        #expect(
            abs(
                TailProbability.lower(20, of: 400, share: 0.1, dispersion: 4)
                    - TailProbability.lower(5, of: 100, share: 0.1)) < 1e-12)
        #expect(abs(TailProbability.normal(above: 1.959963984540054) - 0.025) < 1e-12)
    }

    /// As R's `p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.5), "BH")`.
    @Test func falseDiscoveriesAreAdjusted() {
        let adjusted = FalseDiscovery.adjusted([0.01, 0.04, 0.03, 0.005, 0.5])
        for (found, expected) in zip(adjusted, [0.025, 0.05, 0.05, 0.025, 0.5]) {
            #expect(abs(found - expected) < 1e-12)
        }
        #expect(FalseDiscovery.adjusted([]).isEmpty)
    }
}
