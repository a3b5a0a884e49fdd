/// What is learned and how.
package struct PredictorConfiguration: Sendable, Equatable {
    package enum Learner: String, Sendable, CaseIterable {
        case logistic
        case forest
        case boosting
    }

    package enum ClassWeights: String, Sendable, CaseIterable {
        case none
        /// Both outcomes weigh the same in all.
        case balanced
    }

    package struct Costs: Sendable, Equatable {
        /// Of an outcome that was not foretold.
        package let miss: Double
        /// Of one that was foretold and did not come.
        package let falseAlarm: Double

        package init(miss: Double, falseAlarm: Double) {
            precondition(miss > 0 && falseAlarm > 0)
            self.miss = miss
            self.falseAlarm = falseAlarm
        }
    }

    package var learner = Learner.boosting
    package var seed: UInt64 = 42
    package var threadCount = 1
    package var classWeights = ClassWeights.none
    package var calibration = ProbabilityCalibration.Method.auto
    /// Of the training rows, those that calibration, threshold and the number of rounds are taken from: the latest ones
    /// where rows have times.
    package var validationShare = 0.2
    /// Nil: the threshold is where F1 is greatest on the validation part.
    package var costs: Costs?
    /// Of logistic regression.
    package var l2 = 1.0
    package var boosting = BoostingSettings()
    package var forest = ForestSettings()

    package init() {}
}
