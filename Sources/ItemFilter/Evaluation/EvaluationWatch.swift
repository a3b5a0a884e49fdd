/// Asked between the steps of an evaluation. Once nobody wants the result it stays so: what was left out then is missing for
/// whoever comes later, too.
final class EvaluationWatch {
    /// Strings or items of one step.
    static let step = 4_096

    private let isWanted: () -> Bool
    private(set) var hasStopped = false

    init(_ isWanted: @escaping () -> Bool) { self.isWanted = isWanted }

    func goesOn() -> Bool {
        if !hasStopped && !isWanted() { hasStopped = true }
        return !hasStopped
    }
}
