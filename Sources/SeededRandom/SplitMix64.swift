/// A seeded generator whose output is the same on every platform: integer arithmetic for the bits, and for normals only
/// operations that IEEE 754 rounds exactly (the system's `log` differs between C libraries).
///
/// SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"): period 2^64, which is
/// enough for sketches, initial values and synthetic records; it is not for secrets.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64
    private var spareNormal: Double?

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return SplitMix64.mix(state)
    }

    /// The output function alone: a bijective hash of 64 bits.
    package static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in [0, 1), a multiple of 2^-53.
    package mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in `0 ..< bound`, without bias (Lemire 2019, "Fast random integer generation in an interval").
    package mutating func nextIndex(below bound: Int) -> Int {
        precondition(bound > 0)
        let limit = UInt64(bound)
        while true {
            let (high, low) = next().multipliedFullWidth(by: limit)
            if low >= limit || low >= (0 &- limit) % limit { return Int(high) }
        }
    }

    /// Every order is equally likely (Durstenfeld, CACM 1964).
    package mutating func shuffle<Element>(_ elements: inout [Element]) {
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(last, nextIndex(below: last + 1))
        }
    }

    /// Normal with mean 0 and variance 1, by the polar method (Marsaglia, Bray 1964).
    package mutating func nextNormal() -> Double {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        while true {
            let u = 2 * nextUniform() - 1
            let v = 2 * nextUniform() - 1
            let square = u * u + v * v
            guard square < 1, square > 0 else { continue }
            let factor = (-2 * SplitMix64.naturalLogarithm(square) / square).squareRoot()
            spareNormal = v * factor
            return u * factor
        }
    }

    /// `ln(x)` for a positive, normal x, from exactly rounded operations only:
    /// x = m 2^e with m in [2/3, 4/3), ln m = 2 atanh(z), z = (m - 1) / (m + 1), |z| <= 1/5.
    static func naturalLogarithm(_ x: Double) -> Double {
        var significand = x.significand
        var exponent = Double(x.exponent)
        if significand >= 4.0 / 3 {
            significand /= 2
            exponent += 1
        }
        let z = (significand - 1) / (significand + 1)
        let square = z * z
        var sum = 0.0
        // 12 terms: the next one is below 0.2^24 / 25 of the first, beyond a Double's precision.
        for term in stride(from: 23, through: 1, by: -2) { sum = sum * square + 1 / Double(term) }
        return 2 * z * sum + exponent * 0.693_147_180_559_945_3
    }

    /// At most `count` of the elements, in the order drawn.
    package mutating func sample<Element>(_ count: Int, of elements: [Element]) -> ArraySlice<Element> {
        var elements = elements
        let count = min(elements.count, count)
        for place in 0..<count { elements.swapAt(place, place + nextIndex(below: elements.count - place)) }
        return elements.prefix(count)
    }
}
