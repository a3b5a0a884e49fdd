import LinearAlgebra
import SeededRandom
import Testing

@testable import Recommenders

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct SessionKNNTests {
    private static func lists(_ sessions: [[Int32]]) -> IndexLists {
        var lists = IndexLists()
        for session in sessions { lists.append(session) }
        return lists
    }

    /// Most recent first.
    private static func randomSessions(_ count: Int, itemCount: Int, seed: UInt64) -> [[Int32]] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            (0..<1 + generator.nextIndex(below: 7)).map { _ in Int32(generator.nextIndex(below: itemCount)) }
        }
    }

    @Test func theIndexOfASmallLog() {
        let sessions = Self.lists([[2, 0, 2], [1], [0, 1, 3], [0, 2]])
        var configuration = SessionKNN.Configuration()
        configuration.sessionsPerItem = 2
        configuration.itemsPerSession = 2
        let model = SessionKNN.train(sessions, itemCount: 5, configuration: configuration)
        // The session of one item is not kept; of the long one the last two items are.
        #expect(model.sessions == Self.lists([[2, 0], [1, 3], [0, 2]]))
        #expect(model.sessionsOfItems == Self.lists([[0, 2], [1], [0, 2], [1], []]))
        let expected = [4.0 / 3, 2, 2, 4].map { Float(log($0)) } + [0]
        #expect(model.itemWeights == expected)
        let nothing = SessionKNN.train(IndexLists(), itemCount: 2)
        #expect(nothing.sessions.listCount == 0 && nothing.itemWeights == [0, 0])
    }

    @Test func theMostRecentCandidatesStay() {
        // Lists ascend; the limit is 3: of 0 ... 9 the three smallest numbers, the most recent sessions, remain.
        var candidates = SessionCandidates(limit: 3)
        func add(_ list: [Int32], _ weight: Float, _ position: Int32) {
            unsafe list.withUnsafeBufferPointer { list in
                unsafe candidates.add(list, weight: weight, queryPosition: position)
            }
        }
        add([4, 6, 8, 9], 1, 0)
        add([1, 6, 7], 0.5, 1)
        add([8], 0.25, 2)
        let kept = (0..<candidates.count).map { candidates.candidate(at: $0) }.filter { $0.similarity > 0 }
        #expect(kept.map(\.session) == [4, 6, 1])
        #expect(kept.map(\.similarity) == [1, 1.5, 0.5])
        #expect(kept.map(\.queryPosition) == [0, 0, 1])
        candidates.removeAll()
        #expect(candidates.count == 0)
        add(Array(0..<5000), 1, 0)
        #expect(candidates.count == 3)
    }

    @Test func manyCandidatesGrowTheTable() {
        var candidates = SessionCandidates(limit: 100_000)
        for round in 0..<3 {
            candidates.removeAll()
            let list = (0..<Int32(20_000)).map { $0 * 7 + Int32(round) }
            for position in 0..<Int32(2) {
                unsafe list.withUnsafeBufferPointer { list in
                    unsafe candidates.add(list, weight: 1, queryPosition: position)
                }
            }
            #expect(candidates.count == 20_000)
            #expect((0..<candidates.count).allSatisfy { candidates.candidate(at: $0).similarity == 2 })
            #expect(candidates.queryPosition(of: list[19_999]) == 0)
        }
    }

    /// The formulas of the design note, written down plainly.
    private static func bruteForce(
        _ query: [Int32], _ sessions: [[Int32]], _ weights: [Float], rules: SparseMatrix,
        _ configuration: SessionScoring.Configuration
    ) -> [Int32: Double] {
        var ages: [(item: Int32, age: Int)] = []
        for (age, item) in query.enumerated() where !ages.contains(where: { $0.item == item }) {
            ages.append((item, age))
        }
        ages = Array(ages.prefix(configuration.queryLength))
        let candidates = sessions.indices.filter { session in ages.contains { sessions[session].contains($0.item) } }
        let similarities = candidates.prefix(configuration.candidateCount).map { session -> (Int, Double) in
            let sum = ages.filter { sessions[session].contains($0.item) }.reduce(0.0) {
                $0 + exp(-Double($1.age) / Double(configuration.queryDecay)) * Double(weights[Int($1.item)])
            }
            return (session, sum * pow(Double(sessions[session].count), -Double(configuration.lengthDamping)))
        }
        let neighbours = similarities.sorted { $0.1 > $1.1 }.prefix(configuration.neighbourCount)
        var scores: [Int32: Double] = [:]
        var mass = 0.0
        for (session, similarity) in neighbours {
            let items = sessions[session]
            let first = ages.first { items.contains($0.item) }
            let match = first.flatMap { items.firstIndex(of: $0.item) } ?? 0
            for (position, item) in items.enumerated() {
                let steps = abs(position - match)
                var weight = exp(-Double(steps - 1) / Double(configuration.distanceDecay))
                if position == match { weight = Double(configuration.matchWeight) }
                if position < match { weight *= Double(configuration.backward) }
                let value = similarity * weight * pow(Double(weights[Int(item)]), Double(configuration.idfPower))
                scores[item, default: 0] += value
                mass += value
            }
        }
        var ruleScores: [Int32: Double] = [:]
        for (age, item) in query.prefix(configuration.ruleQueryLength).enumerated() {
            for entry in rules.range(ofRow: Int(item)) {
                ruleScores[rules.columnIndexes[entry], default: 0] +=
                    exp(-Double(age) / Double(configuration.ruleDecay)) * Double(rules.values[entry])
            }
        }
        let total = ruleScores.values.reduce(0, +)
        let scale = mass > 0 ? Double(configuration.ruleWeight) * mass : 1
        for (item, score) in ruleScores { scores[item, default: 0] += scale * score / total }
        for (position, entry) in ages.enumerated() {
            let factor = position == 0 ? configuration.lastItemWeight : configuration.seenItemWeight
            if let score = scores[entry.item] { scores[entry.item] = score * Double(factor) }
        }
        return scores
    }

    private static func scores(
        _ query: [Int32], _ model: SessionKNN.Model, _ rules: SparseMatrix, _ scoring: inout SessionScoring
    ) -> [Int32: Double] {
        var sums = NeighbourScoring(itemCount: model.itemWeights.count)
        unsafe model.withView(rules: rules) { view in unsafe scoring.score(query, model: view, into: &sums) }
        var scores: [Int32: Double] = [:]
        for position in 0..<sums.candidateCount {
            scores[sums.candidate(at: position).index] = Double(sums.candidate(at: position).score)
        }
        return scores
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func scoresAreThoseOfTheFormulas(seed: UInt64) {
        let sessions = Self.randomSessions(300, itemCount: 25, seed: seed)
        let model = SessionKNN.train(Self.lists(sessions), itemCount: 25)
        let kept = (0..<model.sessions.listCount).map { Array(model.sessions[$0]) }
        let rules = SequentialRules.train(Self.lists(sessions), itemCount: 25, threadCount: 2)
        var configuration = SessionScoring.Configuration()
        configuration.candidateCount = 60
        // All are neighbours: which ones are would else hang on the last bit of a sum.
        configuration.neighbourCount = 60
        configuration.backward = 0.7
        var scoring = SessionScoring(configuration)
        for query in Self.randomSessions(40, itemCount: 25, seed: seed + 10) {
            let found = Self.scores(query, model, rules, &scoring)
            let expected = Self.bruteForce(query, kept, model.itemWeights, rules: rules, configuration)
            #expect(found.keys.sorted() == expected.keys.sorted())
            for (item, score) in expected { #expect(abs((found[item] ?? 0) - score) <= 1e-5 * max(1, score)) }
        }
    }

    @Test func theMostSimilarSessionsAreTheNeighbours() {
        // Session 1 shares both items, session 0 is more recent and shares one, session 2 shares one and is longer.
        let model = SessionKNN.train(Self.lists([[0, 2], [0, 1, 3], [1, 4, 5, 6, 7]]), itemCount: 8)
        var configuration = SessionScoring.Configuration()
        configuration.neighbourCount = 1
        var scoring = SessionScoring(configuration)
        let rules = SparseMatrix(
            rowCount: 8, columnCount: 8, rowOffsets: Array(repeating: 0, count: 9), columnIndexes: [], values: [])
        #expect(Self.scores([0, 1], model, rules, &scoring).keys.sorted() == [0, 1, 3])
        #expect(scoring.lastCounts == (candidates: 3, neighbours: 1))
        #expect(Self.scores([], model, rules, &scoring).isEmpty)
    }

    /// What an index keeps of a scoring; an index from elsewhere may hold anything there.
    @Test func theSettingsSurviveAsText() {
        var configuration = SessionScoring.Configuration()
        #expect(configuration.text == "candidates=1000 neighbours=100 decay=3.0 idf=3 rules=1.2")
        #expect(SessionScoring.Configuration(configuration.text) == configuration)
        configuration.candidateCount = 7
        configuration.neighbourCount = 5
        configuration.queryDecay = 1.37
        configuration.idfPower = 0
        configuration.ruleWeight = 0
        #expect(SessionScoring.Configuration(configuration.text) == configuration)
        for text in [
            "", "candidates=1000", configuration.text + " ", "candidates=0 neighbours=5 decay=1 idf=1 rules=1",
            "candidates=7 neighbours=5 decay=nan idf=1 rules=1", "candidates=7 neighbours=5 decay=1 idf=7 rules=1",
            "neighbours=5 candidates=7 decay=1 idf=1 rules=1", "candidates=7 neighbours=5 decay=1 idf=1 rules=inf",
        ] { #expect(SessionScoring.Configuration(text) == nil, "\(text)") }
    }

    /// Item 2 is in one session of three, item 1 in two: the preference of rare items follows the power.
    @Test(arguments: [0, 1, 2, 4]) func theIdfPowerIsThatOfTheFormula(power: Int) throws {
        let model = SessionKNN.train(Self.lists([[0, 1, 2], [3, 1], [3, 4]]), itemCount: 5)
        let rules = SparseMatrix(
            rowCount: 5, columnCount: 5, rowOffsets: Array(repeating: 0, count: 6), columnIndexes: [], values: [])
        var configuration = SessionScoring.Configuration()
        configuration.idfPower = power
        var scoring = SessionScoring(configuration)
        let found = Self.scores([0], model, rules, &scoring)
        let ratio = Double(try #require(found[2])) / Double(try #require(found[1]))
        // One and two steps after the match.
        let expected = pow(log(3) / log(1.5), Double(power)) * exp(-1.0 / 3)
        #expect(abs(ratio - expected) <= 1e-5 * expected)
    }

    @Test func rulesAnswerWhereNoSessionDoes() {
        let model = SessionKNN.train(Self.lists([[0, 1]]), itemCount: 4)
        let rules = sparse([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]], columnCount: 4)
        var scoring = SessionScoring()
        #expect(Self.scores([2], model, rules, &scoring) == [3: 1])
    }
}

@Suite struct SequentialRulesTests {
    private func train(
        _ sessions: [[Int32]], itemCount: Int, _ change: (inout SequentialRules.Configuration) -> Void = { _ in }
    ) -> [[Float]] {
        var configuration = SequentialRules.Configuration()
        configuration.recency = 0
        configuration.hop = 0
        configuration.popularityDamping = 0
        configuration.normalisation = 0
        configuration.backward = 0
        change(&configuration)
        var lists = IndexLists()
        for session in sessions { lists.append(session) }
        return denseRows(
            SequentialRules.train(lists, itemCount: itemCount, configuration: configuration, threadCount: 2))
    }

    @Test func whatFollowsCountsByItsDistance() {
        let sessions: [[Int32]] = [[0, 1, 2], [0, 2], [1, 1]]
        #expect(train(sessions, itemCount: 3) == [[0, 1, 1.5], [0, 1, 1], [0, 0, 0]])
        #expect(train(sessions, itemCount: 3) { $0.maximumDistance = 1 } == [[0, 1, 1], [0, 1, 1], [0, 0, 0]])
        #expect(
            train(sessions, itemCount: 3) { $0.backward = 0.5 } == [[0, 1, 1.5], [0.5, 1, 1], [0.75, 0.5, 0]])
        #expect(train(sessions, itemCount: 3) { $0.ruleCount = 1 } == [[0, 0, 1.5], [0, 1, 0], [0, 0, 0]])
    }

    @Test func recencyPopularityAndSums() {
        let sessions: [[Int32]] = [[0, 1], [0, 2]]
        let faded = train(sessions, itemCount: 3) { $0.recency = 2 }
        #expect(faded == [[0, 1, Float(exp(-1.0))], [0, 0, 0], [0, 0, 0]])
        // Item 0 is in two sessions, the others in one.
        let damped = train([[1, 0], [2, 0]], itemCount: 3) { $0.popularityDamping = 1 }
        #expect(damped == [[0, 0, 0], [0.5, 0, 0], [0.5, 0, 0]])
        #expect(train(sessions, itemCount: 3) { $0.normalisation = 1 } == [[0, 0.5, 0.5], [0, 0, 0], [0, 0, 0]])
    }

    @Test func twoStepsReachWhatNoSessionJoins() {
        let sessions: [[Int32]] = [[0, 1], [1, 2], [2, 3]]
        let rows = train(sessions, itemCount: 4) { $0.hop = 0.5 }
        #expect(rows == [[0, 1, 0.5, 0], [0, 0, 1, 0.5], [0, 0, 0, 1], [0, 0, 0, 0]])
        #expect(train([], itemCount: 2) { $0.hop = 0.5 } == [[0, 0], [0, 0]])
        #expect(train([], itemCount: 0) == [])
    }

    @Test func threadsChangeNothing() {
        var generator = SplitMix64(seed: 5)
        var lists = IndexLists()
        for _ in 0..<400 { lists.append((0..<5).map { _ in Int32(generator.nextIndex(below: 90)) }) }
        let one = SequentialRules.train(lists, itemCount: 90, threadCount: 1)
        #expect(one == SequentialRules.train(lists, itemCount: 90, threadCount: 3))
    }
}
