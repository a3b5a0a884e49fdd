/// The splitmix64 generator (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
/// The same seed gives the same numbers on every platform, which the system's generator does not promise.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        // Increment, multipliers and shifts are those of the reference implementation (Vigna, splitmix64.c).
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform in 0..<1, with 53 random bits.
    mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in 0..<count, by the high half of a product; the bias is below count / 2^64.
    mutating func nextIndex(below count: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// Every order is equally likely (Durstenfeld, CACM 1964).
    mutating func shuffle(_ elements: inout [Int]) {
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(last, nextIndex(below: last + 1))
        }
    }
}
