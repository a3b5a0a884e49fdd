/// A command line that cannot be run as written.
package struct UsageError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case unknownCommand, unknownOption, missingCommand, missingOption, missingArgument, missingValue
        case unexpectedValue, unexpectedArgument, repeatedOption, badValue
    }

    package let code: Code
    /// The program and subcommand that refused, such as `foretaste build`.
    package let operation: String
    /// What was wrong and what to write instead: one or two sentences.
    package let text: String

    package init(code: Code, operation: String, text: String) {
        self.code = code
        self.operation = operation
        self.text = text
    }

    package var description: String {
        "\(operation): \(text)\nSee '\(operation) --help'."
    }
}
