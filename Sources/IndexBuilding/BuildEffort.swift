/// How far a build goes to find out which model is best, where several come into question.
package enum BuildEffort: String, Sendable, CaseIterable {
    /// About half of what the training of the model costs that is taken.
    case quick
    /// About as much again and a half as that training.
    case standard
    /// Every model on all of the data, whatever it costs.
    case thorough

    /// Multiply-adds that a comparison may cost beside a training of `work`. What costs a few seconds is not worth a worse
    /// choice: so much is always allowed.
    func limit(besideTrainingOf work: Double) -> Double {
        switch self {
        case .quick: max(5e10, work / 2)
        case .standard: max(2e11, work * 1.5)
        case .thorough: .infinity
        }
    }
}
