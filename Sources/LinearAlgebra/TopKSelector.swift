/// A candidate and its score.
package struct ScoredIndex: Sendable, Equatable {
    package var index: Int32
    package var score: Float

    @inlinable
    package init(index: Int32, score: Float) {
        self.index = index
        self.score = score
    }
}

/// The k best of a stream of scores: highest score first, equal scores by ascending index.
///
/// A heap keeps the worst kept candidate at its root; most scores are turned away by a comparison of 16 of them at once
/// with that candidate's score. n scores cost about n / 16 comparisons and O(k log k log(n / k)) heap steps on average.
///
/// A score that is NaN or not above `floor` is never selected. The default floor is -infinity, so a caller masks a
/// candidate by scoring it -infinity. After `init`, nothing is allocated.
package struct TopKSelector {
    private var heap: [ScoredIndex]
    private var count = 0
    private var limit: Int
    private var floor: Float
    /// One more than the highest index offered since the last `reset`.
    private var nextIndex: Int32 = 0

    /// A selector for at most `capacity` candidates, ready to select that many.
    package init(capacity: Int) {
        precondition(capacity >= 0)
        heap = Array(repeating: ScoredIndex(index: 0, score: 0), count: capacity)
        limit = capacity
        floor = -.infinity
    }

    /// Forgets all candidates. `k` must not be above the capacity.
    package mutating func reset(k: Int, floor: Float = -.infinity) {
        precondition(k >= 0 && k <= heap.count)
        count = 0
        limit = k
        nextIndex = 0
        self.floor = floor
    }

    /// What the next score must be above, or equal to with a lower index; -infinity while there is room.
    package var worstKept: Float { count == limit && limit > 0 ? heap[0].score : -.infinity }

    /// Offers one candidate. Indexes may come in any order, each at most once.
    package mutating func offer(_ index: Int32, score: Float) {
        nextIndex = max(nextIndex, index + 1)
        insert(ScoredIndex(index: index, score: score))
    }

    /// Offers the candidates `firstIndex ..< firstIndex + count`.
    @unsafe package mutating func offer(_ scores: UnsafePointer<Float>, count scoreCount: Int, firstIndex: Int32 = 0) {
        guard scoreCount > 0, limit > 0 else { return }
        // An equal score is turned away unseen only where its index is above all that were offered before.
        let isAscending = firstIndex >= nextIndex
        nextIndex = max(nextIndex, firstIndex + Int32(scoreCount))
        var position = 0
        while position < scoreCount, count < limit || !isAscending {
            unsafe insert(ScoredIndex(index: firstIndex + Int32(position), score: scores[position]))
            position += 1
        }
        var threshold = heap[0].score
        let raw = unsafe UnsafeRawPointer(scores)
        while position + 16 <= scoreCount {
            let offset = position * MemoryLayout<Float>.stride
            let isBetter = unsafe raw.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self) .> threshold
            if any(isBetter) {
                for lane in 0..<16 where unsafe scores[position + lane] > threshold {
                    unsafe replaceWorst(
                        by: ScoredIndex(index: firstIndex + Int32(position + lane), score: scores[position + lane]))
                    threshold = heap[0].score
                }
            }
            position += 16
        }
        while position < scoreCount {
            unsafe insert(ScoredIndex(index: firstIndex + Int32(position), score: scores[position]))
            position += 1
        }
    }

    /// Empties the selector, the best candidate first: appends to `output`.
    package mutating func drain(into output: inout [ScoredIndex]) {
        let first = output.count
        while count > 0 {
            output.append(heap[0])
            removeWorst()
        }
        // Not `output[first...].reverse()`: a slice of an array that is still referenced is copied first.
        var (low, high) = (first, output.count - 1)
        while low < high {
            output.swapAt(low, high)
            low += 1
            high -= 1
        }
    }

    /// Empties the selector as a row of a sparse matrix, columns ascending. Returns the number of values.
    @unsafe package mutating func drain(into output: SparseMatrix.RowOutput) -> Int {
        let kept = count
        precondition(unsafe kept <= output.capacity)
        unsafe heap.withUnsafeMutableBufferPointer { unsafe $0[..<kept].sort { $0.index < $1.index } }
        for position in 0..<kept {
            unsafe output.columns[position] = heap[position].index
            unsafe output.values[position] = heap[position].score
        }
        count = 0
        return kept
    }

    private static func isWorse(_ a: ScoredIndex, than b: ScoredIndex) -> Bool {
        a.score < b.score || (a.score == b.score && a.index > b.index)
    }

    private mutating func insert(_ candidate: ScoredIndex) {
        guard candidate.score > floor, limit > 0 else { return }
        guard count == limit else {
            siftUp(candidate)
            return
        }
        if Self.isWorse(heap[0], than: candidate) { replaceWorst(by: candidate) }
    }

    private mutating func siftUp(_ candidate: ScoredIndex) {
        var position = count
        count += 1
        while position > 0 {
            let parent = (position - 1) / 2
            guard Self.isWorse(candidate, than: heap[parent]) else { break }
            heap[position] = heap[parent]
            position = parent
        }
        heap[position] = candidate
    }

    private mutating func removeWorst() {
        count -= 1
        if count > 0 { replaceWorst(by: heap[count]) }
    }

    private mutating func replaceWorst(by candidate: ScoredIndex) {
        var position = 0
        while true {
            var child = 2 * position + 1
            guard child < count else { break }
            if child + 1 < count, Self.isWorse(heap[child + 1], than: heap[child]) { child += 1 }
            guard Self.isWorse(heap[child], than: candidate) else { break }
            heap[position] = heap[child]
            position = child
        }
        heap[position] = candidate
    }
}

extension TopKSelector {
    /// The `k` best of `scores`, best first; fewer where there are fewer candidates.
    package static func best(_ k: Int, of scores: [Float]) -> [ScoredIndex] {
        var selector = TopKSelector(capacity: min(max(k, 0), scores.count))
        var result: [ScoredIndex] = []
        unsafe scores.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe selector.offer(start, count: buffer.count)
        }
        selector.drain(into: &result)
        return result
    }
}
