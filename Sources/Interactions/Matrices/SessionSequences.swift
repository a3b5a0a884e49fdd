package import LinearAlgebra

// A session is a run of interactions that belong together: what the session column says; else, where there are times, what
// one user did without a pause longer than the gap; else all that a user did, in the order of the rows.

/// What was done in each session, the most recent session first.
///
///     rows      a@1/s1  b@2/s2  a@3/s1  c@4/s1        log order, item@time/session
///     sessions  0: a a c    1: b                      s1 ends last, so it comes first; within a session oldest first
package enum SessionSequences {
    /// - Parameters:
    ///   - itemIds: every item of the log among them, ascending by bytes; the lists hold their positions.
    ///   - gap: used where the log has times and no session ids.
    /// Rows of event types whose weight is not above zero are left out: nobody means to follow a dislike. Linear in the
    /// rows; 12 bytes a row while it works.
    package static func build(
        from log: InteractionLog, itemIds: [String], weights: EventWeights = .standard,
        gap: SessionGap = .standard
    ) -> IndexLists {
        let order = TimeOrder.ascending(log.times)
        let keys = sessionKeys(log, order, gap)
        let isWanted = log.eventTypes.map { (weights.weight(of: $0) ?? 0) > 0 }
        func counts(_ row: Int32) -> Bool { isWanted[Int(log.eventTypeIndexes[Int(row)])] }

        // Numbers the sessions by their last interaction, newest first, and counts.
        var numbers = [Int32](repeating: -1, count: Int(keys.max() ?? -1) + 1)
        var lengths: [Int] = []
        for row in order.reversed() where counts(row) {
            let key = Int(keys[Int(row)])
            if numbers[key] < 0 {
                numbers[key] = Int32(lengths.count)
                lengths.append(0)
            }
            lengths[Int(numbers[key])] += 1
        }
        var offsets = [0]
        offsets.reserveCapacity(lengths.count + 1)
        for length in lengths { offsets.append(offsets[offsets.count - 1] + length) }
        let ranks = itemRanks(log, itemIds)
        var places = offsets
        var items = [Int32](repeating: 0, count: offsets[lengths.count])
        for row in order where counts(row) {
            let session = Int(numbers[Int(keys[Int(row)])])
            items[places[session]] = ranks[Int(log.itemIndexes[Int(row)])]
            places[session] += 1
        }
        return IndexLists(offsets: offsets, indexes: items)
    }

    /// The sessions of a log as item ids, the oldest session first, each oldest item first.
    package static func itemIds(
        of log: InteractionLog, weights: EventWeights = .standard, gap: SessionGap = .standard
    ) -> [[String]] {
        let ids = log.items.ascendingOrder().map { log.items.id(at: Int($0)) }
        let lists = build(from: log, itemIds: ids, weights: weights, gap: gap)
        return (0..<lists.listCount).reversed().map { session in lists[session].map { ids[Int($0)] } }
    }

    /// Per row, a number that the rows of its session share.
    private static func sessionKeys(_ log: InteractionLog, _ order: [Int32], _ gap: SessionGap) -> [Int32] {
        guard !log.hasSessions else { return log.sessionIndexes }
        guard log.hasTimes else { return log.userIndexes }
        var keys = [Int32](repeating: 0, count: log.count)
        var current = [Int32](repeating: -1, count: log.users.count)
        var last = [Int64](repeating: 0, count: log.users.count)
        var next: Int32 = 0
        for row in order {
            let (row, user) = (Int(row), Int(log.userIndexes[Int(row)]))
            if current[user] < 0 || gap.separates(last[user], log.times[row]) {
                current[user] = next
                next += 1
            }
            last[user] = log.times[row]
            keys[row] = current[user]
        }
        return keys
    }

    private static func itemRanks(_ log: InteractionLog, _ itemIds: [String]) -> [Int32] {
        let table = IdentifierTable(itemIds)
        return (0..<log.items.count).map { item in
            guard let rank = table.index(of: log.items.bytes(at: item).span) else {
                preconditionFailure("an item of the log is not among the ids")
            }
            return rank
        }
    }
}
