internal import LinearAlgebra
internal import SeededRandom
internal import Synchronization

/// A configuration judged on rows that its models have not seen.
package struct PredictorEvaluation: Sendable {
    package struct Fold: Sendable {
        package let name: String
        package let trainingCount: Int
        package let sharedGroupCount: Int
        package let metrics: OutcomeMetrics
    }

    package struct Importance: Sendable, Equatable {
        package let name: String
        /// What the area under the ROC curve loses where the column's values are dealt out anew among the rows.
        package let areaLoss: EstimatedValue
    }

    /// The rows that were judged, ascending, with what was foretold of each.
    package let rows: [Int]
    package let foldOfRow: [Int]
    package let scores: [Double]
    package let probabilities: [Double]
    package let isForetold: [Bool]
    package let metrics: OutcomeMetrics
    package let confusion: Confusion
    package let folds: [Fold]
    /// Greatest first.
    package let importances: [Importance]
    /// The area where the outcomes were dealt out anew among the rows before training and judging: 0.5 but for chance, or
    /// the protocol leaks.
    package let shuffledArea: EstimatedValue?

    /// Whether the run with shuffled outcomes came out at chance. The interval is widened to 99.9 %.
    package var isShuffledAtChance: Bool {
        guard let area = shuffledArea else { return true }
        let widening = 3.290527 / EstimatedValue.normalQuantile
        let half = max(area.value - area.lower, area.upper - area.value)
        return abs(area.value - 0.5) <= widening * half
    }

    private static let permutationCount = 5

    /// Folds run side by side, each with one thread; so the result does not depend on the thread count.
    package init(
        _ data: PredictionData, _ folds: [ValidationFold], _ configuration: PredictorConfiguration,
        progress: ((Int) -> Void)? = nil
    ) throws(PredictionError) {
        var inner = configuration
        inner.threadCount = 1
        let settings = inner
        let done = Mutex([Int: Result<FoldRun, PredictionError>]())
        Parallel.forEachBlock(blockCount: folds.count + 1, threadCount: configuration.threadCount) { block, worker in
            let result = Result { () throws(PredictionError) in
                block < folds.count
                    ? try FoldRun(data, folds[block], settings, permutations: Self.permutationCount)
                    : try FoldRun(shuffled(data, settings.seed), folds[folds.count - 1], settings, permutations: 0)
            }
            let count = done.withLock {
                $0[block] = result
                return $0.count
            }
            if worker == 0 { progress?(count) }
        }
        let results = done.withLock { $0 }
        var runs: [FoldRun] = []
        for block in 0...folds.count {
            guard let result = results[block] else { preconditionFailure("a block did not run") }
            runs.append(try result.get())
        }
        self.init(data, folds, runs, seed: configuration.seed)
    }

    private init(_ data: PredictionData, _ folds: [ValidationFold], _ all: [FoldRun], seed: UInt64) {
        let runs = all.dropLast()
        let judged = runs.indices.flatMap { fold in
            folds[fold].test.indices.map { (row: folds[fold].test[$0], fold: fold, place: $0) }
        }.sorted { $0.row < $1.row }
        rows = judged.map(\.row)
        foldOfRow = judged.map(\.fold)
        scores = judged.map { runs[$0.fold].scores[$0.place] }
        probabilities = judged.map { runs[$0.fold].probabilities[$0.place] }
        isForetold = judged.map { runs[$0.fold].probabilities[$0.place] >= runs[$0.fold].threshold }
        let outcomes = rows.map { data.outcomes[$0] }
        metrics = OutcomeMetrics(scores: scores, probabilities: probabilities, outcomes: outcomes, seed: seed)
        confusion = Confusion(isForetold: isForetold, outcomes)
        self.folds = zip(folds, runs).map { fold, run in
            Fold(
                name: fold.name, trainingCount: fold.training.count, sharedGroupCount: fold.sharedGroupCount,
                metrics: OutcomeMetrics(
                    scores: run.scores, probabilities: run.probabilities, outcomes: fold.test.map { data.outcomes[$0] },
                    seed: seed))
        }
        importances = data.columns.indices.map { column in
            Importance(
                name: data.columns[column].name,
                areaLoss: EstimatedValue(meanDifference: runs.flatMap { $0.areaLosses[column] }))
        }.sorted { a, b in
            a.areaLoss.value == b.areaLoss.value ? a.name < b.name : a.areaLoss.value > b.areaLoss.value
        }
        shuffledArea = all.last?.area
    }
}

private func shuffled(_ data: PredictionData, _ seed: UInt64) -> PredictionData {
    var outcomes = data.outcomes
    var random = SplitMix64(seed: SplitMix64.mix(seed))
    random.shuffle(&outcomes)
    return data.withOutcomes(outcomes)
}

/// A model of one fold's training rows on its test rows.
private struct FoldRun: Sendable {
    let scores: [Double]
    let probabilities: [Double]
    let threshold: Double
    let area: EstimatedValue?
    /// Per column one for each permutation.
    let areaLosses: [[Double]]

    init(
        _ data: PredictionData, _ fold: ValidationFold, _ configuration: PredictorConfiguration, permutations: Int
    ) throws(PredictionError) {
        let trained = try TrainedPredictor(data, rows: fold.training, configuration).predictor
        let matrix = try trained.encoding.encoded(data.columns, rows: fold.test)
        let outcomes = fold.test.map { data.outcomes[$0] }
        let scores = try trained.scores(matrix, threadCount: 1)
        self.scores = scores
        probabilities = scores.map { trained.calibration.probability($0) }
        threshold = trained.threshold
        let whole = OutcomeRanking(scores, outcomes).area
        area = whole
        guard let whole, permutations > 0 else {
            areaLosses = data.columns.map { _ in [] }
            return
        }
        var random = SplitMix64(seed: configuration.seed)
        let sources = trained.encoding.sourceOfFeature
        var losses: [[Double]] = []
        for source in data.columns.indices {
            let features = sources.indices.filter { sources[$0] == source }
            let permuted = (0..<permutations).map { _ in matrix.permuting(features, &random) }
            var found: [Double] = []
            for scores in try trained.scores(ofEach: permuted) {
                found.append(whole.value - (OutcomeRanking(scores, outcomes).area?.value ?? whole.value))
            }
            losses.append(found)
        }
        areaLosses = losses
    }
}

extension OutcomePredictor {
    fileprivate func scores(ofEach matrices: [FeatureMatrix]) throws(PredictionError) -> [[Double]] {
        if case .trees(let trees) = learned { return try trees.scores(ofEach: matrices, threadCount: 1) }
        var scores: [[Double]] = []
        for matrix in matrices { scores.append(try self.scores(matrix, threadCount: 1)) }
        return scores
    }
}

extension FeatureMatrix {
    /// Some columns' values dealt out anew among the rows, together.
    fileprivate func permuting(_ columns: [Int], _ random: inout SplitMix64) -> FeatureMatrix {
        var order = Array(0..<rowCount)
        random.shuffle(&order)
        var permuted = self
        for (row, source) in order.enumerated() {
            for column in columns { permuted.values[row * columnCount + column] = self[source, column] }
        }
        return permuted
    }
}

extension EstimatedValue {
    /// Of differences, which may be negative; none are 0.
    fileprivate init(meanDifference values: [Double]) {
        guard !values.isEmpty else {
            self.init(0, lower: 0, upper: 0)
            return
        }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(count - 1, 1)
        self.init(mean, standardError: (variance / count).squareRoot())
    }
}
