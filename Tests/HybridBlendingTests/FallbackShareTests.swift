import HybridBlending
import Testing

@Suite struct FallbackShareTests {
    /// min(4, 2 s²): a fallback half as good counts half its weight, one as good twice (0.3 against 0.6), none without hits.
    @Test(arguments: [(0.0, 0.0), (0.1, 0.02), (0.5, 0.5), (1, 2), (1.25, 3.125), (1.5, 4), (90, 4)])
    func factorOfARatio(ratio: Double, factor: Double) {
        #expect(abs(Double(FallbackShare.factor(ofRatio: ratio)) - factor) < 1e-6)
    }

    @Test func whoComesBackSoonGetsTheReturningFactor() {
        let share = FallbackShare(usual: 0.5, returning: 2, returningAge: 1000)
        #expect(share.factor(age: 0) == 2)
        #expect(share.factor(age: 1000) == 2)
        #expect(share.factor(age: 1001) == 0.5)
        #expect(share.factor(age: nil) == 0.5)
        #expect(FallbackShare.none.factor(age: 0) == 0)
    }

    @Test func theTextIsReadBack() {
        let share = FallbackShare(usual: 0.125, returning: 3.3, returningAge: 86_400_000)
        #expect(share.text == "0.125 3.3 86400000")
        #expect(FallbackShare(share.text) == share)
    }

    @Test(arguments: ["", "1", "1 1", "1 1 1 1", "5 1 1", "1 -1 1", "nan 1 1", "1 1 -1", "1 1 1.5", "1  1 1"])
    func otherTextIsRefused(text: String) { #expect(FallbackShare(text) == nil) }

    /// rms(1, 0, 0.5, 1) = sqrt(2.25 / 4) = 0.75: a fallback score of 1 adds 0.3 · 2 / 0.75 = 0.8 to what is personal.
    @Test func theFallbackReordersWhatIsPersonalAndNothingElse() {
        let (content, collaborative, fallback): ([Float], [Float], [Float]) = (
            [0, 0, 0, 0], [1, 1, -1, 1], [1, 0, 0.5, 1]
        )
        let blend = Blend(
            weights: .standard, contentReliability: 1, content: content.span, collaborative: collaborative.span,
            fallbackShare: 2, fallback: fallback.span)
        let popular = blend.contributions(content: 0, collaborative: 1, fallback: 1)
        #expect(abs(popular.fallback - 0.8) < 1e-6)
        #expect(abs(popular.score - 1.4) < 1e-6)
        #expect(blend.contributions(content: 0, collaborative: 1, fallback: 0).score == 0.6)
        #expect(blend.contributions(content: 0, collaborative: -1, fallback: 0.5).score == -0.6)
        #expect(blend.contributions(content: .nan, collaborative: .nan, fallback: 1).score == 0)
        let without = Blend(
            weights: .standard, contentReliability: 1, content: content.span, collaborative: collaborative.span)
        #expect(without.contributions(content: 0, collaborative: 1, fallback: 1).fallback == 0)
    }

    @Test func aFallbackThatSaysNothingAddsNothing() {
        let zeros: [Float] = [0, 0]
        let blend = Blend(
            weights: .standard, contentReliability: 1, content: zeros.span, collaborative: [1, 1].span,
            fallbackShare: 4,
            fallback: zeros.span)
        #expect(blend.contributions(content: 0, collaborative: 1, fallback: 0).score == 0.6)
    }
}
