import SeededRandom

/// The same numbers for the same seed, on every platform.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var generator: SplitMix64

    package init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    package mutating func next() -> UInt64 { generator.next() }

    /// 0 included, 1 not. Unlike `Double.random(in:using:)` its numbers are ours and cannot change with a toolchain.
    package mutating func unit() -> Double {
        Double(next() >> 11) / 9_007_199_254_740_992
    }

    /// 0 to `count` - 1.
    package mutating func index(below count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// Near a normal distribution with mean 0 and variance 1: twelve uniform numbers less six, so without libm.
    package mutating func normal() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += unit() }
        return sum
    }
}
