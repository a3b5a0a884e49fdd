import LinearAlgebra
import Recommenders
import Testing

@Suite struct RP3betaTests {
    @Test func byHand() {
        // User 0 has items 0 and 1, user 1 has 1 and 2. From 0: to user 0 by 1, to item 1 by 1/2, which two users have.
        // From 1: to either user by 1/2, from there to 0 or 2 by 1/2.
        let weights = denseRows(
            RP3beta.train(
                sparse([[1, 1, 0], [0, 1, 1]], columnCount: 3), configuration: .init(alpha: 1, beta: 1), threadCount: 1)
        )
        #expect(weights == [[0, 0.25, 0], [0.25, 0, 0.25], [0, 0.25, 0]])
    }

    @Test(arguments: [(1, 0), (0.6, 0.3), (2, 1)] as [(Double, Double)]) func agreesWithDefinition(
        alpha: Double, beta: Double
    ) {
        let rows = randomInteractions(80, 30, density: 0.2, dislikes: true, seed: 11)
        let found = denseRows(
            RP3beta.train(
                sparse(rows, columnCount: 30), configuration: .init(alpha: alpha, beta: beta), threadCount: 2))
        let liked = rows.map { $0.map { Double(max($0, 0)) } }
        for source in 0..<30 {
            for target in 0..<30 {
                #expect(
                    (Double(found[source][target]) - walk(liked, source, target, alpha: alpha, beta: beta)).magnitude
                        < 1e-6)
            }
        }
    }

    /// The walk from `source` to `target` by its definition.
    func walk(_ liked: [[Double]], _ source: Int, _ target: Int, alpha: Double, beta: Double) -> Double {
        guard source != target else { return 0 }
        let sourceSum = liked.reduce(0) { $0 + $1[source] }
        let degree = Double(liked.count { $0[target] > 0 })
        let sum = liked.reduce(0) { sum, user in
            guard user[source] > 0, user[target] > 0 else { return sum }
            let probability = user[source] / sourceSum * user[target] / user.reduce(0, +)
            return sum + TestPower.of(probability, alpha)
        }
        return sum / TestPower.of(degree, beta)
    }

    @Test func everyTargetKeepsItsStrongestSources() {
        let matrix = sparse(randomInteractions(200, 50, density: 0.1, seed: 12), columnCount: 50)
        let full = denseRows(RP3beta.train(matrix, threadCount: 1).transposed())
        let targets = RP3beta.train(matrix, configuration: .init(neighbourCount: 6), threadCount: 2).transposed()
        for target in 0..<50 {
            let best = TopKSelector.best(6, of: full[target].map { $0 == 0 ? -.infinity : $0 })
            #expect(Array(targets.columnIndexes[targets.range(ofRow: target)]) == best.map(\.index).sorted())
        }
    }

    @Test func dislikesAndZerosAreNoSteps() {
        let weights = RP3beta.train(sparse([[1, -1], [-2, 1]], columnCount: 2), threadCount: 1)
        #expect(weights.storedCount == 0)
    }
}
