/// Why a file of vectors cannot be used.
package struct VectorFileError: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case cannotRead
        case notNpy
        case unsupportedVersion
        case badHeader
        case unsupportedType
        case fortranOrder
        case notTwoDimensional
        case wrongSize
        case idCountMismatch
        case badId
        case duplicateId
        case dimensionMismatch
        case notFinite
        case badLine
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
