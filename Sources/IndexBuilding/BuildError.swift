/// Why a build could not go on.
package struct BuildError: Error, Sendable, Equatable, CustomStringConvertible {
    package let operation: String
    package let expected: String
    package let found: String
    package let remedy: String

    package var description: String { "cannot \(operation): expected \(expected), found \(found). \(remedy)" }
}
