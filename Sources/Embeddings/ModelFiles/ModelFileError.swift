/// Why a model directory cannot be used.
package struct ModelFileError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case cannotRead
        case badHeader
        case missingTensor
        case wrongShape
        case unsupportedType
        case wrongSize
        case notFinite
        case badConfiguration
        case badVocabulary
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

    package var description: String { "\(operation): expected \(expected), found \(found). \(remedy)" }
}
