import LinearAlgebra
import Recommenders
import Testing

@Suite struct KNNWeightingTests {
    /// Similarities by their definition on weighted rows, `[source][target]`.
    func bruteForce(_ x: [[Double]], targetExponent: Double, sourceExponent: Double) -> [[Double]] {
        let n = x.first?.count ?? 0
        func dot(_ i: Int, _ j: Int) -> Double { x.reduce(0) { $0 + $1[i] * $1[j] } }
        return (0..<n).map { source in
            (0..<n).map { target in
                guard source != target, dot(source, target) > 0 else { return 0 }
                return dot(source, target) / TestPower.of(dot(target, target), targetExponent / 2)
                    / TestPower.of(dot(source, source), sourceExponent / 2)
            }
        }
    }

    func check(_ weighting: ItemKNN.Weighting, _ rows: [[Float]], _ expected: [[Double]]) {
        let found = denseRows(
            ItemKNN.train(
                sparse(rows, columnCount: expected.count), configuration: .init(shrinkage: 0, weighting: weighting),
                threadCount: 2))
        for source in expected.indices {
            for target in expected.indices {
                let difference = (Double(found[source][target]) - expected[source][target]).magnitude
                #expect(difference <= 1e-5 * max(1, expected[source][target]))
            }
        }
    }

    let rows = randomInteractions(80, 25, density: 0.2, dislikes: true, seed: 21)
    var mean: Double {
        let stored = rows.flatMap { $0 }.filter { $0 != 0 }.map { Double($0.magnitude) }
        return stored.reduce(0, +) / Double(stored.count)
    }
    func idf(_ row: [Float]) -> Double { TestPower.logarithm(1 + 25 / Double(row.count { $0 != 0 })) }

    @Test func tfidf() {
        let weighted = rows.map { row in
            row.map { value -> Double in
                guard value != 0 else { return 0 }
                return (Double(value.magnitude) / mean).squareRoot() * idf(row) * (value < 0 ? -1 : 1)
            }
        }
        check(.tfidf, rows, bruteForce(weighted, targetExponent: 1, sourceExponent: 1))
    }

    @Test func bm25() {
        let sums = (0..<25).map { item in rows.reduce(0) { $0 + Double($1[item].magnitude) / mean } }
        let meanSum = sums.reduce(0, +) / 25
        let weighted = rows.map { row in
            row.enumerated().map { item, value -> Double in
                guard value != 0 else { return 0 }
                let magnitude = Double(value.magnitude) / mean
                let weight = magnitude * 2.2 / (magnitude + 1.2 * (0.25 + 0.75 * sums[item] / meanSum))
                return weight * idf(row) * (value < 0 ? -1 : 1)
            }
        }
        check(.bm25, rows, bruteForce(weighted, targetExponent: 0, sourceExponent: 0))
    }

    @Test func asymmetric() {
        let weighted = rows.map { $0.map { Double($0) } }
        check(.asymmetric, rows, bruteForce(weighted, targetExponent: 0.5, sourceExponent: 1.5))
    }

    @Test func asymmetricFavoursPopularTargets() {
        // Item 0 has 4 users, item 2 has 1, and both share one user with item 1.
        let rows: [[Float]] = [[1, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 0], [1, 0, 0]]
        func scores(_ weighting: ItemKNN.Weighting) -> [Float] {
            denseRows(
                ItemKNN.train(
                    sparse(rows, columnCount: 3), configuration: .init(shrinkage: 0, weighting: weighting),
                    threadCount: 1))[1]
        }
        let (cosine, asymmetric) = (scores(.cosine), scores(.asymmetric))
        #expect(asymmetric[0] / asymmetric[2] > cosine[0] / cosine[2])
        // |x_0| = 2, |x_1| = sqrt 2: 1 / (2^0.5 2^0.75).
        #expect((asymmetric[0] - Float(1 / TestPower.of(2, 1.25))).magnitude < 1e-6)
    }

    @Test(arguments: ItemKNN.Weighting.allCases) func unitOfTheWeightsDoesNotMatterToOrder(
        weighting: ItemKNN.Weighting
    ) {
        let large = rows.map { $0.map { $0 * 64 } }
        func best(_ rows: [[Float]]) -> [Int32] {
            let weights = ItemKNN.train(
                sparse(rows, columnCount: 25), configuration: .init(weighting: weighting), threadCount: 1)
            return recommendations(weights, history: [WeightedRow(row: 3, weight: 1)], count: 10).map(\.index)
        }
        #expect(best(rows) == best(large))
        #expect(!best(rows).isEmpty)
    }
}
