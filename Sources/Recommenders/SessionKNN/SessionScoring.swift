internal import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// From what a visitor has seen to scores of items, by session neighbours and sequential rules together:
//
//     query       x_0 (most recent), x_1, ...      w_j = e^(-j / queryDecay) idf(x_j)
//     candidates  sim(s) = sum of w_j over the items that s has, over length(s)^lengthDamping; the most recent m of them only
//     neighbours  the k most similar, ties: the more recent
//     knn(i)      sum over neighbours of sim(s) idf(i)^idfPower e^(-(d - 1) / distanceDecay)
//                 d = steps in s between i and the most recent x_j that s has; x_j itself counts `matchWeight`,
//                 what comes before it `backward` of what comes after it
//     rules(i)    sum over the last few x_j of e^(-j / ruleDecay) R(x_j, i)
//     score(i)    knn(i) / sum of knn + ruleWeight rules(i) / sum of rules
//                 times lastItemWeight for x_0, seenItemWeight for another x_j
//
// A part that finds nothing leaves the score to the other one. Decision 0010 has what each of these adds.

/// A session model whose memory belongs to someone else, row by row: an open index or arrays of this process.
@unsafe package struct SessionModelView {
    package let sessionCount: Int
    /// A session's distinct items, oldest first.
    package let itemsOfSession: (_ session: Int) -> UnsafeBufferPointer<Int32>
    /// An item's sessions, most recent first, so ascending.
    package let sessionsOfItem: (_ item: Int) -> UnsafeBufferPointer<Int32>
    /// Per item, its inverse document frequency.
    package let itemWeights: UnsafeBufferPointer<Float>
    /// What follows upon an item.
    package let rules: (_ item: Int) -> (columns: UnsafeBufferPointer<Int32>, values: UnsafeBufferPointer<Float>)

    package init(
        sessionCount: Int, itemsOfSession: @escaping (Int) -> UnsafeBufferPointer<Int32>,
        sessionsOfItem: @escaping (Int) -> UnsafeBufferPointer<Int32>, itemWeights: UnsafeBufferPointer<Float>,
        rules: @escaping (Int) -> (columns: UnsafeBufferPointer<Int32>, values: UnsafeBufferPointer<Float>)
    ) {
        unsafe self.sessionCount = sessionCount
        unsafe self.itemsOfSession = itemsOfSession
        unsafe self.sessionsOfItem = sessionsOfItem
        unsafe self.itemWeights = itemWeights
        unsafe self.rules = rules
    }
}

/// A workspace for queries to a session model that one thread owns. A query allocates nothing once the buffers have grown
/// to what the configuration allows.
package struct SessionScoring {
    package struct Configuration: Sendable, Equatable {
        /// Items of a query that count, the most recent ones.
        package var queryLength = 10
        /// m of the paper: the most recent sessions that are compared.
        package var candidateCount = 1000
        /// k of the paper.
        package var neighbourCount = 100
        package var queryDecay: Float = 3
        package var idfPower = 3
        package var distanceDecay: Float = 3
        package var lengthDamping: Float = 0.25
        package var matchWeight: Float = 1
        package var backward: Float = 0.7
        package var ruleQueryLength = 3
        package var ruleDecay: Float = 1
        package var ruleWeight: Float = 1.2
        /// What the score of the session's last item is multiplied by.
        package var lastItemWeight: Float = 4
        /// The same for its other items.
        package var seenItemWeight: Float = 1.4

        package init() {}
    }

    package let configuration: Configuration
    private var candidates: SessionCandidates
    private var neighbours: [ScoredIndex] = []
    private var selector: TopKSelector
    /// The query's distinct items, most recent first, and how many steps ago each was seen last.
    private var query: [(item: Int32, age: Int)] = []
    /// Per steps of distance, the weight; and per age in the query.
    private let distanceWeights: [Float]
    private let queryWeights: [Float]
    private let ruleWeights: [Float]
    /// Per length of a session.
    private let lengthFactors: [Float]
    private var values: [Float] = []

    /// Beyond so many steps the weights are taken as that of the last one.
    private static let weightTableLength = 64

    package init(_ configuration: Configuration = Configuration()) {
        precondition(configuration.queryLength >= 1 && configuration.candidateCount >= 1)
        self.configuration = configuration
        candidates = SessionCandidates(limit: configuration.candidateCount)
        selector = TopKSelector(capacity: configuration.neighbourCount)
        func table(_ decay: Float) -> [Float] { (0..<Self.weightTableLength).map { exp(-Float($0) / decay) } }
        distanceWeights = table(configuration.distanceDecay)
        queryWeights = table(configuration.queryDecay)
        ruleWeights = table(configuration.ruleDecay)
        lengthFactors = (0..<Self.weightTableLength).map { pow(Float(max($0, 1)), -configuration.lengthDamping) }
    }

    /// Resets `scores` and adds the score of every item that the model links to `items`, most recent first, repeats
    /// and items that the model lacks allowed. Scores are not below zero; their scale means nothing.
    package mutating func score(
        _ items: [Int32], model: SessionModelView, into scores: inout NeighbourScoring
    ) {
        scores.reset()
        takeQuery(items)
        unsafe findNeighbours(model)
        let mass = unsafe addNeighbours(model, to: &scores)
        unsafe addRules(items, model, mass: mass, to: &scores)
        weighSeenItems(in: &scores)
    }

    /// How many sessions the last query compared, and how many of them it took: for tests and for a look inside.
    package var lastCounts: (candidates: Int, neighbours: Int) { (candidates.count, neighbours.count) }

    private mutating func takeQuery(_ items: [Int32]) {
        query.removeAll(keepingCapacity: true)
        for (age, item) in items.enumerated() {
            guard query.count < configuration.queryLength, age < Self.weightTableLength else { return }
            if !query.contains(where: { $0.item == item }) { query.append((item, age)) }
        }
    }

    private mutating func findNeighbours(_ model: SessionModelView) {
        candidates.removeAll()
        // No session has an item that came after the model.
        for (position, entry) in query.enumerated() where unsafe Int(entry.item) < model.itemWeights.count {
            let weight = unsafe queryWeights[entry.age] * model.itemWeights[Int(entry.item)]
            unsafe candidates.add(
                model.sessionsOfItem(Int(entry.item)), weight: weight, queryPosition: Int32(position))
        }
        selector.reset(k: configuration.neighbourCount, floor: 0)
        for position in 0..<candidates.count {
            let candidate = candidates.candidate(at: position)
            let length = unsafe model.itemsOfSession(Int(candidate.session)).count
            selector.offer(
                candidate.session, score: candidate.similarity * lengthFactors[min(length, lengthFactors.count - 1)])
        }
        neighbours.removeAll(keepingCapacity: true)
        selector.drain(into: &neighbours)
    }

    /// The sum of what was added.
    private mutating func addNeighbours(_ model: SessionModelView, to scores: inout NeighbourScoring) -> Float {
        var mass: Float = 0
        for neighbour in neighbours {
            let items = unsafe model.itemsOfSession(Int(neighbour.index))
            let queryItem = query[Int(candidates.queryPosition(of: neighbour.index))].item
            guard let match = unsafe items.firstIndex(of: queryItem) else { continue }
            values.removeAll(keepingCapacity: true)
            for position in items.indices {
                let idf = unsafe model.itemWeights[Int(items[position])]
                var power: Float = 1
                for _ in 0..<configuration.idfPower { power *= idf }
                let value = power * positionWeight(position - match)
                values.append(value)
                mass += neighbour.score * value
            }
            unsafe values.withUnsafeBufferPointer { values in
                unsafe scores.add(columns: items, values: values, weight: neighbour.score)
            }
        }
        return mass
    }

    /// Of an item `steps` after the match, before it where negative.
    private func positionWeight(_ steps: Int) -> Float {
        if steps == 0 { return configuration.matchWeight }
        let weight = distanceWeights[min(abs(steps) - 1, Self.weightTableLength - 1)]
        return steps > 0 ? weight : configuration.backward * weight
    }

    /// Visitors come back to what they have seen, most of all to the last item.
    private func weighSeenItems(in scores: inout NeighbourScoring) {
        for (position, entry) in query.enumerated() {
            guard Int(entry.item) < scores.itemCount, let score = scores.score(of: Int(entry.item)) else { continue }
            let factor = position == 0 ? configuration.lastItemWeight : configuration.seenItemWeight
            unsafe withUnsafePointer(to: entry.item) { column in
                unsafe withUnsafePointer(to: score) { value in
                    unsafe scores.add(
                        columns: UnsafeBufferPointer(start: column, count: 1),
                        values: UnsafeBufferPointer(start: value, count: 1), weight: factor - 1)
                }
            }
        }
    }

    /// Adds the rules of the last items, scaled to `ruleWeight` of what the neighbours added, or to 1 where they added
    /// nothing.
    private func addRules(
        _ items: [Int32], _ model: SessionModelView, mass: Float, to scores: inout NeighbourScoring
    ) {
        let recent = items.prefix(min(configuration.ruleQueryLength, Self.weightTableLength))
        var total: Float = 0
        for (age, item) in recent.enumerated() {
            let values = unsafe model.rules(Int(item)).values
            var sum: Float = 0
            for position in values.indices { unsafe sum += values[position] }
            total += ruleWeights[age] * sum
        }
        guard total > 0 else { return }
        let scale = (mass > 0 ? configuration.ruleWeight * mass : 1) / total
        for (age, item) in recent.enumerated() {
            let rules = unsafe model.rules(Int(item))
            unsafe scores.add(columns: rules.columns, values: rules.values, weight: scale * ruleWeights[age])
        }
    }
}
