/// Why a file could not be looked at, locked, written or put in its place; `description` says how to mend it.
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case missing, permissionDenied, readOnlyFileSystem, diskFull, isDirectory, inputOutput
        /// Something that this program has not made lies where it would write.
        case notOurs
        /// This process, or the system, has as many open as it may.
        case tooManyFiles
        /// Than the system, or a limit of this process, lets a file become.
        case tooLarge
        /// All is in its place, but the disk did not confirm that it will stay there.
        case notDurable
    }

    package let code: Code
    /// What was being done, as a verb: "open", "make the directory" ...
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

    package var description: String {
        let what = expected == "success" ? found : "expected \(expected), found \(found)"
        return "\(path): cannot \(operation): \(what). \(remedy)"
    }

    package var remedy: String {
        switch code {
        case .missing: "Check the path and the directories on the way."
        case .permissionDenied: "Check the owner and the permissions of the path and of the directories above it."
        case .readOnlyFileSystem: "The file system is read-only: choose another place."
        case .diskFull: "Free some space and run the command again; what was there before still is."
        case .isDirectory: "Name a file."
        case .inputOutput: "Check the disk and the kernel's log, then run the command again."
        case .tooManyFiles: "Raise the limit of open files (ulimit -n), then try again."
        case .tooLarge: "Raise the limit of a file's size (ulimit -f), or choose another file system."
        case .notOurs: "Move it away, or choose another place; nothing was changed."
        case .notDurable: "The new files are in their places, but may not survive a power loss: check the disk."
        }
    }
}
