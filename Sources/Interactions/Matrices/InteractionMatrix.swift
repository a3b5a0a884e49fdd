#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif
package import LinearAlgebra

/// Who interacted with what, and how strongly: a log's rows summed for each pair of a user and an item.
///
///     row      w = type weight * value factor * 2^(-age / half-life)
///     pair     s = sum of its rows' w
///     stored   sign(s) * ln(1 + |s|)       of s in single precision, so that a history that keeps s gives the very same
///
/// The logarithm damps repetition: the hundredth view adds a hundredth of what the first one did, and an order of 80,995
/// pieces does not drown the rest of the catalogue. Its sign is kept, so a dislike stays one; a pair whose sum is zero is
/// kept too, as it was seen.
///
/// The rows are brought in order by two counting sorts, by item and then by user, so that equal pairs lie side by side:
/// time and memory are linear in the rows, and no dictionary of pairs is made.
package struct InteractionMatrix: Sendable {
    /// Ascending by UTF-8 bytes: user `u` is row `u`.
    package let userIds: [String]
    /// Ascending by UTF-8 bytes: item `i` is column `i`.
    package let itemIds: [String]
    /// `[userCount x itemCount]`.
    package let matrix: SparseMatrix
    package var histories: UserHistories
    /// As in the log.
    package let hasTimes: Bool
    /// What ages were counted from; 0 for an empty log.
    package let referenceTime: Int64

    /// Builds the matrix of all users and items of the log's id tables, rows or no rows, and of `extraItemIds`, which may
    /// repeat items of the log.
    ///
    /// Every event type of the log must be in `weights`. `halfLifeDays`: more than 0; nil, and where the log has no times:
    /// nothing fades. `referenceTime`: nil for the log's newest time.
    package static func build(
        from log: InteractionLog, weights: EventWeights = .standard, halfLifeDays: Double? = nil,
        referenceTime: Int64? = nil, extraItemIds: [String] = []
    ) -> InteractionMatrix {
        var items = log.items
        for id in extraItemIds { items.intern(id) }
        let userOrder = log.users.ascendingOrder()
        let itemOrder = items.ascendingOrder()
        let reference = referenceTime ?? log.newestTime ?? 0
        let decay = halfLifeDays.flatMap { days in
            log.hasTimes ? TimeDecay(halfLifeDays: days, referenceTime: reference) : nil
        }
        let (matrix, sums, times) = sumPairs(
            log, RowWeights(log, weights, decay), userRanks: IdentifierTable.ranks(of: userOrder),
            itemRanks: IdentifierTable.ranks(of: itemOrder))
        return InteractionMatrix(
            userIds: userOrder.map { log.users.id(at: Int($0)) }, itemIds: itemOrder.map { items.id(at: Int($0)) },
            matrix: matrix, histories: UserHistories(ordering: matrix, sums: sums, times: times),
            hasTimes: log.hasTimes,
            referenceTime: reference)
    }

    /// `sign(sum) * ln(1 + |sum|)`.
    package static func damped(_ sum: Double) -> Double { sum < 0 ? -log1p(-sum) : log1p(sum) }

    /// The same of a sum as histories keep it.
    package static func damped(_ sum: Float) -> Float { Float(damped(Double(sum))) }

    /// The matrix, and for each of its stored values the sum that it damps and the time of the pair's last row.
    private static func sumPairs(
        _ log: InteractionLog, _ weights: RowWeights, userRanks: [Int32], itemRanks: [Int32]
    ) -> (matrix: SparseMatrix, sums: [Float], times: [Int64]) {
        var order = CountingSort.order(of: log.itemIndexes, ranks: itemRanks, bucketCount: itemRanks.count)
        order = CountingSort.order(
            of: log.userIndexes, ranks: userRanks, bucketCount: userRanks.count, after: order)
        let starts = CountingSort.starts(of: log.userIndexes, ranks: userRanks, bucketCount: userRanks.count)
        var rowOffsets = [0]
        var columnIndexes: [Int32] = []
        var sums: [Float] = []
        var times: [Int64] = []
        rowOffsets.reserveCapacity(starts.count)
        for user in 0..<userRanks.count {
            var step = starts[user]
            while step < starts[user + 1] {
                let item = log.itemIndexes[Int(order[step])]
                var sum = 0.0
                var last = Int64.min
                while step < starts[user + 1], log.itemIndexes[Int(order[step])] == item {
                    let row = Int(order[step])
                    sum += weights.weight(ofRow: row, in: log)
                    last = max(last, log.times[row])
                    step += 1
                }
                columnIndexes.append(itemRanks[Int(item)])
                sums.append(Float(sum))
                times.append(last)
            }
            rowOffsets.append(sums.count)
        }
        let matrix = SparseMatrix(
            rowCount: userRanks.count, columnCount: itemRanks.count, rowOffsets: rowOffsets,
            columnIndexes: columnIndexes, values: sums.map { damped($0) })
        return (matrix, sums, times)
    }
}

/// What each row of a log is worth.
struct RowWeights {
    private let typeWeights: [Double]
    private let decay: TimeDecay?

    init(_ log: InteractionLog, _ weights: EventWeights, _ decay: TimeDecay?) {
        typeWeights = log.eventTypes.map { name in
            guard let weight = weights.weight(of: name) else { preconditionFailure("no weight for \(name)") }
            return weight
        }
        self.decay = decay
    }

    func weight(ofRow row: Int, in log: InteractionLog) -> Double {
        let value = log.values[row]
        let weight = typeWeights[Int(log.eventTypeIndexes[row])] * (value.isNaN ? 1 : Double(value))
        guard let decay else { return weight }
        return weight * decay.factor(at: log.times[row])
    }
}
