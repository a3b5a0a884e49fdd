#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How much others waited lately because of one: the sum of the squares of the times that it was served, each counting half
/// after a second. Who caused least goes first.
///
/// Of what is served in one piece, others wait in proportion to the square of its length (Pollaczek, Khinchine 1930): a thousand
/// requests of 0.1 ms hold nobody up, one of 100 ms does, though a loop is as busy with either.
///
/// All sums shrink at the same rate, so which of two is the greater does not change while neither is added to: `rank` is the
/// logarithm of the sum with the shrinking taken out, constant between two additions, and a queue can be ordered by it.
struct CausedDelay {
    /// Long beside a round of eight costly requests, short beside what should be forgotten.
    private static let halfLifeNanoseconds = 1e9
    /// What a look at the network and a write cost a loop, whatever is asked.
    private static let leastNanoseconds = 20_000.0

    private(set) var rank: Double

    /// - Parameter now: nanoseconds of the monotonic clock.
    init(nanoseconds: UInt64, at now: UInt64) {
        rank = log2(Self.square(nanoseconds)) + Double(now) / Self.halfLifeNanoseconds
    }

    mutating func add(_ nanoseconds: UInt64, at now: UInt64) {
        let age = Double(now) / Self.halfLifeNanoseconds
        rank = log2(exp2(rank - age) + Self.square(nanoseconds)) + age
    }

    private static func square(_ nanoseconds: UInt64) -> Double {
        let bounded = max(Double(nanoseconds), leastNanoseconds)
        return bounded * bounded
    }
}
