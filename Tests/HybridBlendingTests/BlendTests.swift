import HybridBlending
import Testing

@Suite struct BlendTests {
    private func blend(
        _ content: [Float], _ collaborative: [Float], _ weights: BlendWeights = .standard, reliability: Float = 1
    ) -> Blend {
        Blend(
            weights: weights, contentReliability: reliability, content: content.span,
            collaborative: collaborative.span)
    }

    @Test func theDefaultsAreTheProductsNumbers() {
        #expect(BlendWeights.standard == BlendWeights(content: 0.4, collaborative: 0.6, fallback: 0.3))
    }

    @Test func eachComponentIsDividedByItsRootMeanSquare() {
        // rms(3, 4, 0) = sqrt(25 / 3) = 2.886751; rms(0, 0, 60) = sqrt(3600 / 3) = 34.641016
        let blend = blend([3, 4, 0], [0, 0, 60])
        #expect(abs(blend.contributions(content: 3, collaborative: 0).score - 0.4 * 3 / 2.886751) < 1e-6)
        #expect(abs(blend.contributions(content: 0, collaborative: 60).score - 0.6 * 60 / 34.641016) < 1e-6)
        let both = blend.contributions(content: 4, collaborative: 60)
        #expect(abs(both.content - 0.4 * 4 / 2.886751) < 1e-6)
        #expect(abs(both.score - (both.content + both.collaborative)) < 1e-9)
    }

    @Test func theWeightOfMissingEvidenceGoesToThePresentComponent() {
        // The second candidate is new: no collaborative evidence. The mean square leaves its NaN out: rms = sqrt((4 + 0) / 2).
        let blend = blend([1, 1, 1], [2, .nan, 0])
        #expect(abs(blend.collaborativeUnit - 0.6 / Float(2).squareRoot()) < 1e-6)
        let new = blend.contributions(content: 1, collaborative: .nan)
        #expect(abs(new.score - 1.0) < 1e-6)
        let known = blend.contributions(content: 1, collaborative: 0)
        #expect(abs(known.score - 0.4) < 1e-6)
        let withoutText = blend.contributions(content: .nan, collaborative: 2)
        #expect(abs(withoutText.score - 2 / Float(2).squareRoot()) < 1e-6)
    }

    @Test func aSwitchedOffComponentHandsNothingToTheOther() {
        let collaborativeOnly = blend(
            [1, 1], [2, .nan], BlendWeights(content: 0, collaborative: 1, fallback: 0))
        #expect(collaborativeOnly.contributions(content: 1, collaborative: .nan).score == 0)
        let contentOnly = blend([1, .nan], [2, 1], BlendWeights(content: 1, collaborative: 0, fallback: 0))
        #expect(contentOnly.contributions(content: .nan, collaborative: 2).score == 0)
    }

    @Test func noEvidenceAtAllScoresZero() {
        #expect(blend([.nan], [.nan]).contributions(content: .nan, collaborative: .nan).score == 0)
        #expect(blend([0, 0], [0, 0]).contributions(content: 0, collaborative: 0).score == 0)
        #expect(blend([], []).contentUnit == 0)
    }

    @Test func dislikesStayNegative() {
        #expect(blend([0, 0], [-1, 1]).contributions(content: 0, collaborative: -1).score == -0.6)
    }

    @Test func scalingAComponentDoesNotChangeTheOrder() {
        let content: [Float] = [0.1, 0.7, 0.3, 0.2]
        let collaborative: [Float] = [5, 1, 0, 4]
        func order(_ factor: Float) -> [Int] {
            let scaled = collaborative.map { $0 * factor }
            let blend = blend(content, scaled)
            let scores = (0..<4).map { blend.contributions(content: content[$0], collaborative: scaled[$0]).score }
            return (0..<4).sorted { scores[$0] > scores[$1] }
        }
        #expect(order(1) == order(1024))
        #expect(order(1) == order(1 / 1024))
    }

    @Test func reliabilityScalesContentAlone() {
        let blend = blend([1, 1], [1, 1], reliability: 0.25)
        let parts = blend.contributions(content: 1, collaborative: 1)
        #expect(abs(parts.content - 0.1) < 1e-6)
        #expect(abs(parts.collaborative - 0.6) < 1e-6)
    }

    @Test func contributionsOfPartsAddUp() {
        let blend = blend([0.5, 2], [3, 0.25])
        let whole = blend.contributions(content: 0.75, collaborative: 2.5).score
        let parts =
            blend.contributions(content: 0.5, collaborative: 2).score
            + blend.contributions(content: 0.25, collaborative: 0.5).score
        #expect(abs(whole - parts) < 1e-6)
    }

    private static let cancelled: [[Float]] = [
        [.leastNonzeroMagnitude], [.leastNormalMagnitude, -.leastNonzeroMagnitude], [1e-20, .nan],
        [.leastNormalMagnitude, 0, 0, 0],
    ]

    /// Evidence of both signs that cancels leaves next to nothing, whose inverse has no bound. What one item of the history adds
    /// is then many times what is left, and must still be a number (issue 16: it was infinite, and writing it killed the server).
    @Test(arguments: cancelled) func whatCancelsLeavesFiniteShares(_ cancelled: [Float]) {
        let silent = [Float](repeating: .nan, count: cancelled.count)
        let weights = BlendWeights(content: 1, collaborative: 1, fallback: 1)
        let byContent = blend(cancelled, silent, weights)
        let byInteractions = blend(silent, cancelled, weights)
        let withFallback = Blend(
            weights: weights, contentReliability: 1, content: cancelled.span, collaborative: cancelled.span,
            fallbackShare: 4, fallback: cancelled.span)
        // The largest weight of the protocol, damped, times links up to 10^15.
        for share in [Float(13.9e15), -13.9e15, 13.9, .leastNormalMagnitude] {
            #expect(byContent.contributions(content: share, collaborative: .nan).score.isFinite)
            #expect(byInteractions.contributions(content: .nan, collaborative: share).score.isFinite)
            #expect(withFallback.contributions(content: share, collaborative: share, fallback: 1).score.isFinite)
        }
        for value in cancelled where !value.isNaN {
            let parts = byContent.contributions(content: value, collaborative: .nan)
            #expect(parts.score == parts.content + parts.collaborative + parts.fallback && parts.score.isFinite)
        }
    }
}
