/// Orders by time in linear time: a stable radix sort, least significant digit first, 16 bits a pass, over the
/// distance from the smallest key; passes in which all digits are equal are left out. A span of three years in
/// milliseconds takes three passes.
enum TimeOrder {
    private static let digitBits = 16
    private static let bucketCount = 1 << digitBits

    /// Positions of `times`, oldest first; equal times keep their order.
    static func ascending(_ times: [Int64]) -> [Int32] { order(times, descending: false) }

    /// Positions of `times`, newest first; equal times keep their order.
    static func descending(_ times: [Int64]) -> [Int32] { order(times, descending: true) }

    private static func order(_ times: [Int64], descending: Bool) -> [Int32] {
        var order = (0..<times.count).map { Int32($0) }
        guard let least = times.min(), let greatest = times.max(), least < greatest else { return order }
        // The distance of two Int64 always fits UInt64.
        let span = UInt64(bitPattern: greatest &- least)
        var scratch = [Int32](repeating: 0, count: times.count)
        var starts = [Int](repeating: 0, count: bucketCount)
        var shift = 0
        while shift < UInt64.bitWidth && span >> UInt64(shift) > 0 {
            func digit(_ position: Int32) -> Int {
                let time = times[Int(position)]
                let distance = descending ? greatest &- time : time &- least
                return Int(truncatingIfNeeded: UInt64(bitPattern: distance) >> UInt64(shift)) & (bucketCount - 1)
            }
            for bucket in 0..<bucketCount { starts[bucket] = 0 }
            for position in order { starts[digit(position)] += 1 }
            var next = 0
            for bucket in 0..<bucketCount { (starts[bucket], next) = (next, next + starts[bucket]) }
            for position in order {
                let bucket = digit(position)
                scratch[starts[bucket]] = position
                starts[bucket] += 1
            }
            swap(&order, &scratch)
            shift += digitBits
        }
        return order
    }
}
