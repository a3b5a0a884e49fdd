/// Why there is no prediction.
package struct PredictionError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case tooFewRows
        case tooLarge
        case badOption
        case badColumn
        case badModel
        case leak
        case didNotConverge
        case library
    }

    package let code: Code
    package let operation: String
    package let expected: String
    package let found: String
    /// What to do about it.
    package let remedy: String

    package init(_ code: Code, operation: String, expected: String, found: String, remedy: String) {
        self.code = code
        self.operation = operation
        self.expected = expected
        self.found = found
        self.remedy = remedy
    }

    package var description: String { "cannot \(operation): expected \(expected), found \(found). \(remedy)" }
}
