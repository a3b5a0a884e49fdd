import LinearAlgebra
import Recommenders
import Testing

@Suite struct SparseEASETests {
    @Test func byHand() throws {
        // Lengths: users sqrt 2, items sqrt 2, 1 and 1. Squared weights: 1/2 for item 0, 1/sqrt 2 for the others, so
        // G = [[1, a, a], [a, a', 0], [a, 0, a']] with a = 2^(-1/2) x 2^(-1/4) and a' = 2^(-1/2).
        let found = denseRows(
            try SparseEASE.train(
                sparse([[1, 1, 0], [1, 0, 1]], columnCount: 3), configuration: .init(l2: 1), threadCount: 1))
        let (a, square) = (TestPower.of(2, -0.75), TestPower.of(2, -0.5))
        let scale = TestPower.of(2, 0.25)
        let expected: [[Double]] = [
            [0, a / 2 / scale, a / 2 / scale], [a / (square + 1) * scale, 0, 0], [a / (square + 1) * scale, 0, 0],
        ]
        for source in 0..<3 {
            for target in 0..<3 {
                #expect((Double(found[source][target]) - expected[source][target]).magnitude < 1e-6)
            }
        }
    }

    @Test(arguments: [(30, 2.0), (6, 0.5), (1, 1.0)] as [(Int, Double)]) func agreesWithDefinition(
        neighbourCount: Int, l2: Double
    ) throws {
        let rows = randomInteractions(90, 30, density: 0.2, seed: 21)
        let found = denseRows(
            try SparseEASE.train(
                sparse(rows, columnCount: 30),
                configuration: .init(l2: l2, neighbourCount: neighbourCount), threadCount: 2))
        let expected = Self.bruteForce(rows, l2: l2, neighbourCount: neighbourCount)
        for source in 0..<30 {
            for target in 0..<30 {
                #expect((Double(found[source][target]) - expected[source][target]).magnitude < 1e-4)
            }
        }
    }

    @Test func theAutomaticL2IsInMeansOfTheDiagonal() throws {
        let rows = randomInteractions(90, 30, density: 0.2, seed: 22)
        let gram = Self.weightedGram(rows).gram
        let warm = (0..<30).map { gram[$0][$0] }.filter { $0 > 0 }
        let l2 = 3 * warm.reduce(0, +) / Double(warm.count)
        let matrix = sparse(rows, columnCount: 30)
        let automatic = denseRows(try SparseEASE.train(matrix, configuration: .init(l2Factor: 3), threadCount: 1))
        let given = denseRows(try SparseEASE.train(matrix, configuration: .init(l2: l2), threadCount: 1))
        for source in 0..<30 {
            for target in 0..<30 {
                #expect((automatic[source][target] - given[source][target]).magnitude < 1e-5)
            }
        }
    }

    @Test func theUnitOfTheWeightsIsIrrelevant() throws {
        let rows = randomInteractions(90, 30, density: 0.2, seed: 23)
        let first = denseRows(try SparseEASE.train(sparse(rows, columnCount: 30), threadCount: 1))
        let larger = rows.map { $0.map { $0 * 1024 } }
        #expect(denseRows(try SparseEASE.train(sparse(larger, columnCount: 30), threadCount: 1)) == first)
    }

    /// Few products are kept of each item, and hardly any regularisation: systems may lose their definiteness.
    @Test func cutProductsAreSolvedAllTheSame() throws {
        let matrix = sparse(randomInteractions(60, 80, density: 0.5, dislikes: true, seed: 24), columnCount: 80)
        let configuration = SparseEASE.Configuration(l2: 1e-6, neighbourCount: 20, productCount: 20)
        let weights = try SparseEASE.train(matrix, configuration: configuration, threadCount: 1)
        #expect(weights.values.allSatisfy { $0.isFinite })
        let targets = weights.transposed()
        #expect((0..<80).allSatisfy { targets.range(ofRow: $0).count == 20 })
        #expect(try SparseEASE.train(matrix, configuration: configuration, threadCount: 3) == weights)
    }

    @Test func weightsThatAreNotFiniteAreRefused() {
        let error = #expect(throws: LinearAlgebraError.self) {
            try SparseEASE.train(sparse([[1, .nan]], columnCount: 2), threadCount: 1)
        }
        #expect(error?.code == .notFinite)
    }

    @Test func theEstimateFollowsTheInteractions() {
        // Both users have 2 of 4 items; item 0 has two neighbours, items 1 and 2 have one, item 3 none: 4 products and 4
        // list entries of 8 bytes, each twice at most; 4 interactions three times; per thread 24 bytes an item and 4 x 4.
        let matrix = sparse([[1, 1, 0, 0], [1, 0, 1, 0]], columnCount: 4)
        let expected = 3 * 4 * 8 + 2 * 4 * 8 + 2 * (4 * 24 + 16 * 4)
        #expect(SparseEASE.estimatedBytes(matrix, threadCount: 2) == expected)
    }

    /// G and the square roots of the items' lengths.
    static func weightedGram(_ rows: [[Float]]) -> (gram: [[Double]], scales: [Double]) {
        let count = rows[0].count
        let users = rows.map { row in row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
        let items = (0..<count).map { item in
            rows.reduce(0.0) { $0 + Double($1[item]) * Double($1[item]) }.squareRoot()
        }
        let weighted = rows.enumerated().map { user, row in
            row.enumerated().map { item, value in
                value == 0 ? 0 : Double(value) / (users[user] * items[item]).squareRoot()
            }
        }
        let gram = (0..<count).map { i in
            (0..<count).map { j in weighted.reduce(0) { $0 + $1[i] * $1[j] } }
        }
        return (gram, items.map { $0.squareRoot() })
    }

    /// The definition, by Gaussian elimination in Double.
    static func bruteForce(_ rows: [[Float]], l2: Double, neighbourCount: Int) -> [[Double]] {
        let (gram, scales) = weightedGram(rows)
        let count = gram.count
        var result = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        for target in 0..<count {
            let others = (0..<count).filter { $0 != target && gram[$0][target] > 0 }
            let chosen = others.sorted { (-gram[$0][target], $0) < (-gram[$1][target], $1) }.prefix(neighbourCount)
            let system = chosen.map { row in chosen.map { gram[row][$0] + (row == $0 ? l2 : 0) } + [gram[row][target]] }
            for (source, weight) in zip(chosen, solution(of: system)) {
                result[source][target] = weight * scales[target] / scales[source]
            }
        }
        return result
    }

    /// Of `[n x (n + 1)]`, the right side last; positive definite systems need no pivots.
    static func solution(of system: [[Double]]) -> [Double] {
        var rows = system
        for pivot in rows.indices {
            let divisor = rows[pivot][pivot]
            rows[pivot] = rows[pivot].map { $0 / divisor }
            for row in rows.indices where row != pivot {
                let factor = rows[row][pivot]
                for column in rows[row].indices { rows[row][column] -= factor * rows[pivot][column] }
            }
        }
        return rows.compactMap(\.last)
    }
}
