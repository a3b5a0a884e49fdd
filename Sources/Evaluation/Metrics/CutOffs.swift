/// The list lengths at which a ranking is judged: ascending, distinct, each from 1 to `greatest`.
package struct CutOffs: Sendable, Equatable {
    /// Nobody reads a longer list, and each costs a count per catalogue item and k.
    package static let greatest = 10_000
    /// More columns than this fit no screen and hide what matters.
    package static let greatestCount = 16

    /// The cut-offs of a report's curves: from the first place to what a person may scroll through.
    package static let curve = CutOffs(ascending: [1, 5, 10, 20, 50, 100])

    package let values: [Int]

    private init(ascending values: [Int]) { self.values = values }

    package init(_ values: [Int]) throws(EvaluationError) {
        let distinct = Set(values).sorted()
        guard let first = distinct.first, let last = distinct.last, first >= 1, last <= Self.greatest,
            distinct.count <= Self.greatestCount
        else { throw Self.error(found: values.map { String($0) }.joined(separator: ",")) }
        self.values = distinct
    }

    /// Reads `10,20`.
    package init(parsing text: String) throws(EvaluationError) {
        var values: [Int] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = Int(part) else { throw Self.error(found: text) }
            values.append(value)
        }
        try self.init(values)
    }

    /// The longest list that is needed.
    package var longest: Int { values[values.count - 1] }

    private static func error(found: String) -> EvaluationError {
        EvaluationError(
            .invalidCutOff, operation: "reading the cut-offs",
            expected: "1 to \(greatestCount) whole numbers from 1 to \(greatest)", found: "\"\(found)\"",
            remedy: "Write for example 10,20.")
    }
}
