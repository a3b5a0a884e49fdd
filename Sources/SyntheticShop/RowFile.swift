#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A text file written row by row through one buffer of bounded size. An existing file is replaced.
struct RowFile: ~Copyable {
    /// Beyond a quarter of a megabyte a bigger write is no quicker.
    private static let bufferLimit = 256 * 1024

    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(path: String) throws(ShopError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ShopError(code: .fileNotOpened, operation: "open", text: "\(path): \(Self.reason())")
        }
        self.path = path
        self.descriptor = descriptor
        buffer.reserveCapacity(Self.bufferLimit + 4096)
    }

    deinit {
        _ = close(descriptor)
    }

    /// Writes out what the row's bytes fill.
    mutating func append(_ row: (inout [UInt8]) -> Void) throws(ShopError) {
        row(&buffer)
        if buffer.count >= Self.bufferLimit { try flush() }
    }

    /// Writes out the rest. Without it the end of the file is lost.
    mutating func flush() throws(ShopError) {
        var offset = 0
        while offset < buffer.count {
            let count = unsafe buffer.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
                return unsafe write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw ShopError(code: .fileNotWritten, operation: "write", text: "\(path): \(Self.reason())")
            }
            offset += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Makes the folder and those above it, where they are missing.
    static func makeFolder(_ path: String) throws(ShopError) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            prefix += part + "/"
            guard unsafe mkdir(prefix, 0o755) != 0, errno != EEXIST else { continue }
            // Above the folder there may be one that we cannot write to, or that is no folder: then the open of a file
            // tells. Only the folder itself must be there.
            let failure = reason()
            guard unsafe access(prefix, F_OK) != 0 else { continue }
            throw ShopError(code: .folderNotCreated, operation: "mkdir", text: "\(prefix): \(failure)")
        }
    }

    private static func reason() -> String {
        unsafe String(cString: strerror(errno))
    }
}
