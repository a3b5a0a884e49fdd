internal import LinearAlgebra

/// What every user did: user `u` has the entries `offsets[u] ..< offsets[u + 1]`, most recent first.
///
///     offsets       0        3  3     5           userCount + 1
///     itemIndexes   7  2  9     1  4              entry by entry
///     sums          .6 2  6     .1 8e3
///     weights       .5 1  2     .1 9
///     times         30 20 20    8  5
package struct UserHistories: Sendable, Equatable {
    package var offsets: [Int]
    package var itemIndexes: [Int32]
    /// What the pair's interactions come to, before it is damped: what comes later can be added.
    package var sums: [Float]
    /// The damped sum, as in the matrix; of the sums that the histories were made with.
    package private(set) var weights: [Float]
    /// The pair's last interaction: milliseconds since 1970, or the row's number where the log has no times.
    package var times: [Int64]

    /// Takes the four arrays over. It is a programmer's error if their lengths do not fit together.
    package init(offsets: [Int], itemIndexes: [Int32], sums: [Float], times: [Int64]) {
        precondition(offsets.first == 0 && offsets.last == itemIndexes.count)
        precondition(itemIndexes.count == sums.count && itemIndexes.count == times.count)
        self.offsets = offsets
        self.itemIndexes = itemIndexes
        self.sums = sums
        weights = sums.map { InteractionMatrix.damped($0) }
        self.times = times
    }

    package var userCount: Int { offsets.count - 1 }

    /// Exchanges two entries of one user.
    package mutating func swapEntries(_ one: Int, _ other: Int) {
        itemIndexes.swapAt(one, other)
        sums.swapAt(one, other)
        weights.swapAt(one, other)
        times.swapAt(one, other)
    }

    /// Where the user's entries lie in the three arrays.
    package func range(ofUser user: Int) -> Range<Int> { offsets[user]..<offsets[user + 1] }

    /// Orders the pairs of a matrix, whose stored values belong to `sums` and `times` one by one. Linear time.
    init(ordering matrix: SparseMatrix, sums: [Float], times: [Int64]) {
        var places = matrix.rowOffsets
        var users = [Int32](repeating: 0, count: times.count)
        for user in 0..<matrix.rowCount {
            for pair in matrix.range(ofRow: user) { users[pair] = Int32(user) }
        }
        var itemIndexes = [Int32](repeating: 0, count: times.count)
        var orderedSums = [Float](repeating: 0, count: times.count)
        var orderedTimes = [Int64](repeating: 0, count: times.count)
        // The pairs come by ascending item, and both steps, by time and by user, are stable.
        for pair in TimeOrder.descending(times) {
            let pair = Int(pair)
            let place = places[Int(users[pair])]
            places[Int(users[pair])] = place + 1
            itemIndexes[place] = matrix.columnIndexes[pair]
            orderedSums[place] = sums[pair]
            orderedTimes[place] = times[pair]
        }
        self.init(
            offsets: matrix.rowOffsets, itemIndexes: itemIndexes, sums: orderedSums, times: orderedTimes)
    }
}
