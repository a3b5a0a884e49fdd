#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Lines of a file, or of standard input (`-`), one after the other: a pipe may be endless.
final class LineSource {
    /// Of one line: longer than the largest item that is taken.
    private static let lineByteLimit = 4 << 20
    private static let chunkByteCount = 256 << 10

    let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private(set) var lineNumber = 0

    init(_ path: String) throws(RunFailure) {
        self.path = path
        descriptor = unsafe path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw RunFailure(
                description: "\(path): cannot be read: \(unsafe String(cString: strerror(errno))). Check the path.")
        }
    }

    deinit { close(descriptor) }

    /// The next line that is not empty, without its end.
    func next() throws(RunFailure) -> [UInt8]? {
        while true {
            if let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
                var line = buffer[start..<end]
                start = end + 1
                lineNumber += 1
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                if line.isEmpty { continue }
                return Array(line)
            }
            if isAtEnd {
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                lineNumber += 1
                return Array(buffer[start...])
            }
            try fill()
        }
    }

    private func fill() throws(RunFailure) {
        buffer.removeFirst(start)
        start = 0
        guard buffer.count < Self.lineByteLimit else {
            throw RunFailure(
                description: "\(path), line \(lineNumber + 1): it has more than 4 MiB. Is this a file of lines?")
        }
        var chunk = [UInt8](repeating: 0, count: Self.chunkByteCount)
        let count = unsafe read(descriptor, &chunk, chunk.count)
        if count < 0 && errno == EINTR { return }
        guard count >= 0 else {
            throw RunFailure(description: "\(path): reading failed: \(unsafe String(cString: strerror(errno))).")
        }
        isAtEnd = count == 0
        buffer += chunk.prefix(count)
    }
}
