package import KeyValueStore

package struct IndexError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case pathMissing, notAnIndex, noSuchVersion, formatVersion, truncated, damaged, corruptManifest, missingSection
        case buildInProgress, notWritable, diskFull, inputOutput, invalidContents, verificationFailed
        /// The path cannot be read.
        case permissionDenied
        /// Something that no build has made lies where one would write.
        case foreignFile
        /// The new version is current, and the disk did not confirm it.
        case notDurable
        /// This process, or the system, has as many open as it may.
        case tooManyFiles
    }

    package let code: Code
    /// What was being done: "open", "publish" ...
    package let operation: String
    package let path: String
    package let expected: String
    package let found: String

    package init(_ code: Code, operation: String, path: String, expected: String, found: String) {
        self.code = code
        self.operation = operation
        self.path = path
        self.expected = expected
        self.found = found
    }

    package init(_ error: KeyValueError, operation: String) {
        let code: Code =
            switch error.code {
            case .pathMissing: .pathMissing
            case .permissionDenied: operation == "open" ? .permissionDenied : .notWritable
            case .readOnlyFileSystem: .notWritable
            case .diskFull, .diskFullOrInputOutput: .diskFull
            case .notAStore: .notAnIndex
            case .storeVersion: .formatVersion
            case .truncated: .truncated
            case .corrupted: .damaged
            case .tooManyFiles: .tooManyFiles
            case .mapFull, .valueSize, .keyExists, .tooManyReaders, .mapResized, .needsReopening,
                .closed,
                .transactionFull, .other:
                .inputOutput
            }
        self.init(
            code, operation: operation, path: error.path, expected: "\(error.operation.rawValue) to succeed",
            found: error.detail.isEmpty ? error.code.rawValue : error.detail)
    }

    package var description: String {
        "\(path): \(operation) failed: expected \(expected), found \(found). \(remedy)"
    }

    /// How to mend it, as a sentence.
    package var remedy: String {
        switch code {
        case .pathMissing: "Check the path, or build an index there."
        case .notAnIndex: "Give the directory that a build wrote, usually NAME.index."
        case .noSuchVersion: "List the versions and activate one of them, or build the index again."
        case .formatVersion: "Build the index again with this program, or open it with the program that wrote it."
        case .truncated, .damaged, .corruptManifest, .missingSection:
            "The file is damaged: activate an older version, restore a copy, or build the index again."
        case .buildInProgress: "Wait until the other build has ended, or build into another directory."
        case .notWritable: "Check the owner and the permissions of the directory, or choose another place."
        case .permissionDenied:
            "You may not read it: check the owner and the permissions of the path and those above it."
        case .foreignFile: "It is not of a build: move it away, or choose another directory. Nothing was changed."
        case .notDurable:
            "The new version is current, but may not survive a power loss: check the disk, then build again."
        case .diskFull: "Free some space and build again; the version that was current still is."
        case .inputOutput: "Check the disk and the kernel's log; the version that was current still is."
        case .tooManyFiles:
            "Raise the limit of open files (ulimit -n), or let fewer clients connect; the version that was current still is."
        case .invalidContents: "The contents handed to the index writer do not fit together; please report it."
        case .verificationFailed: "Nothing was published; the version that was current still is. Please report it."
        }
    }
}
