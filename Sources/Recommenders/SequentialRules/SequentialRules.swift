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
    /// Time: the pairs within the distance, and `hopCount` squared per item. Memory: 12 bytes a step of a session, 8 a session,
    /// and the result three times.
    package static func train(
        _ sessions: IndexLists, itemCount: Int, configuration: Configuration = Configuration(), threadCount: Int
    ) -> SparseMatrix {
        let steps = ItemSteps(sessions, itemCount: itemCount)
        let damping = (0..<itemCount).map { item in
            pow(Double(max(steps.sessionCounts[item], 1)), -configuration.popularityDamping)
        }
        // The newest session is 0.
        let sessionCount = Double(max(sessions.listCount, 1))
        let weights = (0..<sessions.listCount).map { exp(-configuration.recency * Double($0) / sessionCount) }
        let workers = (0..<max(threadCount, 1)).map { _ in
            RuleWorker(itemCount: itemCount, configuration)
        }
        let direct = unsafe SparseMatrix.assembling(
            rowCount: itemCount, columnCount: itemCount, rowCapacity: configuration.ruleCount, threadCount: threadCount
        ) { item, output, worker in
            workers[worker].sumFollowers(of: item, sessions, steps, damping, weights, configuration)
            return unsafe workers[worker].select(into: output, normalisation: configuration.normalisation)
        }
        guard configuration.hop > 0 else { return direct }
        let best = direct.keepingStrongest(configuration.hopCount, threadCount: threadCount)
        return unsafe direct.withView { direct in
            unsafe SparseMatrix.assembling(
                rowCount: itemCount, columnCount: itemCount, rowCapacity: configuration.ruleCount,
                threadCount: threadCount
            ) { item, output, worker in
                unsafe workers[worker].sumTwoSteps(from: item, direct, best: best, hop: configuration.hop)
                return unsafe workers[worker].select(into: output, normalisation: 0)
            }
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

/// One thread's accumulators; a class because it owns memory. Owned by `SequentialRules.train`.
@safe private final class RuleWorker {
    /// Per item; zero between rows.
    private let sums: UnsafeMutablePointer<Double>
    private let touched: UnsafeMutablePointer<Int32>
    private var touchedCount = 0
    private let candidates: StrongestCandidates

    init(itemCount: Int, _ configuration: SequentialRules.Configuration) {
        unsafe sums = .allocate(capacity: itemCount)
        unsafe sums.initialize(repeating: 0, count: itemCount)
        unsafe touched = .allocate(capacity: itemCount + 1)
        candidates = StrongestCandidates(capacity: itemCount, limit: configuration.ruleCount)
    }

    deinit {
        unsafe sums.deallocate()
        unsafe touched.deallocate()
    }

    func sumFollowers(
        of item: Int, _ sessions: IndexLists, _ steps: ItemSteps, _ damping: [Double], _ weights: [Double],
        _ configuration: SequentialRules.Configuration
    ) {
        for position in steps.offsets[item]..<steps.offsets[item + 1] {
            let place = Int(steps.places[position])
            let session = Int(steps.sessionOfPlace[place])
            let range = sessions.offsets[session]..<sessions.offsets[session + 1]
            let weight = weights[session]
            for other in place + 1..<max(place + 1, min(range.upperBound, place + configuration.maximumDistance + 1)) {
                let index = sessions.indexes[other]
                add(index, weight / Double(other - place) * damping[Int(index)])
            }
            guard configuration.backward > 0 else { continue }
            for other in max(range.lowerBound, place - configuration.maximumDistance)..<place
            where sessions.indexes[other] != item {
                let index = sessions.indexes[other]
                add(index, weight * configuration.backward / Double(place - other) * damping[Int(index)])
            }
        }
    }

    func sumTwoSteps(from item: Int, _ rules: SparseMatrixView, best: SparseMatrix, hop: Double) {
        for entry in unsafe rules.range(ofRow: item) {
            unsafe add(rules.columnIndexes[entry], Double(rules.values[entry]))
        }
        unsafe best.withView { best in
            for first in unsafe best.range(ofRow: item) {
                let weight = unsafe hop * Double(best.values[first])
                for second in unsafe best.range(ofRow: Int(best.columnIndexes[first])) {
                    unsafe add(best.columnIndexes[second], weight * Double(best.values[second]))
                }
            }
        }
    }

    /// Writes the strongest sums, divided by (their sum)^normalisation, and clears the accumulators.
    func select(into output: SparseMatrix.RowOutput, normalisation: Double) -> Int {
        var candidateCount = 0
        for position in 0..<touchedCount {
            let other = unsafe touched[position]
            let score = unsafe Float(sums[Int(other)])
            unsafe sums[Int(other)] = 0
            unsafe candidates.indexes[candidateCount] = other
            unsafe candidates.scores[candidateCount] = score
            candidateCount &+= score > 0 ? 1 : 0
        }
        touchedCount = 0
        let count = unsafe candidates.drain(count: candidateCount, into: output)
        var total = 0.0
        for position in 0..<count { unsafe total += Double(output.values[position]) }
        let factor = total > 0 ? Float(pow(total, -normalisation)) : 0
        for position in 0..<count { unsafe output.values[position] *= factor }
        return count
    }

    /// - Parameter value: above 0, so that a sum of 0 is one that nothing was added to.
    @inline(__always)
    private func add(_ item: Int32, _ value: Double) {
        let sum = unsafe sums[Int(item)]
        if sum == 0 {
            unsafe touched[touchedCount] = item
            touchedCount &+= value > 0 ? 1 : 0
        }
        unsafe sums[Int(item)] = sum + value
    }
}
