import SeededRandom

/// A stream of numbers of its own for each user and each part of the shop, so that one user's rows do not depend on how
/// many rows another had. Integers only, so no platform's floating point can make a difference.
struct ShopRandom {
    enum Stream: UInt64 {
        case items = 1
        case shopper = 2
        case sessions = 3
        case planting = 4
    }

    private var generator: SplitMix64

    init(seed: UInt64, _ stream: Stream, _ index: Int = 0) {
        generator = SplitMix64(seed: seed)
        for part in [stream.rawValue, UInt64(index), 0] { generator = SplitMix64(seed: generator.next() ^ part) }
    }

    mutating func next() -> UInt64 { generator.next() }

    /// 0 to `count` - 1.
    mutating func index(below count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    mutating func integer(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + index(below: range.count)
    }

    mutating func chance(percent: Int) -> Bool {
        index(below: 100) < percent
    }

    /// An index, each with a probability in proportion to its weight.
    /// - Parameter cumulative: the sums of the weights up to and including each; the last is positive.
    mutating func index(cumulative: [Int]) -> Int {
        position(of: index(below: cumulative[cumulative.count - 1]), inCumulative: cumulative)
    }

    mutating func shuffle(_ values: inout [Int]) { generator.shuffle(&values) }
}

/// The first index whose sum is above the target, which is below the last sum.
func position(of target: Int, inCumulative cumulative: [Int]) -> Int {
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] > target { high = middle } else { low = middle + 1 }
    }
    return low
}

/// The sums of the weights up to and including each.
func cumulated(_ weights: [Int]) -> [Int] {
    var sum = 0
    return weights.map {
        sum += $0
        return sum
    }
}
