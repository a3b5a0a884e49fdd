/// Why a workbook could not be read.
package struct WorkbookError: Error, Sendable, Equatable {
    package let expected: String
    package let found: String
    package let remedy: String

    package init(expected: String, found: String, remedy: String) {
        self.expected = expected
        self.found = found
        self.remedy = remedy
    }
}
