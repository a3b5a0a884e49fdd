/// What a look at one thing found.
package struct Finding: Sendable, Equatable {
    package enum Grade: String, Sendable, Comparable, CaseIterable {
        case good
        /// A server starts, and something is less than it could be.
        case doubtful
        /// A server does not start, or nobody can use it, or others can do harm.
        case bad

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        package static func < (left: Grade, right: Grade) -> Bool { left.rank < right.rank }
    }

    package let grade: Grade
    /// What was looked at, in a word or two.
    package let subject: String
    /// What was found.
    package let text: String
    /// What to do about it; empty where there is nothing to do.
    package let advice: String

    static func good(_ subject: String, _ text: String) -> Finding {
        Finding(grade: .good, subject: subject, text: text, advice: "")
    }

    static func doubtful(_ subject: String, _ text: String, _ advice: String) -> Finding {
        Finding(grade: .doubtful, subject: subject, text: text, advice: advice)
    }

    /// - Parameter advice: empty where the text says it already, as those of errors do.
    static func bad(_ subject: String, _ text: String, _ advice: String = "") -> Finding {
        Finding(grade: .bad, subject: subject, text: text, advice: advice)
    }
}
