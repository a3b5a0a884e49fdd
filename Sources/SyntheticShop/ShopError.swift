/// Why a shop could not be written.
package struct ShopError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case badConfiguration, folderNotCreated, fileNotOpened, fileNotWritten
    }

    package let code: Code
    package let operation: String
    /// What was wrong, with the path where there is one.
    package let text: String

    init(code: Code, operation: String, text: String) {
        self.code = code
        self.operation = operation
        self.text = text
    }

    package var description: String { "\(operation): \(text)" }
}
