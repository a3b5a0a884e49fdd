/// Why a file could not be read. `description` says how to mend it.
package struct ReadError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case fileNotFound
        case permissionDenied
        case isDirectory
        case inputOutput
        case emptyFile
        case headerOnly
        case badHeader
        case truncatedGzip
        case corruptGzip
        /// A text that ends before its end.
        case truncated
        case unsupportedEncoding
        case missingColumn
        case ambiguousColumn
        case unknownFormat
        case badOption
        case timesInSomeRowsOnly
        /// What a column of times means cannot be told from it.
        case ambiguousTimes
        /// A kind of file that is not read.
        case unsupportedFile
        case tooManyBadRows
        case noUsableRow
        case badLine
    }

    package let code: Code
    /// What was being done, for example "open the file".
    package let operation: String
    /// The file concerned; empty where an option is wrong and no file was opened yet.
    package let path: String
    package let expected: String
    package let found: String
    package let remedy: String
    /// What had been read when too many rows were bad; nil for every other code.
    package let report: ReadReport?

    package init(
        _ code: Code, operation: String, path: String = "", expected: String, found: String, remedy: String,
        report: ReadReport? = nil
    ) {
        self.code = code
        self.operation = operation
        self.path = path
        self.expected = expected
        self.found = found
        self.remedy = remedy
        self.report = report
    }

    package var description: String {
        let subject = path.isEmpty ? "" : "\(path): "
        return "\(subject)cannot \(operation): expected \(expected), found \(found). \(remedy)"
    }
}
