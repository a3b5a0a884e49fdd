package import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// Session-based nearest neighbours with an index by item: VMIS-kNN (Kersbergen, Sprangers, Schelter 2022, "Serenade -
// Low-Latency Session-Based Recommendation in e-Commerce at Scale", SIGMOD), an index-based form of vector-multiplication
// session kNN (Ludewig, Jannach 2018). The model is two tables and a number per item:
//
//     sessions          s -> its distinct items, oldest first; the most recent session is 0
//     sessionsOfItems   i -> the most recent sessions that have it, ascending, so most recent first
//     itemWeights       i -> log(sessions / sessions with i), 0 for an item in none
//
// `SessionScoring` answers from it.

package enum SessionKNN {
    package struct Configuration: Sendable, Equatable {
        /// m of the paper: sessions kept of each item, and candidates of one query.
        package var sessionsPerItem = 500
        /// Distinct items kept of a session, the last ones: longer sessions are robots or whole histories, and a
        /// neighbour of 50 items already says little about any of them.
        package var itemsPerSession = 50

        package init() {}
    }

    package struct Model: Sendable, Equatable {
        package var sessions: IndexLists
        package var sessionsOfItems: IndexLists
        package var itemWeights: [Float]
    }

    /// - Parameter sessions: most recent first, each oldest item first, repeats included.
    ///
    /// Linear in the sessions' items. Sessions with fewer than two distinct items say nothing of what goes with what;
    /// they count in the items' weights only, and take no place among an item's sessions.
    package static func train(
        _ sessions: IndexLists, itemCount: Int, configuration: Configuration = Configuration()
    ) -> Model {
        var kept = IndexLists()
        var counts = [Int](repeating: 0, count: itemCount)
        var lastSession = [Int](repeating: -1, count: itemCount)
        for session in 0..<sessions.listCount {
            var items: [Int32] = []
            for item in sessions[session] where lastSession[Int(item)] != session {
                lastSession[Int(item)] = session
                counts[Int(item)] += 1
                items.append(item)
            }
            if items.count > 1 { kept.append(items.suffix(configuration.itemsPerSession)) }
        }
        let total = Double(sessions.listCount)
        return Model(
            sessions: kept,
            sessionsOfItems: kept.inverted(listCount: itemCount, limit: configuration.sessionsPerItem),
            itemWeights: counts.map { $0 > 0 ? Float(log(total / Double($0))) : 0 })
    }
}

extension SessionKNN.Model {
    /// Lends the model with rules, `[itemCount x itemCount]`, beside it.
    @unsafe package func withView<Result>(
        rules: SparseMatrix, _ body: (SessionModelView) -> Result
    ) -> Result {
        unsafe sessions.indexes.withUnsafeBufferPointer { items in
            unsafe sessionsOfItems.indexes.withUnsafeBufferPointer { lists in
                unsafe itemWeights.withUnsafeBufferPointer { weights in
                    unsafe rules.withView { rules in
                        unsafe body(
                            SessionModelView(
                                sessionCount: sessions.listCount,
                                itemsOfSession: { unsafe UnsafeBufferPointer(rebasing: items[sessions.range(of: $0)]) },
                                sessionsOfItem: {
                                    unsafe UnsafeBufferPointer(rebasing: lists[sessionsOfItems.range(of: $0)])
                                },
                                itemWeights: weights,
                                rules: { item in
                                    let range = unsafe rules.range(ofRow: item)
                                    return unsafe (
                                        UnsafeBufferPointer(
                                            start: rules.columnIndexes + range.lowerBound, count: range.count),
                                        UnsafeBufferPointer(start: rules.values + range.lowerBound, count: range.count)
                                    )
                                }))
                    }
                }
            }
        }
    }
}

extension IndexLists {
    /// For each index below `listCount`, the first `limit` lists that have it, ascending.
    fileprivate func inverted(listCount: Int, limit: Int) -> IndexLists {
        var counts = [Int](repeating: 0, count: listCount)
        for index in indexes { counts[Int(index)] = min(counts[Int(index)] + 1, limit) }
        var offsets = [0]
        offsets.reserveCapacity(listCount + 1)
        for count in counts { offsets.append(offsets[offsets.count - 1] + count) }
        var result = [Int32](repeating: 0, count: offsets[listCount])
        var next = offsets
        for list in 0..<self.listCount {
            for index in self[list] where next[Int(index)] < offsets[Int(index) + 1] {
                result[next[Int(index)]] = Int32(list)
                next[Int(index)] += 1
            }
        }
        return IndexLists(offsets: offsets, indexes: result)
    }
}
