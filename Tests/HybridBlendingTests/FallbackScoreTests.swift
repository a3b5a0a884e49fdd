import HybridBlending
import Testing

@Suite struct FallbackScoreTests {
    @Test func sharesAreTakenOfEachPartsMaximum() {
        let scores = FallbackScore.scores(
            recent: ([10, 5, 0] as [Float]).span, popular: ([50, 100, 0] as [Float]).span,
            trending: ([1, 1, 4] as [Float]).span)
        // 0.70 · 10/10 + 0.25 · 50/100 + 0.05 · 1/4 = 0.8375, and so on
        #expect(scores == [0.8375, 0.6125, 0.05])
    }

    @Test func theSharesSumToOne() {
        #expect(
            FallbackScore.recentShare + FallbackScore.popularShare + FallbackScore.trendingShare == 1)
    }

    @Test func nothingKnownIsZeroNotNaN() {
        let zeros: [Float] = [0, 0]
        #expect(FallbackScore.scores(recent: zeros.span, popular: zeros.span, trending: zeros.span) == [0, 0])
        let none: [Float] = []
        #expect(FallbackScore.scores(recent: none.span, popular: none.span, trending: none.span).isEmpty)
    }
}
