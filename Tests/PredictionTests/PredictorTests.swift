import Prediction
import SeededRandom
import Testing

/// Made-up rows whose outcome depends on two columns together, a word and nothing else.
enum MadeUpTable {
    static func data(
        _ count: Int, seed: UInt64, groups: Bool = false, times: Bool = false, leak: Bool = false
    ) throws -> PredictionData {
        var random = SplitMix64(seed: seed)
        var (a, b, noise, shown): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        var (words, outcomes): ([String], [Bool]) = ([], [])
        for row in 0..<count {
            a.append(random.nextUniform())
            b.append(row.isMultiple(of: 11) ? .nan : random.nextUniform())
            noise.append(random.nextNormal())
            words.append(["north", "south", "east", ""][random.nextIndex(below: 4)])
            let crossed = (a[row] > 0.5) != ((b[row].isNaN ? 0 : b[row]) > 0.5)
            let margin = (crossed ? 1.5 : -1.5) + (words[row] == "south" ? 1 : 0) - 0.8
            outcomes.append(random.nextUniform() < LogOdds.share(margin))
            shown.append(outcomes[row] ? 1 + random.nextUniform() : 0)
        }
        var columns = [
            PredictionColumn("a", numbers: a), PredictionColumn("b", numbers: b),
            PredictionColumn("noise", numbers: noise), PredictionColumn("region", words: words),
        ]
        if leak { columns.append(PredictionColumn("paid", numbers: shown)) }
        return try PredictionData(
            columns: columns, outcomes: outcomes, groups: groups ? (0..<count).map { Int32($0 / 4) } : nil,
            times: times ? (0..<count).map { Int64($0) } : nil)
    }
}

@Suite struct PredictorTests {
    private func configuration(_ learner: PredictorConfiguration.Learner) -> PredictorConfiguration {
        var configuration = PredictorConfiguration()
        configuration.learner = learner
        configuration.forest.treeCount = 60
        configuration.threadCount = 2
        return configuration
    }

    private func scored(
        _ data: PredictionData, _ predictor: OutcomePredictor
    ) throws -> (matrix: FeatureMatrix, scores: [Double]) {
        let matrix = try predictor.encoding.encoded(data.columns, rows: Array(0..<data.count))
        return (matrix, try predictor.scores(matrix, threadCount: 1))
    }

    @Test(arguments: PredictorConfiguration.Learner.allCases)
    func contributionsAddUpToTheScore(_ learner: PredictorConfiguration.Learner) throws {
        let data = try MadeUpTable.data(600, seed: 1)
        let predictor = try TrainedPredictor(data, rows: Array(0..<600), configuration(learner)).predictor
        let (matrix, scores) = try scored(data, predictor)
        let explanations = try predictor.explanations(matrix, threadCount: 1)
        for (score, explanation) in zip(scores, explanations) {
            #expect(explanation.score == score)
            #expect(abs(explanation.base + explanation.parts.reduce(0, +) - score) < 1e-4)
        }
    }

    @Test func treesSeeWhatColumnsTellTogether() throws {
        let (data, fresh) = (try MadeUpTable.data(3000, seed: 2), try MadeUpTable.data(1500, seed: 3))
        var areas: [PredictorConfiguration.Learner: Double] = [:]
        for learner in PredictorConfiguration.Learner.allCases {
            let predictor = try TrainedPredictor(data, rows: Array(0..<3000), configuration(learner)).predictor
            areas[learner] = OutcomeRanking(try scored(fresh, predictor).scores, fresh.outcomes).area?.value
        }
        // What is best possible here is 0.82; a sum of single columns knows little more than the word.
        #expect(try #require(areas[.boosting]) > 0.79)
        #expect(try #require(areas[.forest]) > 0.76)
        #expect(try #require(areas[.logistic]) < 0.65)
    }

    @Test(arguments: PredictorConfiguration.Learner.allCases)
    func sameSeedSameModelWhateverTheThreads(_ learner: PredictorConfiguration.Learner) throws {
        let data = try MadeUpTable.data(2000, seed: 4)
        var one = configuration(learner)
        one.threadCount = 1
        let models = try [one, configuration(learner), configuration(learner)].map {
            try TrainedPredictor(data, rows: Array(0..<2000), $0).predictor
        }
        #expect(models[0] == models[1] && models[1] == models[2])
        var other = one
        other.seed = 7
        let another = try TrainedPredictor(data, rows: Array(0..<2000), other).predictor
        #expect(learner == .logistic || another.learned != models[0].learned)
    }

    @Test func probabilitiesAreCalibratedThoughClassesWereWeighted() throws {
        let (data, fresh) = (try MadeUpTable.data(4000, seed: 5), try MadeUpTable.data(4000, seed: 6))
        var settings = configuration(.boosting)
        settings.classWeights = .balanced
        let predictor = try TrainedPredictor(data, rows: Array(0..<4000), settings).predictor
        let scores = try scored(fresh, predictor).scores
        let metrics = OutcomeMetrics(
            scores: scores, probabilities: scores.map { predictor.calibration.probability($0) },
            outcomes: fresh.outcomes, seed: 1)
        #expect(abs(try #require(metrics.calibrationIntercept).value) < 0.15)
        // Of 800 rows the slope is known to a tenth: two and a half of that.
        #expect((0.75...1.25).contains(try #require(metrics.calibrationSlope).value))
    }

    @Test func boostingStopsEarlyOnTheValidationPart() throws {
        let data = try MadeUpTable.data(800, seed: 7)
        var settings = configuration(.boosting)
        settings.boosting.patience = 10
        let trained = try TrainedPredictor(data, rows: Array(0..<800), settings)
        let rounds = try #require(trained.rounds)
        #expect(rounds > 5 && rounds < settings.boosting.greatestRoundCount / 2)
        #expect(trained.fitCount + trained.validationCount == 800)
    }

    @Test func thresholdFollowsFromCosts() throws {
        let data = try MadeUpTable.data(400, seed: 8)
        var settings = configuration(.logistic)
        settings.costs = .init(miss: 9, falseAlarm: 1)
        #expect(try TrainedPredictor(data, rows: Array(0..<400), settings).predictor.threshold == 0.1)
    }

    @Test func tooFewRowsAreRefused() throws {
        let data = try MadeUpTable.data(30, seed: 9)
        let error = #expect(throws: PredictionError.self) {
            try TrainedPredictor(data, rows: Array(0..<30), configuration(.boosting))
        }
        #expect(error?.code == .tooFewRows)
    }

    @Test func damagedTreesAreAnErrorAndNoTrap() throws {
        let matrix = FeatureMatrix(rowCount: 1, columnCount: 1, values: [1])
        for bytes in [[], [0], Array("{}".utf8), Array(repeating: UInt8(0x7B), count: 64)] {
            #expect(throws: PredictionError.self) {
                try TreeEnsemble(kind: .boosting, bytes: bytes).scores(matrix, threadCount: 1)
            }
        }
    }
}

@Suite struct PredictorEvaluationTests {
    private var quick: PredictorConfiguration {
        var configuration = PredictorConfiguration()
        configuration.threadCount = 2
        configuration.boosting.learningRate = 0.2
        configuration.boosting.patience = 10
        return configuration
    }

    @Test func shuffledOutcomesComeOutAtChance() throws {
        let data = try MadeUpTable.data(1500, seed: 10)
        let folds = try ValidationFolds.random(data, count: 3, seed: 1)
        let evaluation = try PredictorEvaluation(data, folds, quick)
        let area = try #require(evaluation.shuffledArea)
        #expect(evaluation.isShuffledAtChance && abs(area.value - 0.5) < 0.1)
        #expect(evaluation.rows == Array(0..<1500))
        #expect(try #require(evaluation.metrics.area).value > 0.75)
    }

    @Test func importancesFindTheColumnsThatMatter() throws {
        let data = try MadeUpTable.data(1500, seed: 11)
        let evaluation = try PredictorEvaluation(data, try ValidationFolds.random(data, count: 3, seed: 1), quick)
        #expect(Set(evaluation.importances.prefix(2).map(\.name)) == ["a", "b"])
        let noise = try #require(evaluation.importances.first { $0.name == "noise" })
        #expect(abs(noise.areaLoss.value) < 0.02)
    }

    @Test func resultDoesNotDependOnThreads() throws {
        let data = try MadeUpTable.data(600, seed: 12)
        let folds = try ValidationFolds.random(data, count: 4, seed: 1)
        var one = quick
        one.threadCount = 1
        let (a, b) = (try PredictorEvaluation(data, folds, one), try PredictorEvaluation(data, folds, quick))
        #expect(a.scores == b.scores && a.metrics == b.metrics && a.importances == b.importances)
    }

    @Test func leaksAreTold() throws {
        let data = try MadeUpTable.data(2000, seed: 13, leak: true)
        let areas = data.columns.compactMap { ColumnLeak($0, data.outcomes, seed: 1) }
        #expect(areas.filter { $0.area >= ColumnLeak.refusedArea }.map(\.name) == ["paid"])
        #expect(areas.filter { $0.name != "paid" }.allSatisfy { $0.area < 0.7 })
    }

    /// A gap tells as much as a value does, and so may a single value in the middle of others.
    @Test func leaksOfAnyShapeAreTold() throws {
        var random = SplitMix64(seed: 14)
        let outcomes = (0..<1000).map { _ in random.nextUniform() < 0.2 }
        let gap = PredictionColumn("paidAt", numbers: outcomes.map { $0 ? 1_700_000_000 : .nan })
        let middle = PredictionColumn(
            "code", numbers: outcomes.map { $0 ? 5 : Double(random.nextIndex(below: 2) * 10) })
        let word = PredictionColumn(
            "status", words: outcomes.map { $0 ? "paid" : ["open", "left"][random.nextIndex(below: 2)] })
        let names = PredictionColumn("order", words: (0..<1000).map { "o\($0)" })
        for column in [gap, middle, word] {
            #expect(try #require(ColumnLeak(column, outcomes, seed: 1)).area > 0.99, "\(column.name)")
        }
        #expect(abs(try #require(ColumnLeak(names, outcomes, seed: 1)).area - 0.5) < 0.05)
    }
}

@Suite struct ValidationFoldsTests {
    @Test func randomFoldsHoldAsManyOfEachOutcome() throws {
        let data = try MadeUpTable.data(1003, seed: 15)
        let folds = try ValidationFolds.random(data, count: 10, seed: 1)
        #expect(folds.flatMap(\.test).sorted() == Array(0..<1003))
        let counts = folds.map { fold in fold.test.count { data.outcomes[$0] } }
        #expect(try #require(counts.max()) - (try #require(counts.min())) <= 1)
        #expect(Set(folds.map(\.test.count)).count <= 2)
    }

    @Test func groupsStayTogether() throws {
        let data = try MadeUpTable.data(800, seed: 16, groups: true)
        for fold in try ValidationFolds.random(data, count: 5, seed: 1) {
            #expect(fold.sharedGroupCount == 0)
            #expect(fold.test.count >= 100)
        }
    }

    @Test func timeSplitsPutTheLatestLast() throws {
        let data = try MadeUpTable.data(400, seed: 17, groups: true, times: true)
        let fold = try ValidationFolds.latest(data, testShare: 0.25)
        #expect(fold.test == Array(300..<400) && fold.training == Array(0..<300))
        let periods = (0..<400).map { Int32($0 / 100) }
        let rolling = try ValidationFolds.rolling(data, periods: periods, names: ["q1", "q2", "q3", "q4"])
        #expect(rolling.map(\.name) == ["q2", "q3", "q4"])
        #expect(rolling[2].training.count == 300 && rolling[2].test == Array(300..<400))
    }

    @Test func sharedUsersAreCounted() throws {
        let data = try PredictionData(
            columns: [PredictionColumn("a", numbers: (0..<100).map { Double($0) })],
            outcomes: (0..<100).map { $0.isMultiple(of: 2) }, groups: (0..<100).map { Int32($0 % 50) },
            times: (0..<100).map { Int64($0) })
        #expect(try ValidationFolds.latest(data, testShare: 0.5).sharedGroupCount == 50)
    }

    @Test func tooFewOfAnOutcomeAreRefused() throws {
        let data = try PredictionData(
            columns: [PredictionColumn("a", numbers: (0..<100).map { Double($0) })],
            outcomes: (0..<100).map { $0 < 3 }, times: (0..<100).map { Int64($0) })
        #expect(throws: PredictionError.self) { try ValidationFolds.random(data, count: 5, seed: 1) }
        #expect(throws: PredictionError.self) { try ValidationFolds.latest(data, testShare: 0.5) }
        #expect(throws: PredictionError.self) {
            try ValidationFolds.rolling(data, periods: Array(repeating: 0, count: 100), names: ["all"])
        }
    }
}

@Suite struct FeatureEncodingTests {
    @Test func wordsBecomeColumnsAndUnknownOnesNothing() throws {
        let words = (0..<40).map { ["b", "a", "rare\($0)", ""][$0 % 4] }
        let column = PredictionColumn("w", words: words)
        let encoding = FeatureEncoding([column], rows: Array(0..<40))
        #expect(encoding.featureNames == ["w=a", "w=b"])
        let matrix = try encoding.encoded([column], rows: [0, 1, 2, 3])
        #expect(matrix.values == [0, 1, 1, 0, 0, 0, 0, 0])
        let later = try encoding.encoded([PredictionColumn("w", words: ["new", "a"])], rows: [0, 1])
        #expect(later.values == [0, 0, 1, 0])
    }

    @Test func missingColumnsAndOtherKindsAreRefused() throws {
        let encoding = FeatureEncoding([PredictionColumn("n", numbers: [1, 2])], rows: [0, 1])
        #expect(throws: PredictionError.self) { try encoding.encoded([], rows: []) }
        #expect(throws: PredictionError.self) {
            try encoding.encoded([PredictionColumn("n", words: ["x"])], rows: [0])
        }
        let empty = try encoding.encoded([PredictionColumn("n", words: ["", ""])], rows: [0, 1])
        #expect(empty.values.allSatisfy { $0.isNaN })
    }
}
