/// Why an evaluation cannot start. `code` is stable; the text of `description` is not.
package struct EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case unknownSplit = "unknown_split"
        case invalidShare = "invalid_share"
        case invalidCutOff = "invalid_cut_off"
        case timesMissing = "times_missing"
        case emptyPart = "empty_part"
        case invalidList = "invalid_list"
        case unknownProtocol = "unknown_protocol"
        case noCandidates = "no_candidates"
    }

    package let code: Code
    /// What was being done, as a phrase: "splitting by time".
    package let operation: String
    package let expected: String
    package let found: String
    /// What the person can do about it, as a sentence.
    package let remedy: String

    package init(_ code: Code, operation: String, expected: String, found: String, remedy: String) {
        self.code = code
        self.operation = operation
        self.expected = expected
        self.found = found
        self.remedy = remedy
    }

    package var description: String { "\(operation): expected \(expected), found \(found). \(remedy)" }
}
