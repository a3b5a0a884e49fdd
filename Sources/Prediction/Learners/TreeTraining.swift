/// How gradient boosting is done. The defaults were chosen on other data than what README reports (decision 0062).
package struct BoostingSettings: Sendable, Equatable {
    package var learningRate = 0.05
    package var depth = 4
    /// Least sum of second derivatives in a leaf.
    package var leastLeafWeight = 5.0
    package var rowShare = 0.8
    /// Of the features, for each node.
    package var featureShare = 0.5
    package var l2 = 1.0
    package var greatestRoundCount = 2000
    /// Rounds without a lower log loss on the validation part after which it stops.
    package var patience = 50

    package init() {}
}

/// How a random forest is grown (Breiman 2001). Every tree has its own share of the rows, and every node its own features.
package struct ForestSettings: Sendable, Equatable {
    package var treeCount = 300
    package var depth = 16
    /// Least rows in a leaf.
    package var leastLeafCount = 5
    /// The expected share of different rows in a sample with repetition: 1 - 1 / e.
    package var rowShare = 0.632

    package init() {}
}

enum TreeTraining {
    /// With a validation part it stops where that part's log loss is least; else after `rounds`.
    static func boosting(
        _ part: TrainingPart, validation: TrainingPart?, rounds: Int? = nil, _ settings: BoostingSettings, seed: UInt64,
        threadCount: Int
    ) throws(PredictionError) -> (ensemble: TreeEnsemble, rounds: Int) {
        let weight = part.rowWeights.reduce(0, +)
        let rate = zip(part.outcomes, part.rowWeights).reduce(0) { $0 + ($1.0 ? $1.1 : 0) } / weight
        let parameters =
            common(seed, threadCount) + [
                ("objective", "binary:logistic"), ("base_score", "\(min(0.999, max(0.001, rate)))"),
                ("learning_rate", "\(settings.learningRate)"), ("max_depth", "\(settings.depth)"),
                ("min_child_weight", "\(settings.leastLeafWeight)"), ("subsample", "\(settings.rowShare)"),
                ("colsample_bynode", "\(settings.featureShare)"), ("reg_lambda", "\(settings.l2)"),
            ]
        let rows = try part.boosterRows(threadCount)
        guard let validation else {
            let booster = try Booster(rows, parameters)
            let count = max(1, rounds ?? settings.greatestRoundCount)
            for round in 0..<count { try booster.trainRound(round, rows) }
            return (TreeEnsemble(kind: .boosting, bytes: try booster.serialised(rounds: count)), count)
        }
        let judged = try validation.boosterRows(threadCount)
        let booster = try Booster(rows, validation: judged, parameters)
        var best = (rounds: 1, loss: Double.infinity)
        for round in 0..<settings.greatestRoundCount {
            try booster.trainRound(round, rows)
            let loss = validation.loss(try booster.margins(judged))
            if loss < best.loss { best = (round + 1, loss) }
            if round + 1 - best.rounds >= settings.patience { break }
        }
        return (TreeEnsemble(kind: .boosting, bytes: try booster.serialised(rounds: best.rounds)), best.rounds)
    }

    /// Squared error with a first score of 0 and no penalty: a leaf's value is then the share of the outcome among its rows,
    /// and the gain of a split that of the Gini index.
    static func forest(
        _ part: TrainingPart, _ settings: ForestSettings, seed: UInt64, threadCount: Int
    ) throws(PredictionError) -> TreeEnsemble {
        let featureCount = Double(max(part.matrix.columnCount, 1))
        let parameters =
            common(seed, threadCount) + [
                ("objective", "reg:squarederror"), ("base_score", "0"), ("learning_rate", "1"), ("reg_lambda", "0"),
                ("num_parallel_tree", "\(settings.treeCount)"), ("max_depth", "\(settings.depth)"),
                ("min_child_weight", "\(settings.leastLeafCount)"), ("subsample", "\(settings.rowShare)"),
                ("colsample_bynode", "\(min(1, max(2 / featureCount, 1 / featureCount.squareRoot())))"),
                // Deep nodes have few rows, and a histogram of each feature: with a quarter of the bins, a quarter of the time.
                ("max_bin", "64"),
            ]
        let rows = try part.boosterRows(threadCount)
        let booster = try Booster(rows, parameters)
        try booster.trainRound(0, rows)
        return TreeEnsemble(kind: .forest, bytes: try booster.serialised(rounds: 1))
    }

    private static func common(_ seed: UInt64, _ threadCount: Int) -> [(String, String)] {
        // XGBoost's seed is a signed number of 32 bits.
        [
            ("verbosity", "0"), ("nthread", "\(threadCount)"), ("seed", "\(seed & 0x7FFF_FFFF)"),
            ("tree_method", "hist"),
        ]
    }
}

/// Rows that a learner is fitted to, or judged by.
struct TrainingPart {
    let matrix: FeatureMatrix
    let outcomes: [Bool]
    /// With mean 1.
    let rowWeights: [Double]

    func boosterRows(_ threadCount: Int) throws(PredictionError) -> BoosterRows {
        try BoosterRows(matrix, outcomes: outcomes, rowWeights: rowWeights, threadCount: threadCount)
    }

    /// The mean log loss of margins.
    func loss(_ margins: [Float]) -> Double {
        var sum = 0.0
        for (row, margin) in margins.enumerated() {
            sum += rowWeights[row] * LogOdds.loss(Double(margin), outcomes[row])
        }
        return sum / rowWeights.reduce(0, +)
    }
}
