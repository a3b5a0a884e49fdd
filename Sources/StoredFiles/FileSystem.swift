#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What tests make fail.
package enum FileOperation: Sendable { case syncDirectory, rename }

/// Replaces the outcome of an operation on a path by an `errno`; nil lets the operation run.
package typealias FileFaults = @Sendable (_ operation: FileOperation, _ path: String) -> Int32?

/// The system calls on files that are kept, each wrapped once. Errors say what was being done.
package enum FileSystem {
    /// Pointer and lock files are a line long; of a longer one this much is read.
    private static let smallFileByteLimit = 4096

    package enum Kind: Sendable { case missing, file, directory, link, other }

    /// - Parameter followingLinks: where false, a symbolic link is a link, wherever it leads.
    package static func kind(of path: String, followingLinks: Bool = true) throws(FileError) -> Kind {
        var status = stat()
        let outcome = unsafe followingLinks ? stat(path, &status) : lstat(path, &status)
        guard outcome == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return .missing }
            throw failure("look at", path)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        case S_IFLNK: return .link
        default: return .other
        }
    }

    /// More links in a row lead in a circle, as the system sees it too.
    private static let linkLimit = 40

    /// Where a symbolic link leads, over all links; the path itself where it is none. Paths of the system's own are left alone.
    package static func target(of path: String) throws(FileError) -> String {
        var path = path
        for _ in 0..<linkLimit {
            guard !isOfSystem(path), try kind(of: path, followingLinks: false) == .link else { return path }
            var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                guard let start = bytes.baseAddress else { return -1 }
                return unsafe readlink(path, start.assumingMemoryBound(to: CChar.self), bytes.count)
            }
            guard count > 0 else { throw failure("look at", path) }
            let target = String(decoding: buffer[..<count], as: UTF8.self)
            path = target.hasPrefix("/") ? target : "\(directory(of: path))/\(target)"
        }
        throw FileError(
            .notOurs, operation: "write", path: path, expected: "a file", found: "symbolic links that lead in a circle")
    }

    /// Whether the path is a device's, or of what a process has open.
    package static func isOfSystem(_ path: String) -> Bool { path.hasPrefix("/dev/") || path.hasPrefix("/proc/") }

    package static func byteCount(of path: String) -> Int {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Makes the directory unless it exists. Its parent must exist.
    package static func makeDirectory(_ path: String) throws(FileError) {
        guard unsafe mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw failure("make the directory", path)
    }

    /// Makes the directory unless it exists, and closes it to all but its owner. Its parent must exist.
    package static func makePrivateDirectory(_ path: String) throws(FileError) {
        guard unsafe mkdir(path, 0o700) != 0 else { return }
        guard errno == EEXIST else { throw failure("make the directory", path) }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw failure("look at", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw FileError(.notOurs, operation: "use", path: path, expected: "a directory", found: "something else")
        }
        guard status.st_mode & 0o077 != 0 else { return }
        guard unsafe chmod(path, 0o700) == 0 else { throw failure("close to others", path) }
    }

    /// Makes the directory and those above it, where they are missing.
    package static func makeDirectories(_ path: String) throws(FileError) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            prefix += part + "/"
            guard unsafe mkdir(prefix, 0o755) != 0, errno != EEXIST else { continue }
            let error = failure("make the directory", prefix)
            // What cannot be made above the directory may be there already; the directory itself must be.
            if unsafe access(prefix, F_OK) != 0 { throw error }
        }
    }

    package static func names(in directory: String) throws(FileError) -> [String] {
        guard let stream = unsafe opendir(directory) else { throw failure("list", directory) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Whether there was a file to remove.
    @discardableResult
    package static func remove(_ path: String) throws(FileError) -> Bool {
        if unsafe unlink(path) == 0 { return true }
        guard errno == ENOENT else { throw failure("remove", path) }
        return false
    }

    /// Removes the file that an interrupted run of this program left under a name that is this program's alone. What is no
    /// plain file was put there by somebody else, and is an error.
    @discardableResult
    package static func removeLeftover(_ path: String) throws(FileError) -> Bool {
        switch try kind(of: path, followingLinks: false) {
        case .missing: return false
        case .file: return try remove(path)
        case .directory: throw notOurs(path, found: "a directory")
        case .link: throw notOurs(path, found: "a symbolic link")
        case .other: throw notOurs(path, found: "a device or a pipe")
        }
    }

    /// Replaces `newPath` in one step where it exists.
    package static func move(_ path: String, to newPath: String, faults: FileFaults? = nil) throws(FileError) {
        if let fault = faults?(.rename, newPath) {
            errno = fault
        } else if unsafe rename(path, newPath) == 0 {
            return
        }
        throw failure("replace", newPath)
    }

    /// Returns when the file's content is on the disk.
    package static func sync(_ path: String) throws(FileError) { try sync(path, flags: 0) }

    /// Returns when the directory's names are on the disk.
    package static func syncDirectory(_ path: String, faults: FileFaults? = nil) throws(FileError) {
        if let fault = faults?(.syncDirectory, path) {
            errno = fault
            throw failure("sync", path)
        }
        try sync(path, flags: O_DIRECTORY)
    }

    private static func sync(_ path: String, flags: Int32) throws(FileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | flags)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    package static func readSmallFile(_ path: String) throws(FileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: smallFileByteLimit)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw failure("read", path) }
        return Array(bytes.prefix(count))
    }

    /// Whether only its owner can write it, and only its owner and group read it.
    package static func isClosedToOthers(_ path: String) throws(FileError) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw failure("look at", path) }
        return status.st_mode & 0o027 == 0
    }

    /// At most `byteLimit` bytes of it.
    package static func readFile(_ path: String, byteLimit: Int) throws(FileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < byteLimit {
            let count = unsafe read(descriptor, &chunk, min(chunk.count, byteLimit - bytes.count))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { break }
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    /// Makes a file of these bytes, on the disk when this returns. One that is there already, or a link, is an error: nothing
    /// is ever written through it.
    package static func create(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("create", path) }
        defer { close(descriptor) }
        try write(bytes, to: descriptor, path)
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(FileError) {
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
                #if canImport(Glibc)
                    return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
                #else
                    return unsafe Darwin.write(descriptor, rest.baseAddress, rest.count)
                #endif
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            offset += count
        }
    }

    /// The directory that holds the path's last part.
    package static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func notOurs(_ path: String, found: String) -> FileError {
        FileError(
            .notOurs, operation: "write", path: path, expected: "nothing of anybody else's under this name",
            found: found)
    }

    /// Of the system call that failed just now.
    static func failure(_ operation: String, _ path: String) -> FileError {
        let status = errno
        let code: FileError.Code =
            switch status {
            case ENOENT, ENOTDIR: .missing
            case EACCES, EPERM: .permissionDenied
            case EROFS: .readOnlyFileSystem
            case ENOSPC, EDQUOT: .diskFull
            case EISDIR: .isDirectory
            case EMFILE, ENFILE: .tooManyFiles
            case EFBIG: .tooLarge
            case ELOOP, EEXIST: .notOurs
            default: .inputOutput
            }
        var text = "error"
        if let message = unsafe strerror(status) { text = unsafe String(cString: message) }
        return FileError(code, operation: operation, path: path, expected: "success", found: text)
    }
}
