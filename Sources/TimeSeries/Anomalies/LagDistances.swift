/// How far the last `length` values of a series lie from the `length` values that ended 1, 2, 3 ... steps earlier.
///
///     lag 3, length 4      . a b c d e f g        (d-a)² + (e-b)² + (f-c)² + (g-d)²
///                            └─────┘ ↑
///                                  └─┴── of which the last step added one term
///
/// A term is added once and never taken off: sums of a block of `length` steps grow from its start, and those of the block before are
/// kept from each of its steps to its end. So equal windows are exactly at distance 0, whatever came before them. O(memory) a step
/// on average, memory · length numbers kept.
struct LagDistances: Sendable {
    let length: Int
    /// The greatest lag.
    let memory: Int
    /// By lag, of the windows that end with the last value; meaningful for the lags up to `lagCount`.
    private(set) var squares: [Double]
    /// Lags whose whole window has been seen.
    var lagCount: Int { max(0, min(memory, count - length)) }

    private(set) var count = 0
    /// The last `memory + length` values at least; the first of them is the one of step `dropped`.
    private var values: [Double] = []
    private var dropped = 0
    /// By lag, of the steps of the running block.
    private var prefix: [Double]
    /// By step of the block before, then by lag: from that step to the block's end.
    private var suffix: [Double]

    init(length: Int, memory: Int) {
        precondition(length > 0 && memory > 0)
        self.length = length
        self.memory = memory
        squares = Array(repeating: 0, count: memory + 1)
        prefix = squares
        suffix = Array(repeating: 0, count: length * (memory + 1))
        values.reserveCapacity(2 * (memory + length))
    }

    mutating func append(_ value: Double) {
        let step = count % length
        if step == 0 { startBlock() }
        values.append(value)
        count += 1
        let last = values.count - 1
        let width = memory + 1
        let rest = (step + 1) * width
        for lag in stride(from: 1, through: min(memory, last), by: 1) {
            let difference = value - values[last - lag]
            let sum = prefix[lag] + difference * difference
            prefix[lag] = sum
            squares[lag] = step + 1 < length ? sum + suffix[rest + lag] : sum
        }
    }

    private mutating func startBlock() {
        for lag in prefix.indices { prefix[lag] = 0 }
        if values.count >= 2 * (memory + length) {
            let surplus = values.count - memory - length
            values.removeFirst(surplus)
            dropped += surplus
        }
        guard count >= length else { return }
        let start = values.count - length
        let width = memory + 1
        for step in stride(from: length - 1, through: 0, by: -1) {
            let value = values[start + step]
            for lag in stride(from: 1, through: memory, by: 1) {
                let earlier = start + step - lag
                let difference = earlier >= 0 ? value - values[earlier] : 0
                let later = step + 1 < length ? suffix[(step + 1) * width + lag] : 0
                suffix[step * width + lag] = later + difference * difference
            }
        }
    }

    /// The mean distance to the `neighbourCount` nearest windows among these lags; 0 where there is none.
    func meanDistance(toNearest neighbourCount: Int, in lags: ClosedRange<Int>) -> Double {
        let last = min(lags.upperBound, lagCount)
        guard lags.lowerBound <= last else { return 0 }
        // Ascending; few enough that places are found by going through them.
        var nearest: [Double] = []
        nearest.reserveCapacity(neighbourCount + 1)
        for lag in lags.lowerBound...last {
            let square = squares[lag]
            if nearest.count == neighbourCount {
                guard square < nearest[neighbourCount - 1] else { continue }
                nearest.removeLast()
            }
            var place = nearest.count
            while place > 0 && nearest[place - 1] > square { place -= 1 }
            nearest.insert(square, at: place)
        }
        return nearest.reduce(0) { $0 + $1.squareRoot() } / Double(nearest.count)
    }
}
