import LinearAlgebra
import Recommenders
import Testing

@Suite struct FoldInTests {
    /// The scores of all items by a history folded in; nil where it says nothing.
    static func scores(
        _ factors: ImplicitALS.Factors, _ terms: ImplicitALS.FoldInTerms, history: [(item: Int, weight: Float)]
    ) -> [Float]? {
        var foldIn = FoldIn(dimension: factors.items.columnCount)
        guard solve(&foldIn, factors, terms, history) else { return nil }
        return unsafe factors.items.withView { items in
            unsafe (0..<items.rowCount).map { unsafe foldIn.score(items.row($0)) }
        }
    }

    static func solve(
        _ foldIn: inout FoldIn, _ factors: ImplicitALS.Factors, _ terms: ImplicitALS.FoldInTerms,
        _ history: [(item: Int, weight: Float)]
    ) -> Bool {
        foldIn.begin()
        unsafe terms.gram.withView { gram in
            for row in 0..<terms.gram.rowCount { unsafe foldIn.setGramRow(row, gram.row(row)) }
        }
        unsafe factors.items.withView { items in
            for entry in history {
                unsafe foldIn.add(items.row(entry.item), confidence: entry.weight * terms.confidenceScale)
            }
        }
        return foldIn.solve(
            ImplicitALS.Penalty(
                unobservedTotal: terms.unobservedTotal, regularization: terms.regularization,
                exponent: terms.regularizationExponent))
    }

    private func history(_ row: [Float]) -> [(item: Int, weight: Float)] {
        row.enumerated().filter { $0.element != 0 }.map { ($0.offset, $0.element) }
    }

    /// d below, at and between whole lanes and batches; the system solved by elimination in Double.
    @Test(arguments: [1, 3, 8, 13, 16, 33]) func solvesTheUsersSystem(dimension: Int) throws {
        let rows = randomInteractions(60, 40, density: 0.25, dislikes: true, seed: UInt64(dimension))
        let matrix = sparse(rows, columnCount: 40)
        let configuration = ImplicitALS.Configuration(
            dimension: dimension, regularization: 0.05, unobservedWeight: 0.2, epochCount: 2)
        let factors = try ImplicitALS.train(matrix, configuration: configuration, threadCount: 1)
        let terms = ImplicitALS.foldInTerms(items: factors.items, of: matrix, configuration: configuration)
        let stored = rows.flatMap { $0 }.filter { $0 != 0 }.map { Double($0.magnitude) }
        let mean = stored.reduce(0, +) / Double(stored.count)
        let h = (0..<40).map { item in (0..<dimension).map { Double(factors.items[item, $0]) } }
        for user in 0..<10 where rows[user].contains(where: { $0 > 0 }) {
            let confidences = rows[user].map { Double($0) / mean }
            let penalty = 0.05 * (confidences.reduce(0) { $0 + $1.magnitude } + 0.2 * 40)
            var system = (0..<dimension).map { i in
                (0...dimension).map { j in
                    (0..<40).reduce(i == j ? penalty : 0) { sum, item in
                        let c = confidences[item]
                        return j == dimension
                            ? sum + max(c, 0) * h[item][i] : sum + (0.2 + c.magnitude) * h[item][i] * h[item][j]
                    }
                }
            }
            let x = EASETests().solve(&system)
            let found = try #require(Self.scores(factors, terms, history: history(rows[user])))
            for item in 0..<40 {
                let expected = zip(x, h[item]).reduce(0) { $0 + $1.0 * $1.1 }
                #expect((Double(found[item]) - expected).magnitude < 1e-4)
            }
        }
    }

    /// Many histories at once, by OpenBLAS, and one after the other.
    @Test func manyHistoriesAtOnceAreThoseOneByOne() throws {
        let rows = randomInteractions(30, 40, density: 0.2, dislikes: true, seed: 6)
        let matrix = sparse(rows, columnCount: 40)
        let configuration = ImplicitALS.Configuration(dimension: 12, epochCount: 2)
        let factors = try ImplicitALS.train(matrix, configuration: configuration, threadCount: 1)
        let terms = ImplicitALS.foldInTerms(items: factors.items, of: matrix, configuration: configuration)
        let users = try ImplicitALS.users(of: matrix, items: factors.items, terms, threadCount: 2)
        let scores = users.multiplied(by: factors.items, transposingOther: true, threadCount: 1)
        for user in 0..<30 {
            let single = Self.scores(factors, terms, history: history(rows[user])) ?? Array(repeating: 0, count: 40)
            for item in 0..<40 { #expect((scores[user, item] - single[item]).magnitude < 1e-4) }
        }
    }

    /// A user's factors after training are the half-step that a fold-in is, with the item factors before the last half.
    @Test func equalsTheHalfStepOfTraining() throws {
        let rows = randomInteractions(30, 25, density: 0.3, dislikes: true, seed: 4)
        let matrix = sparse(rows, columnCount: 25)
        var configuration = ImplicitALS.Configuration(dimension: 10, epochCount: 2)
        let before = try ImplicitALS.train(matrix, configuration: configuration, threadCount: 2)
        let terms = ImplicitALS.foldInTerms(items: before.items, of: matrix, configuration: configuration)
        configuration.epochCount = 3
        let after = try ImplicitALS.train(matrix, configuration: configuration, threadCount: 2)
        for user in 0..<30 where rows[user].contains(where: { $0 > 0 }) {
            let found = try #require(Self.scores(before, terms, history: history(rows[user])))
            for item in 0..<25 {
                let expected = (0..<10).reduce(Float(0)) { $0 + after.users[user, $1] * before.items[item, $1] }
                #expect((found[item] - expected).magnitude < 1e-4)
            }
        }
    }

    @Test func sharesSumToTheScore() throws {
        let rows = randomInteractions(50, 30, density: 0.3, dislikes: true, seed: 8)
        let matrix = sparse(rows, columnCount: 30)
        let configuration = ImplicitALS.Configuration(dimension: 12, epochCount: 2)
        let factors = try ImplicitALS.train(matrix, configuration: configuration, threadCount: 1)
        let terms = ImplicitALS.foldInTerms(items: factors.items, of: matrix, configuration: configuration)
        let entries = history(rows[0])
        var foldIn = FoldIn(dimension: 12)
        #expect(Self.solve(&foldIn, factors, terms, entries))
        unsafe factors.items.withView { items in
            for target in 0..<30 {
                unsafe foldIn.prepareShares(of: items.row(target))
                var sum: Float = 0
                for entry in entries {
                    let share = unsafe foldIn.share(
                        items.row(entry.item), confidence: entry.weight * terms.confidenceScale)
                    if entry.weight < 0 { #expect(share == 0) }
                    sum += share
                }
                #expect(unsafe (sum - foldIn.score(items.row(target))).magnitude < 1e-5)
            }
        }
    }

    @Test func nothingLikedIsNoEvidence() throws {
        let matrix = sparse([[1, 1, 0], [0, 1, 0]], columnCount: 3)
        let configuration = ImplicitALS.Configuration(dimension: 4)
        let factors = try ImplicitALS.train(matrix, configuration: configuration, threadCount: 1)
        let terms = ImplicitALS.foldInTerms(items: factors.items, of: matrix, configuration: configuration)
        #expect(Self.scores(factors, terms, history: []) == nil)
        #expect(Self.scores(factors, terms, history: [(0, -1)]) == nil)
        // Nobody has item 2.
        #expect(Self.scores(factors, terms, history: [(2, 1)]) == nil)
        #expect(Self.scores(factors, terms, history: [(0, .nan)]) == nil)
        #expect(Self.scores(factors, terms, history: [(0, 1)])?[2] == 0)
    }
}
