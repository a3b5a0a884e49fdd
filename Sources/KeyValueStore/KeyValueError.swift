internal import CLMDB

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What this module asks of LMDB or of the file system; named in errors and in injected faults.
package enum StoreOperation: String, Sendable, CaseIterable {
    case check, createEnvironment, setMapSize, openEnvironment, begin, openTable, get, put, reserve, commit, cursor,
        sync, delete, copy, statistics
}

/// Replaces the outcome of an operation by a status (an LMDB code or an `errno`); nil lets the operation run.
/// Tests use it to make a disk full at a chosen moment.
package typealias StoreFaults = @Sendable (StoreOperation) -> Int32?

package struct KeyValueError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case pathMissing, permissionDenied, readOnlyFileSystem, diskFull, diskFullOrInputOutput, mapFull
        case notAStore, storeVersion, truncated, corrupted, valueSize, keyExists, other
        /// Too many open files, of the process or of the system; and too many readers of one file.
        case tooManyFiles, tooManyReaders
        /// Another process has enlarged the file.
        case mapResized
        /// A write failed halfway: the environment is to be opened again before the next one.
        case needsReopening
        /// It was to be opened again, and could not be.
        case closed
        /// One change is larger than LMDB takes.
        case transactionFull
    }

    package let code: Code
    package let operation: StoreOperation
    package let path: String
    /// The LMDB code (negative) or `errno` (positive); 0 where this module found the fault by itself.
    package let status: Int32
    /// What was expected and what was found, where this module found the fault by itself.
    package let detail: String

    package init(code: Code, operation: StoreOperation, path: String, status: Int32 = 0, detail: String = "") {
        self.code = code
        self.operation = operation
        self.path = path
        self.status = status
        self.detail = detail
    }

    init(status: Int32, operation: StoreOperation, path: String) {
        var text = ""
        if let message = unsafe mdb_strerror(status) { text = unsafe String(cString: message) }
        self.init(
            code: Self.code(for: status, during: operation), operation: operation, path: path, status: status,
            detail: text)
    }

    package var description: String {
        let cause = detail.isEmpty ? code.rawValue : detail
        let number = status == 0 ? "" : " [\(status)]"
        return "\(path): \(operation.rawValue) failed: \(cause)\(number). \(remedy)"
    }

    /// How to mend it, as a sentence.
    package var remedy: String {
        switch code {
        case .pathMissing: "Check the path."
        case .permissionDenied: "Check the owner and the permissions of the file and its directory."
        case .readOnlyFileSystem: "The file system is read-only: choose another place or mount it writable."
        case .diskFull: "The disk is full: free some space and run the command again."
        case .diskFullOrInputOutput:
            "The disk is full or failing: check its free space and the kernel's log, then run the command again."
        case .mapFull: "The map reserved for the file was too small; this is a fault of the program, please report it."
        case .notAStore: "The file was not written by this program: check the path."
        case .storeVersion: "The file was written by another version of LMDB: build it again with this program."
        case .truncated, .corrupted: "The file is damaged: restore it from a copy or build it again."
        case .valueSize: "A key must have 1 to 511 bytes and a value less than 4 GiB."
        case .keyExists: "The key was written twice; this is a fault of the program, please report it."
        case .tooManyFiles: "Raise the limit of open files ('ulimit -n') or close some connections."
        case .tooManyReaders: "Too many processes and threads read this file: end some, or wait."
        case .mapResized, .needsReopening, .closed: "Try again; if it stays, check the disk and the kernel's log."
        case .transactionFull: "Send less at once."
        case .other: "Check the file and the system's limits."
        }
    }

    private static func code(for status: Int32, during operation: StoreOperation) -> Code {
        switch status {
        case ENOENT, ENOTDIR: .pathMissing
        case EACCES, EPERM: .permissionDenied
        case EROFS: .readOnlyFileSystem
        case ENOSPC, EDQUOT, EFBIG: .diskFull
        // LMDB answers a short write with EIO, and a short write is what a full disk gives.
        case EIO: operation == .commit || operation == .sync ? .diskFullOrInputOutput : .other
        case EMFILE, ENFILE: .tooManyFiles
        case MDB_READERS_FULL: .tooManyReaders
        case MDB_MAP_RESIZED: .mapResized
        case MDB_TXN_FULL: .transactionFull
        case MDB_MAP_FULL: .mapFull
        case MDB_INVALID: .notAStore
        case MDB_VERSION_MISMATCH: .storeVersion
        case MDB_CORRUPTED, MDB_PAGE_NOTFOUND: .corrupted
        case MDB_PANIC: .needsReopening
        case MDB_BAD_VALSIZE: .valueSize
        case MDB_KEYEXIST: .keyExists
        default: .other
        }
    }
}
