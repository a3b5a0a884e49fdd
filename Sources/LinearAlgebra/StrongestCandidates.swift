// The k best of many scores, by counting before comparing:
//
//     bits of a score     0 eeeeeeee mmmmmm ................     of positive numbers they ascend as the numbers do
//     bucket              how far the upper 15 bits are below those of the greatest score: 64 buckets for each halving
//
// One pass finds the greatest score, one counts the buckets, and one keeps what is in a better bucket than the k-th score;
// only that one bucket goes through a heap. n scores cost 3 n steps without a branch that depends on their order, where a heap
// alone is entered k log(n / k) times.

/// Chooses the k best of scores that its owner wrote into its buffers; of equal ones the lower index. A workspace that one
/// thread owns.
@safe package final class StrongestCandidates {
    /// Sixteen halvings below the greatest score everything is one bucket.
    private static let bucketCount = 1024
    private static let ignoredBits: UInt32 = 17

    /// The owner writes `count` candidates here: each index once, in any order.
    @unsafe package let indexes: UnsafeMutablePointer<Int32>
    /// Above 0 and finite.
    @unsafe package let scores: UnsafeMutablePointer<Float>
    private let counts: UnsafeMutablePointer<Int32>
    /// Index and bits of the score of what is kept.
    private let keys: UnsafeMutablePointer<UInt64>
    private let limit: Int
    private var selector: TopKSelector
    private var borderline: [ScoredIndex] = []

    /// - Parameters:
    ///   - capacity: how many candidates there may be.
    ///   - limit: how many may be asked for.
    package init(capacity: Int, limit: Int) {
        // One more, so that a candidate that is turned away can be written all the same.
        unsafe indexes = .allocate(capacity: capacity + 1)
        unsafe scores = .allocate(capacity: capacity + 1)
        unsafe counts = .allocate(capacity: Self.bucketCount)
        unsafe keys = .allocate(capacity: min(limit, capacity))
        self.limit = min(limit, capacity)
        selector = TopKSelector(capacity: min(limit, capacity))
    }

    deinit {
        unsafe indexes.deallocate()
        unsafe scores.deallocate()
        unsafe counts.deallocate()
        unsafe keys.deallocate()
    }

    /// A number that at least `k` of the first `count` scores reach, and that is at most a sixty-fourth below the k-th
    /// greatest (or as far below as it is under 2^-16 of the greatest); 0 where there are fewer.
    package func lowerBound(ofBest k: Int, count: Int) -> Float {
        guard k > 0, count >= k else { return 0 }
        let (greatest, bucket, _) = border(k, count)
        guard bucket < Self.bucketCount - 1, bucket <= greatest else { return 0 }
        return Float(bitPattern: (greatest - UInt32(bucket)) << Self.ignoredBits)
    }

    /// The best of the first `count` candidates as a row of a sparse matrix, columns ascending: as many as it has room for.
    /// Returns how many there are.
    @unsafe package func drain(count: Int, into output: SparseMatrix.RowOutput) -> Int {
        let k = unsafe output.capacity
        precondition(k <= limit)
        var kept = 0
        if count <= k {
            while kept < count {
                unsafe keys[kept] = Self.key(indexes[kept], scores[kept])
                kept += 1
            }
        } else if k > 0 {
            kept = keepBest(k, of: count)
        }
        var chosen = unsafe UnsafeMutableBufferPointer(start: keys, count: kept)
        unsafe chosen.sort()
        for position in 0..<kept {
            let key = unsafe keys[position]
            unsafe output.columns[position] = Int32(truncatingIfNeeded: key >> 32)
            unsafe output.values[position] = Float(bitPattern: UInt32(truncatingIfNeeded: key))
        }
        return kept
    }

    private func keepBest(_ k: Int, of count: Int) -> Int {
        let (greatest, bucket, better) = border(k, count)
        var kept = 0
        selector.reset(k: k - better, floor: 0)
        for position in 0..<count {
            let score = unsafe scores[position]
            let place = Self.bucket(score, below: greatest)
            if place > bucket { continue }
            if place < bucket {
                unsafe keys[kept] = Self.key(indexes[position], score)
                kept += 1
            } else {
                unsafe selector.offer(indexes[position], score: score)
            }
        }
        borderline.removeAll(keepingCapacity: true)
        selector.drain(into: &borderline)
        for candidate in borderline {
            unsafe keys[kept] = Self.key(candidate.index, candidate.score)
            kept += 1
        }
        return kept
    }

    /// The upper bits of the greatest score, the bucket of the k-th, and how many scores are in better ones.
    private func border(_ k: Int, _ count: Int) -> (greatest: UInt32, bucket: Int, better: Int) {
        var most: Float = 0
        for position in 0..<count { most = unsafe max(most, scores[position]) }
        let greatest = most.bitPattern >> Self.ignoredBits
        unsafe counts.update(repeating: 0, count: Self.bucketCount)
        for position in 0..<count { unsafe counts[Self.bucket(scores[position], below: greatest)] += 1 }
        var (bucket, better) = (0, 0)
        while unsafe better + Int(counts[bucket]) < k {
            better += unsafe Int(counts[bucket])
            bucket += 1
        }
        return (greatest, bucket, better)
    }

    @inline(__always)
    private static func bucket(_ score: Float, below greatest: UInt32) -> Int {
        min(Int(truncatingIfNeeded: greatest &- score.bitPattern >> ignoredBits), bucketCount - 1)
    }

    @inline(__always)
    private static func key(_ index: Int32, _ score: Float) -> UInt64 {
        UInt64(UInt32(bitPattern: index)) << 32 | UInt64(score.bitPattern)
    }
}
