import TestSupport
import Testing

@Suite struct SeededGeneratorTests {
    /// The first outputs of the reference implementation of SplitMix64 for seed 1234567.
    @Test func agreesWithTheReference() {
        var generator = SeededGenerator(seed: 1_234_567)
        let numbers = (0..<5).map { _ in generator.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test func rangesAndMoments() {
        var generator = SeededGenerator(seed: 3)
        var (sum, squares, counts) = (0.0, 0.0, [Int](repeating: 0, count: 5))
        for _ in 0..<20_000 {
            let unit = generator.unit()
            #expect(unit >= 0 && unit < 1)
            counts[generator.index(below: 5)] += 1
            let normal = generator.normal()
            sum += normal
            squares += normal * normal
        }
        #expect(abs(sum / 20_000) < 0.03)
        #expect(abs(squares / 20_000 - 1) < 0.03)
        #expect(counts.allSatisfy { abs($0 - 4_000) < 250 })
    }
}
