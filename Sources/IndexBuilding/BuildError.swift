/// Why a build could not go on.
package struct BuildError: Error, Sendable, Equatable, CustomStringConvertible {
    package let operation: String
    package let expected: String
    package let found: String
    package let remedy: String

    package init(operation: String, expected: String, found: String, remedy: String) {
        self.operation = operation
        self.expected = expected
        self.found = found
        self.remedy = remedy
    }

    package var description: String { "cannot \(operation): expected \(expected), found \(found). \(remedy)" }
}
