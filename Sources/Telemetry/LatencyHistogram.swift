// A log-linear histogram of durations in nanoseconds (the layout of HdrHistogram, Gil Tene 2013).
//
//     bucket      0 ... 63        64 ... 127      128 ... 191           192 ... 255
//     values      0 ... 63        64 ... 127      128, 130 ... 254      256, 260 ... 508
//     width       1               1               2                     4               ... doubling
//
// Every power of two from 64 up is cut into 64 equal buckets, so a bucket is never wider than 1/64 of the smallest
// value in it. Memory is fixed and recording is a shift and an addition.

/// The bucket arithmetic that the histogram and the recorder share.
enum LatencyBuckets {
    /// 2^6 buckets per power of two: the relative error is at most 1/64.
    static let precisionBits = 6
    static let perPower = 1 << precisionBits
    /// Longer durations are counted as this one: 2^42 - 1 ns, 73 minutes, far above any deadline.
    static let greatestValue: UInt64 = (1 << 42) - 1
    static let count = index(of: greatestValue) + 1

    static func index(of value: UInt64) -> Int {
        let value = min(value, greatestValue)
        guard value >= UInt64(perPower) else { return Int(value) }
        let power = UInt64.bitWidth - 1 - value.leadingZeroBitCount
        let shift = power - precisionBits
        return (shift << precisionBits) + Int(value >> UInt64(shift))
    }

    /// The greatest value that falls into a bucket.
    static func upperBound(of index: Int) -> UInt64 {
        guard index >= 2 * perPower else { return UInt64(index) }
        let shift = (index >> precisionBits) - 1
        let mantissa = UInt64(index - (shift << precisionBits))
        return ((mantissa + 1) << UInt64(shift)) - 1
    }
}

/// A value: recorded by one owner, copied, merged.
package struct LatencyHistogram: Sendable, Equatable {
    private(set) var counts = [UInt64](repeating: 0, count: LatencyBuckets.count)
    package private(set) var count: UInt64 = 0
    /// Wraps only after 2^64 ns (584 years) of recorded time.
    package private(set) var sum: UInt64 = 0
    /// 0 while nothing is recorded. Exact up to 2^42 - 1 ns.
    package private(set) var greatest: UInt64 = 0

    package init() {}

    init(counts: [UInt64], sum: UInt64, greatest: UInt64) {
        precondition(counts.count == LatencyBuckets.count)
        self.counts = counts
        self.sum = sum
        self.greatest = greatest
        count = counts.reduce(0, &+)
    }

    /// O(1). More than 2^42 - 1 ns (73 minutes) count as that.
    package mutating func record(nanoseconds: UInt64) {
        let value = min(nanoseconds, LatencyBuckets.greatestValue)
        counts[LatencyBuckets.index(of: value)] += 1
        count += 1
        sum &+= value
        greatest = max(greatest, value)
    }

    package mutating func merge(_ other: LatencyHistogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        count += other.count
        sum &+= other.sum
        greatest = max(greatest, other.greatest)
    }

    /// 0 while nothing is recorded.
    package var meanNanoseconds: Double { count == 0 ? 0 : Double(sum) / Double(count) }

    /// The nearest-rank percentile: the least value that at least `percent` of the records do not exceed.
    /// Never below the exact one, above it by at most 1/64 of it. 0 while nothing is recorded.
    /// - Parameter percent: 0 to 100; 0 is the smallest record.
    package func percentile(_ percent: Double) -> UInt64 {
        precondition(percent >= 0 && percent <= 100, "a percentile lies between 0 and 100")
        guard count > 0 else { return 0 }
        // 99.9 / 100 * 1000 is a little above 999 in binary; one part in 10^12 keeps the rank at 999.
        let exactRank = percent / 100 * Double(count)
        let rank = min(max(UInt64((exactRank - exactRank * 1e-12).rounded(.up)), 1), count)
        var seen: UInt64 = 0
        for index in counts.indices {
            seen += counts[index]
            if seen >= rank { return min(LatencyBuckets.upperBound(of: index), greatest) }
        }
        return greatest
    }
}
