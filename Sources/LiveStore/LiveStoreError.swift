package import KeyValueStore
package import StoredFiles

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Why the live store could not do what it was asked; `description` says how to mend it.
package struct LiveStoreError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// Nothing more can be written until there is room.
        case diskFull
        /// Writing fails for another reason that may pass: the disk, the system's limits.
        case unavailable
        /// More waits to be written than is held.
        case queueFull
        /// The store is being closed.
        case closed
        /// A row, or the file, is not as it was written.
        case damaged
        /// Written by a program of another format.
        case format
        /// Another process has it.
        case locked
        /// There is no live store, or something else lies in its place.
        case notAStore
        case permissionDenied
        /// The index that is to be served beside it is of another store.
        case foreign
        /// What was asked for cannot be; nothing was changed.
        case refused

        /// Others in the same transaction may well succeed.
        var concernsOneChange: Bool { self == .damaged || self == .refused }
    }

    package let code: Code
    package let text: String
    /// Of the file, where it is the file's.
    let cause: KeyValueError.Code?

    package init(_ code: Code, _ text: String) {
        self.init(code, text, cause: nil)
    }

    private init(_ code: Code, _ text: String, cause: KeyValueError.Code?) {
        self.code = code
        self.text = text
        self.cause = cause
    }

    package var description: String { text }

    /// Whether the same request may succeed a little later.
    package var isRetryable: Bool {
        switch code {
        case .diskFull, .unavailable, .queueFull, .closed: true
        case .damaged, .format, .locked, .notAStore, .permissionDenied, .foreign, .refused: false
        }
    }

    package init(_ error: KeyValueError) {
        let code: Code =
            switch error.code {
            case .diskFull: .diskFull
            // A short write is what a full disk gives; a failing one gives the same status.
            case .diskFullOrInputOutput: Self.isFull(error.path) ? .diskFull : .unavailable
            case .truncated, .corrupted, .storeVersion: .damaged
            case .notAStore, .pathMissing: .notAStore
            case .permissionDenied, .readOnlyFileSystem: .permissionDenied
            case .transactionFull, .valueSize: .refused
            case .mapFull, .keyExists, .tooManyFiles, .tooManyReaders, .mapResized, .needsReopening, .closed, .other:
                .unavailable
            }
        self.init(code, error.description, cause: error.code)
    }

    package init(_ error: FileError) {
        let code: Code =
            switch error.code {
            case .missing, .isDirectory, .notOurs: .notAStore
            case .permissionDenied, .readOnlyFileSystem: .permissionDenied
            case .diskFull, .tooLarge: .diskFull
            case .inputOutput, .notDurable, .tooManyFiles: .unavailable
            }
        self.init(code, error.description)
    }

    static func ofFiles<Result>(_ body: () throws(FileError) -> Result) throws(LiveStoreError) -> Result {
        do { return try body() } catch { throw LiveStoreError(error) }
    }

    static func ofStore<Result>(_ body: () throws(KeyValueError) -> Result) throws(LiveStoreError) -> Result {
        do { return try body() } catch { throw LiveStoreError(error) }
    }

    init(damagedRow: DamagedRow, table: LiveTable, key: [UInt8]) {
        self.init(
            .damaged,
            "The live store has a damaged row in table '\(table.name)', key \(LiveKeys.shown(key)): \(damagedRow.text). "
                + "Restore a backup with 'foretaste restore', or leave the row out with 'foretaste dump' and 'foretaste load'."
        )
    }

    /// Less room than a commit of the largest group takes.
    private static func isFull(_ path: String) -> Bool {
        let room: UInt64 = 1 << 20
        var facts = statvfs()
        guard unsafe statvfs(path, &facts) == 0 else { return false }
        return UInt64(facts.f_bavail) * UInt64(facts.f_frsize) < room
    }
}
