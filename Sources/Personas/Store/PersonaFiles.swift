#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The system calls of a directory of personas, each wrapped once.
package enum PersonaFiles {
    package static let storeName = "personas.lmdb"
    package static let partialExtension = ".partial"

    /// Makes the directory and those above it, where they are missing.
    package static func makeDirectory(_ path: String) throws(PersonaStoreError) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            prefix += part + "/"
            // What cannot be made above the directory may be there already; the directory itself must be.
            if unsafe mkdir(prefix, 0o755) != 0, errno != EEXIST, unsafe access(prefix, F_OK) != 0 {
                throw failure("make the directory", prefix)
            }
        }
    }

    /// Removes the unfinished files that a run which was killed left in the directory, which is locked; their paths.
    package static func removeLeftovers(in directory: String, _ names: [String]) throws(PersonaStoreError) -> [String] {
        var removed: [String] = []
        for name in names {
            let path = "\(directory)/\(name)\(partialExtension)"
            if try remove(path) { removed.append(path) }
        }
        return removed
    }

    /// Whether there was a file to remove.
    @discardableResult
    static func remove(_ path: String) throws(PersonaStoreError) -> Bool {
        if unsafe unlink(path) == 0 { return true }
        guard errno == ENOENT else { throw failure("remove", path) }
        return false
    }

    /// Puts a finished file in the place of the old one in one step, and on the disk: a crash before leaves the old one.
    package static func publish(_ partial: String, as path: String) throws(PersonaStoreError) {
        try sync(partial)
        guard unsafe rename(partial, path) == 0 else { throw failure("rename", partial) }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        try sync(parts.isEmpty ? "." : parts.joined(separator: "/") + "/")
    }

    private static func sync(_ path: String) throws(PersonaStoreError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    static func failure(_ operation: String, _ path: String) -> PersonaStoreError {
        let status = errno
        var text = "error"
        if let message = unsafe strerror(status) { text = unsafe String(cString: message) }
        return PersonaStoreError(
            status == ENOENT ? .missing : .inputOutput, operation: operation, path: path, expected: "success",
            found: "\(text) [\(status)]")
    }
}

/// A directory that one run writes into, until the value is dropped or the process ends, however it ends. The empty lock
/// file stays.
package struct PersonaDirectoryLock: ~Copyable {
    private let descriptor: Int32

    /// Makes the directory where it is missing; throws where another run holds it.
    package init(_ directory: String) throws(PersonaStoreError) {
        try PersonaFiles.makeDirectory(directory)
        let path = "\(directory)/write.lock"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw PersonaFiles.failure("lock", path) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let error =
                errno == EWOULDBLOCK
                ? PersonaStoreError(
                    .inUse, operation: "lock", path: path, expected: "no other run that writes into this directory",
                    found: "one") : PersonaFiles.failure("lock", path)
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    /// Says where the lock ends; a value that is merely dropped may be dropped earlier.
    package consuming func release() {}

    deinit {
        // A child process that is just being started has a copy of the descriptor, which would keep the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}

/// A text file written through one buffer of bounded size, which takes its name when it is whole.
package struct PersonaTextFile: ~Copyable {
    /// Beyond a quarter of a megabyte a bigger write is no quicker.
    private static let bufferLimit = 256 << 10

    private let path: String
    private let partial: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    package init(_ path: String) throws(PersonaStoreError) {
        self.path = path
        partial = path + PersonaFiles.partialExtension
        descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw PersonaFiles.failure("create", partial) }
    }

    deinit { _ = close(descriptor) }

    package mutating func append(_ write: (inout [UInt8]) -> Void) throws(PersonaStoreError) {
        write(&buffer)
        if buffer.count >= Self.bufferLimit { try flush() }
    }

    /// Without it nothing is published.
    package consuming func finish() throws(PersonaStoreError) {
        try flush()
        try PersonaFiles.publish(partial, as: path)
    }

    private mutating func flush() throws(PersonaStoreError) {
        var offset = 0
        while offset < buffer.count {
            let count = unsafe buffer.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
                return unsafe write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw PersonaFiles.failure("write", partial) }
            offset += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
