import LinearAlgebra
import Recommenders
import SeededRandom
import Testing

@Suite struct ImplicitALSTests {
    /// Confidences of mean 1, signed.
    func scaled(_ rows: [[Float]]) -> [[Double]] {
        let stored = rows.flatMap { $0 }.filter { $0 != 0 }.map { Double($0.magnitude) }
        let mean = stored.reduce(0, +) / Double(stored.count)
        return rows.map { $0.map { Double($0) / mean } }
    }

    @Test func oneFactorByHand() throws {
        // One user with one item, d = 1, one epoch, alpha0 = 0: w = h / (h^2 + r), then h = w / (w^2 + r); r = 1/2.
        let configuration = ImplicitALS.Configuration(
            dimension: 1, regularization: 0.5, unobservedWeight: 0, epochCount: 1, seed: 3)
        let factors = try ImplicitALS.train(
            sparse([[7]], columnCount: 1), configuration: configuration, threadCount: 1)
        var generator = SplitMix64(seed: 3)
        let start = generator.nextNormal() * 0.1
        let user = start / (start * start + 0.5)
        #expect((Double(factors.users[0, 0]) - user).magnitude < 1e-6)
        #expect((Double(factors.items[0, 0]) - user / (user * user + 0.5)).magnitude < 1e-6)
    }

    /// After an epoch the items' factors solve their systems: the gradient of the loss is zero.
    @Test(arguments: [1, 0.5, 0] as [Double]) func itemFactorsMinimiseTheLoss(exponent: Double) throws {
        let rows = randomInteractions(300, 20, density: 0.3, dislikes: true, seed: 5)
        let configuration = ImplicitALS.Configuration(
            dimension: 6, regularization: 0.05, regularizationExponent: exponent, unobservedWeight: 0.2, epochCount: 3)
        let factors = try ImplicitALS.train(
            sparse(rows, columnCount: 20), configuration: configuration, threadCount: 2)
        let confidences = scaled(rows)
        let w = (0..<300).map { user in (0..<6).map { Double(factors.users[user, $0]) } }
        for item in 0..<20 {
            let h = (0..<6).map { Double(factors.items[item, $0]) }
            let total = confidences.reduce(0) { $0 + $1[item].magnitude }
            let penalty = 0.05 * TestPower.of(total + 0.2 * 300, exponent)
            var gradient = h.map { $0 * penalty }
            for user in 0..<300 {
                let score = zip(w[user], h).reduce(0) { $0 + $1.0 * $1.1 }
                let (c, p) = (confidences[user][item].magnitude, confidences[user][item] > 0 ? 1.0 : 0)
                for index in 0..<6 { gradient[index] += w[user][index] * (0.2 * score + c * (score - p)) }
            }
            #expect(gradient.allSatisfy { $0.magnitude < 2e-3 })
            #expect(h.contains { $0.magnitude > 0.1 })
        }
    }

    @Test func sameFactorsWhateverTheThreads() throws {
        let matrix = sparse(randomInteractions(300, 120, density: 0.1, dislikes: true, seed: 6), columnCount: 120)
        let configuration = ImplicitALS.Configuration(dimension: 24, epochCount: 3)
        let first = try ImplicitALS.train(matrix, configuration: configuration, threadCount: 1)
        #expect(try ImplicitALS.train(matrix, configuration: configuration, threadCount: 3) == first)
    }

    @Test func separatesWhatIsThereFromWhatIsNot() throws {
        // Rank 2 has room for the two tastes, and none for who happens to lack what.
        let rows = RecommenderConformance.twoTastes
        let factors = try ImplicitALS.train(
            sparse(rows, columnCount: 20), configuration: .init(dimension: 2), threadCount: 2)
        let scores = factors.users.multiplied(by: factors.items, transposingOther: true, threadCount: 1)
        for user in 0..<40 {
            for item in 0..<20 { #expect((scores[user, item] > 0.5) == (user / 20 == item / 10)) }
        }
    }

    @Test func nobodyAndNothingHaveNoFactors() throws {
        let factors = try ImplicitALS.train(
            sparse([[1, 0, 1], [0, 0, 0]], columnCount: 3), configuration: .init(dimension: 4), threadCount: 2)
        #expect((0..<4).allSatisfy { factors.items[1, $0] == 0 && factors.users[1, $0] == 0 })
        #expect((0..<4).contains { factors.items[0, $0] != 0 })
    }

    @Test func singularSystemsAreAnError() {
        let error = #expect(throws: LinearAlgebraError.self) {
            try ImplicitALS.train(
                sparse([[1, 1]], columnCount: 2),
                configuration: .init(dimension: 4, regularization: 0, unobservedWeight: 0), threadCount: 1)
        }
        #expect(error?.code == .notPositiveDefinite)
    }

    @Test(arguments: [Float.nan, .infinity]) func weightsMustBeFinite(weight: Float) {
        let error = #expect(throws: LinearAlgebraError.self) {
            try ImplicitALS.train(sparse([[1, weight], [1, 1]], columnCount: 2), threadCount: 1)
        }
        #expect(error?.code == .notFinite)
    }

    @Test func memoryEstimate() {
        let bytes = ImplicitALS.estimatedBytes(
            userCount: 10, itemCount: 5, storedCount: 20, configuration: .init(dimension: 4), threadCount: 2)
        #expect(bytes == 15 * 16 + 17 * 8 + 2 * 20 * 8 + 2 * 4 * 260 * 4 + 64)
    }
}
