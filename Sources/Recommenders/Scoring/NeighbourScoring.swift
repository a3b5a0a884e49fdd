package import LinearAlgebra

/// A row of a neighbour matrix (an item someone has) and how much it counts.
package struct WeightedRow: Sendable, Equatable {
    package var row: Int32
    package var weight: Float

    package init(row: Int32, weight: Float) {
        self.row = row
        self.weight = weight
    }
}

/// Adds up rows of a neighbour matrix: the score of item j is the sum of weight_i * S_ij over the rows i of a history.
///
/// A workspace that one thread owns, made once for a catalogue's size; a request allocates nothing. Slots of an earlier
/// request are told by their generation, so that starting the next one costs nothing.
///
///     slots    [itemCount]       generation << 32 | bits of the score
///     touched  [itemCount + 1]   candidates in the order in which they were first met, and one that is overwritten
@safe package struct NeighbourScoring: ~Copyable {
    package let itemCount: Int
    /// Items that at least one row named since the last reset.
    package private(set) var candidateCount = 0
    @usableFromInline let slots: UnsafeMutablePointer<UInt64>
    @usableFromInline let touched: UnsafeMutablePointer<Int32>
    /// Never 0 once in use: 0 marks slots that no request has touched.
    @usableFromInline var generation: UInt32 = 1

    package init(itemCount: Int) {
        precondition(itemCount >= 0)
        self.itemCount = itemCount
        unsafe slots = .allocate(capacity: itemCount)
        unsafe slots.initialize(repeating: 0, count: itemCount)
        unsafe touched = .allocate(capacity: itemCount + 1)
    }

    deinit {
        unsafe slots.deallocate()
        unsafe touched.deallocate()
    }

    /// Forgets all candidates, in constant time (once in 2^32 requests in linear time).
    package mutating func reset() {
        candidateCount = 0
        generation &+= 1
        guard generation == 0 else { return }
        unsafe slots.update(repeating: 0, count: itemCount)
        generation = 1
    }

    /// Resets, then adds every row of `history` in its order.
    package mutating func score(_ history: [WeightedRow], neighbours: SparseMatrixView) {
        reset()
        for entry in history { unsafe add(entry, of: neighbours) }
    }

    /// Adds `entry.weight` times one row. The matrix may have fewer columns than the catalogue has items, not more.
    package mutating func add(_ entry: WeightedRow, of neighbours: SparseMatrixView) {
        precondition(unsafe entry.row >= 0 && Int(entry.row) < neighbours.rowCount)
        let range = unsafe neighbours.range(ofRow: Int(entry.row))
        unsafe add(
            columns: UnsafeBufferPointer(start: neighbours.columnIndexes + range.lowerBound, count: range.count),
            values: UnsafeBufferPointer(start: neighbours.values + range.lowerBound, count: range.count),
            weight: entry.weight)
    }

    /// Adds `weight` times one row, given by its columns, each within the catalogue, and as many values.
    package mutating func add(
        columns: UnsafeBufferPointer<Int32>, values: UnsafeBufferPointer<Float>, weight: Float
    ) {
        precondition(columns.count == values.count)
        let (tag, limit) = (UInt64(generation) << 32, UInt32(itemCount))
        let (slots, touched) = unsafe (slots, touched)
        var count = candidateCount
        for position in columns.indices {
            let column = unsafe columns[position]
            // The memory may be a mapped file: a damaged one must not make us write elsewhere.
            precondition(UInt32(bitPattern: column) < limit)
            let slot = unsafe slots + Int(column)
            // Whether an item was met before is a coin toss to the processor's branch predictor, so nothing branches on it: a
            // mask keeps or drops the old score, and an item that is not new is overwritten in `touched` by the next one.
            // (Of a conditional expression the compiler makes a branch again.)
            let difference = unsafe slot.pointee ^ tag
            let mask = ((difference >> 32) &- 1) >> 32
            let kept = Float(bitPattern: UInt32(truncatingIfNeeded: difference & mask))
            let score = unsafe kept + weight * values[position]
            unsafe slot.pointee = tag | UInt64(score.bitPattern)
            unsafe touched[count] = column
            count &+= 1 &- Int(mask & 1)
        }
        candidateCount = count
    }

    /// Adds an item that no row has named since the last reset, with its whole score.
    package mutating func set(_ item: Int32, score: Float) {
        precondition(item >= 0 && Int(item) < itemCount)
        unsafe slots[Int(item)] = UInt64(generation) << 32 | UInt64(score.bitPattern)
        unsafe touched[candidateCount] = item
        candidateCount += 1
    }

    /// Gives a candidate another score.
    package mutating func replace(_ item: Int32, score: Float) {
        precondition(self.score(of: Int(item)) != nil)
        unsafe slots[Int(item)] = UInt64(generation) << 32 | UInt64(score.bitPattern)
    }

    /// The candidate at `position` in `0 ..< candidateCount`, in the order in which they were first met.
    @inlinable
    package func candidate(at position: Int) -> ScoredIndex {
        precondition(position >= 0 && position < candidateCount)
        let index = unsafe touched[position]
        return unsafe ScoredIndex(index: index, score: Self.score(slots[Int(index)]))
    }

    /// Calls `body` with every candidate, in the order in which they were first met.
    @inlinable
    package func forEachCandidate(_ body: (ScoredIndex) -> Void) {
        for position in 0..<candidateCount { body(candidate(at: position)) }
    }

    /// The score of an item, or nil if no row named it: that is missing evidence, not a score of 0.
    @inlinable
    package func score(of item: Int) -> Float? {
        precondition(item >= 0 && item < itemCount)
        let slot = unsafe slots[item]
        return slot >> 32 == UInt64(generation) ? Self.score(slot) : nil
    }

    @inlinable
    static func score(_ slot: UInt64) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: slot)) }
}
