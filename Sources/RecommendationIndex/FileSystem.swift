#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The system calls of an index directory, each wrapped once. Errors say what was being done.
enum FileSystem {
    /// Pointer files are a line long; a longer one is another program's.
    private static let smallFileByteLimit = 4096

    enum Kind { case missing, file, directory, other }

    static func kind(of path: String) -> Kind {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return .missing }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        default: return .other
        }
    }

    static func byteCount(of path: String) -> Int {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Makes the directory unless it exists. Its parent must exist.
    static func makeDirectory(_ path: String) throws(IndexError) {
        guard unsafe mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw failure("make the directory", path)
    }

    static func names(in directory: String) throws(IndexError) -> [String] {
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

    static func remove(_ path: String) throws(IndexError) {
        guard unsafe unlink(path) != 0, errno != ENOENT else { return }
        throw failure("remove", path)
    }

    /// Replaces `newPath` in one step where it exists.
    static func move(_ path: String, to newPath: String) throws(IndexError) {
        guard unsafe rename(path, newPath) != 0 else { return }
        throw failure("rename", path)
    }

    /// Returns when the file's or directory's content is on the disk.
    static func sync(_ path: String) throws(IndexError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    static func readSmallFile(_ path: String) throws(IndexError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: smallFileByteLimit)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw failure("read", path) }
        return Array(bytes.prefix(count))
    }

    static func writeSmallFile(_ path: String, _ bytes: [UInt8]) throws(IndexError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("create", path) }
        defer { close(descriptor) }
        let count = unsafe write(descriptor, bytes, bytes.count)
        guard count >= 0 else { throw failure("write", path) }
        guard count == bytes.count else {
            throw IndexError(
                .diskFull, operation: "write", path: path, expected: "\(bytes.count) bytes written", found: "\(count)")
        }
    }

    static func failure(_ operation: String, _ path: String) -> IndexError {
        let status = errno
        let code: IndexError.Code =
            switch status {
            case ENOENT, ENOTDIR: .pathMissing
            case EACCES, EPERM, EROFS: .notWritable
            case ENOSPC, EDQUOT: .diskFull
            default: .inputOutput
            }
        var text = "error"
        if let message = unsafe strerror(status) { text = unsafe String(cString: message) }
        return IndexError(code, operation: operation, path: path, expected: "success", found: "\(text) [\(status)]")
    }
}

/// An advisory lock on a file, held until the value is dropped or the process ends, however it ends.
struct FileLock: ~Copyable {
    let descriptor: Int32

    /// - Parameter waiting: whether to wait for the holder; otherwise nil where there is one.
    init?(_ path: String, waiting: Bool) throws(IndexError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileSystem.failure("lock", path) }
        while flock(descriptor, LOCK_EX | (waiting ? 0 : LOCK_NB)) != 0 {
            if errno == EINTR { continue }
            let error = FileSystem.failure("lock", path)
            let isHeld = errno == EWOULDBLOCK
            close(descriptor)
            guard isHeld else { throw error }
            return nil
        }
        self.descriptor = descriptor
    }

    /// Says where the lock ends; a value that is merely dropped may be dropped earlier.
    consuming func release() {}

    deinit {
        // A child process that is just being started has a copy of the descriptor, which would keep the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
