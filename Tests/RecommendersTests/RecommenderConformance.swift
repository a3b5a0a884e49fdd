import LinearAlgebra
import Recommenders
import SeededRandom
import Testing

/// What every collaborative algorithm must do. A new algorithm joins by one line in `all`.
struct RecommenderUnderTest: Sendable, CustomTestStringConvertible {
    let name: String
    /// HR@10 on MovieLens 100K, leave-last-one, all items ranked; popularity has 0.086. Nil: not measured (a variant).
    /// About one standard error (0.01) may be lost before the test fails.
    var qualityFloor: Double?
    /// What another order of sums may change in a weight: more where a Float solution enters the next one.
    var roundingTolerance: Float = 1e-6
    /// From interactions `[users x items]` to weights `[items x items]`: the scores that a history of one item gives.
    let train: @Sendable (_ interactions: SparseMatrix, _ threadCount: Int) throws -> SparseMatrix
    /// Of models whose scores of several items are not the sum of those of one.
    var scorer: ServedModels.Training?

    init(
        name: String, qualityFloor: Double? = nil, roundingTolerance: Float = 1e-6,
        train: @escaping @Sendable (_ interactions: SparseMatrix, _ threadCount: Int) throws -> SparseMatrix
    ) {
        (self.name, self.qualityFloor, self.roundingTolerance) = (name, qualityFloor, roundingTolerance)
        self.train = train
    }

    init(name: String, qualityFloor: Double, roundingTolerance: Float = 1e-6, scorer: @escaping ServedModels.Training) {
        self.init(name: name, qualityFloor: qualityFloor, roundingTolerance: roundingTolerance) {
            let score = try scorer($0, $1)
            let rows = (0..<$0.columnCount).map { item in
                var scores = score([WeightedRow(row: Int32(item), weight: 1)])
                scores[item] = 0
                return scores
            }
            return sparse(rows, columnCount: $0.columnCount)
        }
        self.scorer = scorer
    }

    var testDescription: String { name }

    static let all = [
        RecommenderUnderTest(name: "ItemKNN", qualityFloor: 0.10) { ItemKNN.train($0, threadCount: $1) },
        RecommenderUnderTest(name: "ItemKNN BM25", qualityFloor: 0.10) {
            ItemKNN.train($0, configuration: .init(weighting: .bm25), threadCount: $1)
        },
        RecommenderUnderTest(name: "ItemKNN TF-IDF", qualityFloor: 0.10) {
            ItemKNN.train($0, configuration: .init(weighting: .tfidf), threadCount: $1)
        },
        RecommenderUnderTest(name: "ItemKNN asymmetric", qualityFloor: 0.10) {
            ItemKNN.train($0, configuration: .init(weighting: .asymmetric), threadCount: $1)
        },
        RecommenderUnderTest(name: "RP3beta", qualityFloor: 0.10) { RP3beta.train($0, threadCount: $1) },
        RecommenderUnderTest(
            name: "Implicit ALS", qualityFloor: 0.10, roundingTolerance: 1e-4, scorer: ServedModels.implicitALS),
        RecommenderUnderTest(
            name: "EASE and implicit ALS", qualityFloor: 0.13, roundingTolerance: 1e-4,
            scorer: ServedModels.easeAndImplicitALS),
        RecommenderUnderTest(name: "UserKNN", qualityFloor: 0.10, scorer: ServedModels.userKNN),
        RecommenderUnderTest(name: "EASE", qualityFloor: 0.13) { try EASE.train($0, threadCount: $1) },
        RecommenderUnderTest(name: "Sparse EASE", qualityFloor: 0.13, roundingTolerance: 1e-5) {
            try SparseEASE.train($0, threadCount: $1)
        },
        // What order is worth shows with true times only: `SLISTTests`.
        RecommenderUnderTest(name: "SLIST", roundingTolerance: 1e-5) {
            try SLIST.train($0, steps: SampleSteps.byFours($0), threadCount: $1)
        },
        RecommenderUnderTest(name: "EASE per target") {
            try EASE.train($0, configuration: .init(truncation: .perTarget(50)), threadCount: $1)
        },
    ]
}

@Suite struct RecommenderConformance {
    /// Two tastes: users 0 to 19 have most of items 0 to 9, users 20 to 39 most of items 10 to 19.
    static let twoTastes: [[Float]] = (0..<40).map { user in
        (0..<20).map { item in (user / 20 == item / 10) && (user + item) % 4 != 0 ? 1 : 0 }
    }

    @Test(arguments: RecommenderUnderTest.all) func knownAnswer(_ algorithm: RecommenderUnderTest) throws {
        let weights = try algorithm.train(sparse(Self.twoTastes, columnCount: 20), 2)
        for item in 0..<20 {
            let best = recommendations(weights, history: [WeightedRow(row: Int32(item), weight: 1)], count: 5)
            #expect(best.count == 5)
            #expect(best.allSatisfy { Int($0.index) / 10 == item / 10 && Int($0.index) != item && $0.score > 0 })
        }
    }

    @Test(arguments: RecommenderUnderTest.all) func scoresAreFinite(_ algorithm: RecommenderUnderTest) throws {
        for scale in [1e-6, 1, 1e6] as [Float] {
            let rows = randomInteractions(50, 40, density: 0.1, dislikes: true, seed: 3).map { $0.map { $0 * scale } }
            let weights = try algorithm.train(sparse(rows, columnCount: 40), 2)
            #expect(weights.storedCount > 0)
            #expect(weights.values.allSatisfy { $0.isFinite })
        }
    }

    @Test(arguments: RecommenderUnderTest.all) func rowsAreInOrder(_ algorithm: RecommenderUnderTest) throws {
        let rows = randomInteractions(50, 40, density: 0.1, seed: 4)
        let weights = try algorithm.train(sparse(rows, columnCount: 40), 2)
        #expect(weights.rowCount == 40 && weights.columnCount == 40)
        for row in 0..<40 {
            let columns = Array(weights.columnIndexes[weights.range(ofRow: row)])
            #expect(zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 })
            #expect(!columns.contains(Int32(row)))
        }
    }

    @Test(arguments: RecommenderUnderTest.all) func moreThanTheCatalogue(_ algorithm: RecommenderUnderTest) throws {
        let weights = try algorithm.train(sparse(Self.twoTastes, columnCount: 20), 2)
        let best = recommendations(weights, history: [WeightedRow(row: 0, weight: 1)], count: 1000)
        #expect(best.count < 20)
        #expect(Set(best.map(\.index)).count == best.count)
    }

    @Test(arguments: RecommenderUnderTest.all) func emptyAndTiny(_ algorithm: RecommenderUnderTest) throws {
        for (users, items) in [(0, 0), (0, 5), (5, 0), (3, 4)] {
            let none = sparse(Array(repeating: Array(repeating: 0, count: items), count: users), columnCount: items)
            let weights = try algorithm.train(none, 2)
            #expect(weights.rowCount == items && weights.columnCount == items && weights.storedCount == 0)
        }
        #expect(try algorithm.train(sparse([[1]], columnCount: 1), 2).storedCount == 0)
        let oneUser = try algorithm.train(sparse([[1, 0, 1]], columnCount: 3), 2)
        #expect(recommendations(oneUser, history: [WeightedRow(row: 0, weight: 1)], count: 3).map(\.index) == [2])
    }

    @Test(arguments: RecommenderUnderTest.all) func twinsTieByIndex(_ algorithm: RecommenderUnderTest) throws {
        // Items 1, 2 and 3 have the same users.
        let rows: [[Float]] = [[1, 1, 1, 1, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 1]]
        let weights = try algorithm.train(sparse(rows, columnCount: 5), 1)
        let best = recommendations(weights, history: [WeightedRow(row: 0, weight: 1)], count: 3)
        #expect(Set(best.map(\.index)) == [1, 2, 3])
        #expect((best[0].score - best[2].score).magnitude < 1e-6)
    }

    @Test(arguments: RecommenderUnderTest.all) func sameResultWhateverTheThreads(
        _ algorithm: RecommenderUnderTest
    ) throws {
        let matrix = sparse(randomInteractions(300, 120, density: 0.1, dislikes: true, seed: 5), columnCount: 120)
        let first = try algorithm.train(matrix, 1)
        #expect(try algorithm.train(matrix, 1) == first)
        #expect(try algorithm.train(matrix, 3) == first)
    }

    @Test(arguments: RecommenderUnderTest.all) func rowOrderIsIrrelevant(_ algorithm: RecommenderUnderTest) throws {
        var rows = randomInteractions(200, 60, density: 0.1, seed: 6)
        let first = denseRows(try algorithm.train(sparse(rows, columnCount: 60), 2))
        var generator = SplitMix64(seed: 7)
        rows.shuffle(using: &generator)
        let second = denseRows(try algorithm.train(sparse(rows, columnCount: 60), 2))
        for row in 0..<60 {
            let difference = zip(first[row], second[row]).map { ($0 - $1).magnitude }.max() ?? 0
            #expect(difference < algorithm.roundingTolerance)
        }
    }

    @Test(
        .enabled(if: MovieLens100K.isAvailable, "MISSING DATA: movielens-100k not found; set FORETASTE_DATA"),
        arguments: RecommenderUnderTest.all.filter { $0.qualityFloor != nil })
    func qualityFloorOnMovieLens100K(_ algorithm: RecommenderUnderTest) throws {
        let split = try #require(MovieLens100K.shared)
        let floor = try #require(algorithm.qualityFloor)
        #expect(split.train.storedCount == 100_000 - 943)
        let found: Double
        if let scorer = algorithm.scorer {
            let score = try scorer(split.train, 2)
            found = split.hitRateAt10 { history in
                var scores = score(history)
                for entry in history { scores[Int(entry.row)] = -.infinity }
                return TopKSelector.best(10, of: scores).map(\.index)
            }
        } else {
            let weights = try algorithm.train(split.train, 2)
            found = split.hitRateAt10 { recommendations(weights, history: $0, count: 10).map(\.index) }
        }
        let popular = try #require(MovieLens100K.popularHitRateAt10)
        #expect(found >= floor, "popularity has \(popular)")
        #expect((0.08...0.09).contains(popular))
    }
}
