import SeededRandom
import Testing

@Suite struct SplitMix64Tests {
    /// The outputs of the reference implementation (Vigna, splitmix64.c) for seed 1234567.
    @Test func knownSequence() {
        var generator = SplitMix64(seed: 1_234_567)
        let found = (0..<5).map { _ in generator.next() }
        #expect(
            found == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test func uniformStaysInItsRange() {
        var generator = SplitMix64(seed: 2)
        var sum = 0.0
        for _ in 0..<20_000 {
            let value = generator.nextUniform()
            #expect(value >= 0 && value < 1)
            sum += value
        }
        #expect((sum / 20_000 - 0.5).magnitude < 0.01)
    }

    @Test func normalHasItsMoments() {
        var generator = SplitMix64(seed: 3)
        let values = (0..<50_000).map { _ in generator.nextNormal() }
        let mean = values.reduce(0, +) / 50_000
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 50_000
        let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 50_000
        #expect(mean.magnitude < 0.02)
        #expect((variance - 1).magnitude < 0.03)
        #expect((fourth - 3).magnitude < 0.2)
        #expect((Double(values.filter { $0 > 1.96 }.count) / 50_000 - 0.025).magnitude < 0.003)
    }

    @Test func indexIsUniformBelowItsBound() {
        var generator = SplitMix64(seed: 4)
        var counts = [Int](repeating: 0, count: 6)
        for _ in 0..<60_000 { counts[generator.nextIndex(below: 6)] += 1 }
        #expect(counts.allSatisfy { (9_500...10_500).contains($0) })
        #expect(generator.nextIndex(below: 1) == 0)
    }

    @Test func sameSeedSameStream() {
        var (a, b) = (SplitMix64(seed: 9), SplitMix64(seed: 9))
        #expect((0..<100).allSatisfy { _ in a.nextNormal() == b.nextNormal() })
    }
}
