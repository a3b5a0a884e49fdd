/// Stable ordering by a small integer key: two passes over the rows, whatever the keys.
enum CountingSort {
    /// The positions of `order` arranged so that `ranks[keys[position]]` ascends; equal ranks keep their order.
    /// `order` nil: all positions in turn. Ranks lie in `0 ..< bucketCount`.
    static func order(
        of keys: [Int32], ranks: [Int32], bucketCount: Int, after order: [Int32]? = nil
    ) -> [Int32] {
        var starts = starts(of: keys, ranks: ranks, bucketCount: bucketCount)
        var result = [Int32](repeating: 0, count: keys.count)
        for step in 0..<keys.count {
            let position = order.map { Int($0[step]) } ?? step
            let bucket = Int(ranks[Int(keys[position])])
            result[starts[bucket]] = Int32(position)
            starts[bucket] += 1
        }
        return result
    }

    /// `bucketCount + 1` offsets: rank `r` has the places `starts[r] ..< starts[r + 1]`.
    static func starts(of keys: [Int32], ranks: [Int32], bucketCount: Int) -> [Int] {
        var starts = [Int](repeating: 0, count: bucketCount + 1)
        for key in keys { starts[Int(ranks[Int(key)]) + 1] += 1 }
        for bucket in 0..<bucketCount { starts[bucket + 1] += starts[bucket] }
        return starts
    }
}
