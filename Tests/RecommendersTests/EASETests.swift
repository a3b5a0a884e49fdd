import LinearAlgebra
import Recommenders
import Testing

@Suite struct EASETests {
    /// B by its definition: column j is the ridge regression of column j on all the others, solved by elimination.
    func bruteForce(_ rows: [[Float]], l2: Double?) -> [[Double]] {
        let n = rows.first?.count ?? 0
        let stored = rows.flatMap { $0 }.filter { $0 != 0 }.map { Double($0) }
        let scale = (Double(stored.count) / stored.reduce(0) { $0 + $1 * $1 }).squareRoot()
        let x = rows.map { $0.map { Double($0) * scale } }
        var gram = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
        for i in 0..<n { for j in 0..<n { gram[i][j] = x.reduce(0) { $0 + $1[i] * $1[j] } } }
        let warm = (0..<n).filter { gram[$0][$0] > 0 }
        let penalty = l2 ?? 5 * warm.reduce(0) { $0 + gram[$1][$1] } / Double(warm.count)
        var result = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
        for target in warm {
            let others = warm.filter { $0 != target }
            var system = others.map { i in others.map { j in gram[i][j] + (i == j ? penalty : 0) } + [gram[i][target]] }
            for (index, value) in solve(&system).enumerated() { result[others[index]][target] = value }
        }
        return result
    }

    /// Gaussian elimination with pivoting; the last column is the right-hand side.
    func solve(_ system: inout [[Double]]) -> [Double] {
        let n = system.count
        for pivot in 0..<n {
            let best = (pivot..<n).max { system[$0][pivot].magnitude < system[$1][pivot].magnitude } ?? pivot
            system.swapAt(pivot, best)
            for row in 0..<n where row != pivot {
                let factor = system[row][pivot] / system[pivot][pivot]
                for column in pivot...n { system[row][column] -= factor * system[pivot][column] }
            }
        }
        return (0..<n).map { system[$0][n] / system[$0][$0] }
    }

    func difference(_ matrix: SparseMatrix, _ expected: [[Double]]) -> Double {
        zip(denseRows(matrix), expected).flatMap { zip($0, $1).map { (Double($0) - $1).magnitude } }.max() ?? 0
    }

    @Test func twoItemsByHand() throws {
        // G + I = [[3, 1], [1, 2]], P = [[2, -1], [-1, 3]] / 5, B_01 = 1/3, B_10 = 1/2.
        let weights = try EASE.train(
            sparse([[1, 1], [1, 0]], columnCount: 2), configuration: .init(l2: 1), threadCount: 1)
        #expect(difference(weights, [[0, 1.0 / 3], [0.5, 0]]) < 1e-6)
        #expect(weights.storedCount == 2)
    }

    @Test func threeItemsByHand() throws {
        // G + I = [[3, 2, 1], [2, 4, 2], [1, 2, 3]], 16 P = [[8, -4, 0], [-4, 8, -4], [0, -4, 8]].
        let weights = try EASE.train(
            sparse([[1, 1, 0], [0, 1, 1], [1, 1, 1]], columnCount: 3), configuration: .init(l2: 1), threadCount: 1)
        #expect(difference(weights, [[0, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0]]) < 1e-6)
    }

    @Test func scaleOfTheWeightsDoesNotMatter() throws {
        let small = try EASE.train(
            sparse([[1, 1], [1, 0]], columnCount: 2), configuration: .init(l2: 1), threadCount: 1)
        let large = try EASE.train(
            sparse([[64, 64], [64, 0]], columnCount: 2), configuration: .init(l2: 1), threadCount: 1)
        #expect(small == large)
    }

    @Test(arguments: [nil, 0.5, 100] as [Double?], [false, true])
    func agreesWithRidgeRegressions(l2: Double?, dislikes: Bool) throws {
        var rows = randomInteractions(80, 30, density: 0.2, dislikes: dislikes, seed: 3)
        for user in rows.indices { rows[user][11] = 0 }
        let weights = try EASE.train(
            sparse(rows, columnCount: 30), configuration: .init(l2: l2), threadCount: 2)
        #expect(difference(weights, bruteForce(rows, l2: l2)) < 2e-5)
        #expect(weights.range(ofRow: 11).isEmpty)
        #expect(!weights.columnIndexes.contains(11))
    }

    @Test func truncationKeepsTheStrongest() throws {
        let rows = randomInteractions(60, 20, density: 0.3, dislikes: true, seed: 5)
        let matrix = sparse(rows, columnCount: 20)
        let full = denseRows(try EASE.train(matrix, threadCount: 1))
        let perRow = denseRows(try EASE.train(matrix, configuration: .init(truncation: .perRow(4)), threadCount: 1))
        let perTarget = denseRows(
            try EASE.train(matrix, configuration: .init(truncation: .perTarget(4)), threadCount: 1))
        for i in 0..<20 {
            let row = full[i].map(\.magnitude).sorted(by: >)
            let column = (0..<20).map { full[$0][i].magnitude }.sorted(by: >)
            for j in 0..<20 {
                #expect(perRow[i][j] == (full[i][j].magnitude >= row[3] ? full[i][j] : 0))
                #expect(perTarget[j][i] == (full[j][i].magnitude >= column[3] ? full[j][i] : 0))
            }
        }
    }

    @Test func tooLittleRegularisationIsAnError() {
        let error = #expect(throws: LinearAlgebraError.self) {
            try EASE.train(sparse([[1, 1]], columnCount: 2), configuration: .init(l2: 0), threadCount: 1)
        }
        #expect(error?.code == .notPositiveDefinite)
    }

    @Test(arguments: [Float.nan, .infinity]) func weightsMustBeFinite(weight: Float) {
        let error = #expect(throws: LinearAlgebraError.self) {
            try EASE.train(sparse([[1, weight], [1, 1]], columnCount: 2), threadCount: 1)
        }
        #expect(error?.code == .notFinite)
    }

    @Test func memoryEstimate() {
        #expect(EASE.estimatedBytes(itemCount: 0) == 0)
        #expect(EASE.estimatedBytes(itemCount: 10_000) == 400_000_000 + 2 * 32_000_000 + 80_000)
        #expect(EASE.estimatedBytes(itemCount: 10) == 400 + 2 * 800 + 80)
    }
}
