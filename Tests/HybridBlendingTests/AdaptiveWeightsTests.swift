import HybridBlending
import Testing

@Suite struct AdaptiveWeightsTests {
    private let ones = [AdaptiveWeights.Factors](repeating: .one, count: AdaptiveWeights.bucketCount)

    @Test(arguments: [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (511, 8), (512, 9), (100_000, 9)])
    func bucketsDoubleTheHistory(itemCount: Int, bucket: Int) {
        #expect(AdaptiveWeights.bucket(itemCount: itemCount) == bucket)
    }

    @Test func factorsAreTheBuckets() {
        var factors = ones
        factors[1] = .init(content: 1.5, fallback: 0.5)
        let adaptive = AdaptiveWeights(factors)
        #expect(adaptive.adapting(.standard, itemCount: 1) == .standard)
        let adapted = adaptive.adapting(.standard, itemCount: 3)
        #expect(adapted == BlendWeights(content: 0.4 * 1.5, collaborative: 0.6, fallback: 0.3 * 0.5))
        let off = BlendWeights(content: 0, collaborative: 1, fallback: 0)
        #expect(adaptive.adapting(off, itemCount: 3) == off)
    }

    @Test func theTextIsReadBack() {
        var factors = ones
        factors[9] = .init(content: 0, fallback: 1.75)
        let adaptive = AdaptiveWeights(factors)
        #expect(adaptive.text == String(repeating: "1.0/1.0 ", count: 9) + "0.0/1.75")
        #expect(AdaptiveWeights(adaptive.text) == adaptive)
    }

    @Test(arguments: ["", "1 1 1 1 1 1 1 1 1 1", "nan/1", "-1/1", "5/1"])
    func otherTextIsRefused(text: String) {
        #expect(AdaptiveWeights(text) == nil)
        #expect(AdaptiveWeights(text + String(repeating: " 1/1", count: 9)) == nil)
    }
}
