/// Why artefacts could not be read or written; `description` says how to mend it.
package struct ArtefactError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// There is no manifest.
        case missing
        /// Not of this program, or of another version of the format.
        case otherFormat
        case damaged
        /// More than the limits of the format.
        case tooLarge
        case inputOutput
    }

    package let code: Code
    package let path: String
    package let expected: String
    package let found: String

    package var description: String { "\(path): expected \(expected), found \(found). \(remedy)" }

    private var remedy: String {
        switch code {
        case .missing: "Name the directory that 'foretaste analyse all --out' wrote."
        case .otherFormat: "Run 'foretaste analyse all' of this version again."
        case .damaged: "Copy the directory again, or run 'foretaste analyse all' again."
        case .tooLarge: "Analyse a shorter time or fewer users."
        case .inputOutput: "Check the directory and its permissions."
        }
    }
}
