#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A file that is written beside its place, `.foretaste-0123456789abcdef.partial` in the same directory, until `OutputFiles`
/// puts it there. It is a class because it owns the descriptor and the unfinished file, which goes with the last reference.
///
/// The unfinished file is locked while this process has it, so that a later run can tell what a killed one has left.
package final class StagedFile {
    /// Beyond a quarter of a megabyte a bigger write is no quicker.
    private static let bufferLimit = 256 << 10

    package let path: String
    let partial: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private var isPlaced = false
    /// Of a device or a pipe, as `/dev/stdout`: it is written as it is.
    let isDirect: Bool

    /// The directory must be there. Unfinished files that killed runs have left in it are removed. Where `path` is a symbolic
    /// link, the file is that which the link leads to, and the link stays.
    /// - Parameter isPrivate: a new file is its owner's alone.
    package init(_ given: String, isPrivate: Bool = false) throws(FileError) {
        let path = try FileSystem.target(of: given)
        let kind = try FileSystem.kind(of: path)
        guard kind != .directory, !path.hasSuffix("/") else {
            throw FileError(
                .isDirectory, operation: "write", path: path, expected: "a file's name", found: "a directory")
        }
        // What /dev/stdout leads to may be a plain file, which others have open.
        isDirect = kind == .other || FileSystem.isOfSystem(path)
        // A device is told by the name that was given for it.
        self.path = isDirect ? given : path
        if isDirect {
            partial = given
            descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileSystem.failure("open", path) }
            return
        }
        let directory = FileSystem.directory(of: path)
        PartialFiles.removeLeftovers(in: directory)
        (partial, descriptor) = try PartialFiles.create(in: directory, for: path)
        if isPrivate { _ = fchmod(descriptor, 0o600) }
        Self.copyPermissions(from: path, to: descriptor)
    }

    /// Takes over a finished file that somebody else has written, of the same directory. It gets the permissions of the file that
    /// it replaces.
    package init(adopting partial: String, as path: String) throws(FileError) {
        self.path = path
        self.partial = partial
        isDirect = false
        descriptor = unsafe open(partial, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileSystem.failure("open", partial) }
        Self.copyPermissions(from: path, to: descriptor)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        // What cannot be removed is the next run's.
        if !isPlaced && !isDirect { unsafe _ = unlink(partial) }
    }

    package func append(_ write: (inout [UInt8]) -> Void) throws(FileError) {
        write(&buffer)
        if buffer.count >= Self.bufferLimit { try flush() }
    }

    package func append(_ text: String) throws(FileError) { try append { $0 += text.utf8 } }

    /// Returns when all bytes are on the disk, still under the other name.
    func finish() throws(FileError) {
        try flush()
        if isDirect { return }
        guard fsync(descriptor) == 0 else { throw FileSystem.failure("sync", partial) }
    }

    /// In one step in the place of what is there.
    func place(_ faults: FileFaults?) throws(FileError) {
        if isDirect { return }
        try FileSystem.move(partial, to: path, faults: faults)
        isPlaced = true
    }

    private func flush() throws(FileError) {
        try FileSystem.write(buffer, to: descriptor, partial)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Who could not read the file that was there cannot read the new one.
    private static func copyPermissions(from path: String, to descriptor: Int32) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        _ = fchmod(descriptor, status.st_mode & 0o777)
    }
}

/// The names that unfinished files have.
enum PartialFiles {
    private static let prefix = ".foretaste-"
    private static let suffix = ".partial"
    private static let digitCount = 16
    /// A name that is taken is a matter of chance; this many in a row are none.
    private static let attemptLimit = 100

    /// A new empty file that this process holds a lock on; `path`, for errors, is what it will become.
    static func create(
        in directory: String, for path: String
    ) throws(FileError) -> (partial: String, descriptor: Int32) {
        for _ in 0..<attemptLimit {
            let partial = name(in: directory)
            let descriptor = unsafe open(partial, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
            if descriptor < 0 && errno == EEXIST { continue }
            guard descriptor >= 0 else { throw FileSystem.failure("write", path) }
            // Between the two calls another run may have taken it for a leftover.
            var status = stat()
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0, unsafe fstat(descriptor, &status) == 0, status.st_nlink > 0 {
                return (partial, descriptor)
            }
            close(descriptor)
        }
        throw FileSystem.notOurs(path, found: "names that are always taken")
    }

    static func name(in directory: String) -> String {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        let padding = String(repeating: "0", count: digitCount - digits.count)
        return "\(directory == "/" ? "" : directory)/\(prefix)\(padding)\(digits)\(suffix)"
    }

    static func isName(_ name: String) -> Bool {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
        let digits = name.utf8.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
        return digits.count == digitCount && digits.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }

    /// Removes what has such a name and no holder. What cannot be listed, opened or removed is not in the way.
    static func removeLeftovers(in directory: String) {
        let names = Result { () throws(FileError) in try FileSystem.names(in: directory) }
        guard case .success(let names) = names else { return }
        for name in names where isName(name) {
            let path = "\(directory)/\(name)"
            let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                flock(descriptor, LOCK_EX | LOCK_NB) == 0
            else { continue }
            unsafe _ = unlink(path)
        }
    }
}
