internal import CZlib

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A file open for reading: the one place with system calls. Keeps the CRC-32 of what was read.
struct InputFile: ~Copyable {
    let path: String
    /// 0 where the size is not known, as for a pipe.
    let byteCount: Int
    /// No pipe and no device: it may be opened again.
    let isRegular: Bool
    private let descriptor: Int32
    private(set) var readByteCount = 0
    private(set) var checksum: UInt32 = 0

    private init(path: String, byteCount: Int, isRegular: Bool, descriptor: Int32) {
        self.path = path
        self.byteCount = byteCount
        self.isRegular = isRegular
        self.descriptor = descriptor
    }

    static func open(path: String) throws(ReadError) -> InputFile {
        #if canImport(Glibc)
            let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        #else
            let descriptor = unsafe Darwin.open(path, O_RDONLY | O_CLOEXEC)
        #endif
        if descriptor < 0 { throw openError(path, errno) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw systemError(path, "look at the file", number)
        }
        let kind = status.st_mode & S_IFMT
        let file = InputFile(
            path: path, byteCount: kind == S_IFREG ? Int(status.st_size) : 0, isRegular: kind == S_IFREG,
            descriptor: descriptor)
        if kind == S_IFDIR {
            throw ReadError(
                .isDirectory, operation: "read the file", path: path, expected: "a file", found: "a directory",
                remedy: "Name one of the files in it.")
        }
        return file
    }

    deinit { close(descriptor) }

    /// Reads into the front of `buffer`, as much as the system gives at once; 0 at the end of the file.
    mutating func read(into buffer: inout [UInt8]) throws(ReadError) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                #if canImport(Glibc)
                    unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
                #else
                    unsafe Darwin.read(descriptor, bytes.baseAddress, bytes.count)
                #endif
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw Self.systemError(path, "read the file", errno) }
            readByteCount += count
            checksum = unsafe buffer.withUnsafeBufferPointer { bytes in
                UInt32(truncatingIfNeeded: unsafe crc32(UInt(checksum), bytes.baseAddress, UInt32(count)))
            }
            return count
        }
    }

    private static func openError(_ path: String, _ number: Int32) -> ReadError {
        switch number {
        case ENOENT, ENOTDIR:
            ReadError(
                .fileNotFound, operation: "open the file", path: path, expected: "a file of that name",
                found: "none", remedy: "Check the spelling and the folder the program was started in.")
        case EACCES, EPERM:
            ReadError(
                .permissionDenied, operation: "open the file", path: path, expected: "a file that may be read",
                found: "no permission", remedy: "Grant read permission on the file and its folders.")
        default: systemError(path, "open the file", number)
        }
    }

    private static func systemError(_ path: String, _ operation: String, _ number: Int32) -> ReadError {
        let text = unsafe String(cString: strerror(number))
        return ReadError(
            .inputOutput, operation: operation, path: path, expected: "no error of the operating system",
            found: "\(text) (errno \(number))", remedy: "Check the disk or the mount, then try again.")
    }
}
