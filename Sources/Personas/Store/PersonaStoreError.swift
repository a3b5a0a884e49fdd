internal import KeyValueStore

/// Why a store of personas could not be written, opened or extended; `description` says how to mend it.
package struct PersonaStoreError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case missing, otherProgram, otherVersion, damaged, tooLarge, inUse, foreignFile, inputOutput
    }

    package let code: Code
    package let operation: String
    package let path: String
    package let expected: String
    package let found: String

    init(_ code: Code, operation: String, path: String, expected: String, found: String) {
        self.code = code
        self.operation = operation
        self.path = path
        self.expected = expected
        self.found = found
    }

    init(_ error: KeyValueError, operation: String) {
        let (code, expected): (Code, String) =
            switch error.code {
            case .pathMissing: (.missing, "a store of personas")
            case .notAStore: (.otherProgram, "a store of personas")
            case .storeVersion: (.otherVersion, "a store that this version reads")
            case .truncated, .corrupted: (.damaged, "a whole store of personas")
            default: (.inputOutput, "success of '\(error.operation.rawValue)'")
            }
        let detail = error.detail.isEmpty ? error.code.rawValue : error.detail
        self.init(
            code, operation: operation, path: error.path, expected: expected,
            found: code == .missing || code == .inputOutput ? detail : "another file (\(detail))")
    }

    package var description: String {
        "\(path): cannot \(operation): expected \(expected), found \(found). \(remedy)"
    }

    private var remedy: String {
        switch code {
        case .missing: "Name the directory that 'foretaste segment personas' wrote, or run it."
        case .otherProgram:
            "Name the directory that 'foretaste segment personas' wrote, or write it again from all events."
        case .otherVersion, .damaged: "Write it again from all events with 'foretaste segment personas'."
        case .tooLarge: "Split the users over several stores."
        case .foreignFile: "Move it away, or write into another directory."
        case .inUse: "Wait until it has ended."
        case .inputOutput: "Check the disk and the permissions, then run the command again."
        }
    }
}
