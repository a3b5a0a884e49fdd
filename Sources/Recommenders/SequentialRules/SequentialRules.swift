package import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// Sequential rules (Kamehkhosh, Jannach, Ludewig 2017, "A Comparison of Frequent Pattern Techniques and a Deep Learning
// Method for Session-Based Recommendation"): what was taken d steps after an item speaks for it with weight 1/d. Here also:
//
//     session of age t in 0 (newest) ..< 1        its pairs count e^(-recency t): what is in fashion now
//     the pair backwards                          counts `backward` of what it counts forwards
//     column j                                    divided by (sessions with j)^popularityDamping
//     row                                         cut to its best, divided by its sum^normalisation
//     two steps                                   R + hop R R: most items are in few sessions only
//
// Decision 0010 has what each of them adds.

/// Which item follows upon which.
package enum SequentialRules {
    package struct Configuration: Sendable, Equatable {
        /// Pairs further apart say little and cost time: 10 is the paper's bound.
        package var maximumDistance = 10
        package var backward = 1.0
        package var recency = 2.0
        package var popularityDamping = 0.4
        package var normalisation = 0.5
        package var hop = 3.0
        /// Second steps go from so many of a row's best to so many of theirs: 2,500 additions an item.
        package var hopCount = 50
        /// Kept of a row.
        package var ruleCount = 100

        package init() {}
    }

    /// - Parameter sessions: most recent first, each oldest item first, repeats included.
    /// - Returns: `[itemCount x itemCount]`: row = an item that was taken, column = an item that follows, itself included.
    ///
    /// Time: the pairs within the distance, and `hopCount` squared per item. Memory: 12 bytes a step of a session, and the
    /// result twice.
    package static func train(
        _ sessions: IndexLists, itemCount: Int, configuration: Configuration = Configuration(), threadCount: Int
    ) -> SparseMatrix {
        let steps = ItemSteps(sessions, itemCount: itemCount)
        let damping = (0..<itemCount).map { item in
            pow(Double(max(steps.sessionCounts[item], 1)), -configuration.popularityDamping)
        }
        let workers = (0..<max(threadCount, 1)).map { _ in
            RuleWorker(itemCount: itemCount, configuration)
        }
        let direct = unsafe SparseMatrix.assembling(
            rowCount: itemCount, columnCount: itemCount, rowCapacity: configuration.ruleCount, threadCount: threadCount
        ) { item, output, worker in
            workers[worker].sumFollowers(of: item, sessions, steps, damping, configuration)
            return unsafe workers[worker].select(into: output, normalisation: configuration.normalisation)
        }
        guard configuration.hop > 0 else { return direct }
        let best = direct.strongestColumns(configuration.hopCount)
        return unsafe SparseMatrix.assembling(
            rowCount: itemCount, columnCount: itemCount, rowCapacity: configuration.ruleCount, threadCount: threadCount
        ) { item, output, worker in
            workers[worker].sumTwoSteps(from: item, direct, best: best, hop: configuration.hop)
            return unsafe workers[worker].select(into: output, normalisation: 0)
        }
    }
}

/// For each item, the places where sessions have it.
private struct ItemSteps {
    /// Item `i` has the places `offsets[i] ..< offsets[i + 1]`.
    let offsets: [Int]
    /// Positions in the sessions' `indexes`.
    let places: [Int32]
    /// Per position in the sessions' `indexes`, the session.
    let sessionOfPlace: [Int32]
    /// Per item, the number of sessions that have it.
    let sessionCounts: [Int]

    init(_ sessions: IndexLists, itemCount: Int) {
        var counts = [Int](repeating: 0, count: itemCount + 1)
        for item in sessions.indexes { counts[Int(item) + 1] += 1 }
        for item in 0..<itemCount { counts[item + 1] += counts[item] }
        var next = counts
        var places = [Int32](repeating: 0, count: sessions.indexes.count)
        var sessionOfPlace = places
        var sessionCounts = [Int](repeating: 0, count: itemCount)
        var lastSession = [Int32](repeating: -1, count: itemCount)
        for session in 0..<sessions.listCount {
            for place in sessions.offsets[session]..<sessions.offsets[session + 1] {
                let item = Int(sessions.indexes[place])
                places[next[item]] = Int32(place)
                next[item] += 1
                sessionOfPlace[place] = Int32(session)
                if lastSession[item] != session { sessionCounts[item] += 1 }
                lastSession[item] = Int32(session)
            }
        }
        offsets = counts
        self.places = places
        self.sessionOfPlace = sessionOfPlace
        self.sessionCounts = sessionCounts
    }
}

/// One thread's accumulators; a class because each thread has its own. Owned by `SequentialRules.train`.
private final class RuleWorker {
    private var sums: [Double]
    private var touched: [Int32] = []
    private var selector: TopKSelector

    init(itemCount: Int, _ configuration: SequentialRules.Configuration) {
        sums = Array(repeating: 0, count: itemCount)
        selector = TopKSelector(capacity: min(configuration.ruleCount, itemCount))
    }

    func sumFollowers(
        of item: Int, _ sessions: IndexLists, _ steps: ItemSteps, _ damping: [Double],
        _ configuration: SequentialRules.Configuration
    ) {
        let sessionCount = Double(max(sessions.listCount, 1))
        for position in steps.offsets[item]..<steps.offsets[item + 1] {
            let place = Int(steps.places[position])
            let session = Int(steps.sessionOfPlace[place])
            let range = sessions.offsets[session]..<sessions.offsets[session + 1]
            let weight = exp(-configuration.recency * Double(session) / sessionCount)
            for other in place + 1..<max(place + 1, min(range.upperBound, place + configuration.maximumDistance + 1)) {
                add(sessions.indexes[other], weight / Double(other - place), damping)
            }
            guard configuration.backward > 0 else { continue }
            for other in max(range.lowerBound, place - configuration.maximumDistance)..<place
            where sessions.indexes[other] != item {
                add(sessions.indexes[other], weight * configuration.backward / Double(place - other), damping)
            }
        }
    }

    func sumTwoSteps(from item: Int, _ rules: SparseMatrix, best: IndexLists, hop: Double) {
        for entry in rules.range(ofRow: item) { add(rules.columnIndexes[entry], Double(rules.values[entry])) }
        for first in best[item] {
            let weight = hop * Double(rules.values[Int(first)])
            for second in best[Int(rules.columnIndexes[Int(first)])] {
                add(rules.columnIndexes[Int(second)], weight * Double(rules.values[Int(second)]))
            }
        }
    }

    /// Writes the strongest sums, divided by (their sum)^normalisation, and clears the accumulators.
    func select(into output: SparseMatrix.RowOutput, normalisation: Double) -> Int {
        unsafe selector.reset(k: output.capacity, floor: 0)
        for other in touched {
            selector.offer(other, score: Float(sums[Int(other)]))
            sums[Int(other)] = 0
        }
        touched.removeAll(keepingCapacity: true)
        let count = unsafe selector.drain(into: output)
        var total = 0.0
        for position in 0..<count { unsafe total += Double(output.values[position]) }
        let factor = total > 0 ? Float(pow(total, -normalisation)) : 0
        for position in 0..<count { unsafe output.values[position] *= factor }
        return count
    }

    private func add(_ item: Int32, _ value: Double, _ damping: [Double]) { add(item, value * damping[Int(item)]) }

    private func add(_ item: Int32, _ value: Double) {
        if sums[Int(item)] == 0 { touched.append(item) }
        sums[Int(item)] += value
    }
}

extension SparseMatrix {
    /// Per row, where its at most `count` strongest values lie.
    fileprivate func strongestColumns(_ count: Int) -> IndexLists {
        var lists = IndexLists()
        var selector = TopKSelector(capacity: count)
        var kept: [ScoredIndex] = []
        for row in 0..<rowCount {
            selector.reset(k: count)
            for entry in range(ofRow: row) { selector.offer(Int32(entry), score: values[entry]) }
            kept.removeAll(keepingCapacity: true)
            selector.drain(into: &kept)
            lists.append(kept.map(\.index))
        }
        return lists
    }
}
