/// How a text file's bytes mean characters.
package enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case latin1 = "latin-1"
}

/// A file as a stream of UTF-8: read in chunks, decompressed where it begins with gzip's magic bytes, Latin-1
/// transcoded, a byte order mark removed. Memory is bounded by the chunk whatever the file holds.
///
///     file -> chunk (CRC-32, progress) -> inflate | copy -> Latin-1 to UTF-8 -> caller's buffer
struct TextSource: ~Copyable {
    /// 256 KiB: large enough that a system call costs nothing, small enough for the second-level cache.
    private static let chunkByteCount = 256 << 10

    private var file: InputFile
    private let progress: ReadProgress?
    private let encoding: TextEncoding
    private var inflater: GzipInflater?
    private var isInsideMember = false
    private var chunk = [UInt8](repeating: 0, count: chunkByteCount)
    private var chunkRange = 0..<0
    private var isFileAtEnd = false
    private var latin1 = [UInt8]()

    private init(file: consuming InputFile, encoding: TextEncoding, progress: ReadProgress?) {
        self.file = file
        self.encoding = encoding
        self.progress = progress
        inflater = nil
    }

    /// Opens the file and reads its first chunk.
    static func open(path: String, encoding: TextEncoding, progress: ReadProgress?) throws(ReadError) -> TextSource {
        var source = TextSource(file: try InputFile.open(path: path), encoding: encoding, progress: progress)
        try source.loadChunk()
        if source.beginsMember() {
            source.inflater = GzipInflater()
            source.isInsideMember = true
        }
        return source
    }

    var path: String { file.path }

    var fingerprint: SourceFingerprint {
        SourceFingerprint(byteCount: file.readByteCount, crc32: file.checksum)
    }

    /// Fills `buffer` from `start` on with the text's next bytes; returns how many. 0 only at the end.
    mutating func read(into buffer: inout [UInt8], from start: Int) throws(ReadError) -> Int {
        switch encoding {
        case .utf8: return try readDecompressed(into: &buffer, from: start)
        case .latin1:
            // A byte becomes at most two.
            latin1.append(contentsOf: repeatElement(0, count: max(0, (buffer.count - start) / 2 - latin1.count)))
            var staging: [UInt8] = []
            swap(&staging, &latin1)
            let count = try readDecompressed(into: &staging, from: 0)
            var end = start
            for position in 0..<count {
                let byte = staging[position]
                if byte < 0x80 {
                    buffer[end] = byte
                    end += 1
                } else {
                    buffer[end] = 0xc0 | byte >> 6
                    buffer[end + 1] = 0x80 | byte & 0x3f
                    end += 2
                }
            }
            swap(&staging, &latin1)
            return end - start
        }
    }

    private mutating func readDecompressed(into buffer: inout [UInt8], from start: Int) throws(ReadError) -> Int {
        while true {
            if chunkRange.isEmpty && !isFileAtEnd { try loadChunk() }
            if isInsideMember {
                let produced = try inflateChunk(into: &buffer, from: start)
                if produced > 0 { return produced }
            } else if inflater != nil {
                if try !skipToNextMember() { return 0 }
            } else {
                let count = min(chunkRange.count, buffer.count - start)
                for offset in 0..<count { buffer[start + offset] = chunk[chunkRange.lowerBound + offset] }
                chunkRange = (chunkRange.lowerBound + count)..<chunkRange.upperBound
                return count
            }
        }
    }

    private mutating func inflateChunk(into buffer: inout [UInt8], from start: Int) throws(ReadError) -> Int {
        let outcome = inflater?.inflate(&chunk, chunkRange, into: &buffer, from: start)
        switch outcome {
        case .progress(let consumed, let produced):
            chunkRange = (chunkRange.lowerBound + consumed)..<chunkRange.upperBound
            if produced == 0 && isFileAtEnd && chunkRange.isEmpty {
                throw gzipError(
                    .truncatedGzip, expected: "a complete gzip stream",
                    found: "the file's end after \(file.readByteCount) bytes, inside the compressed data",
                    remedy: "The file was cut off: fetch or compress it again.")
            }
            return produced
        case .memberEnd(let consumed, let produced):
            chunkRange = (chunkRange.lowerBound + consumed)..<chunkRange.upperBound
            isInsideMember = false
            return produced
        case .corrupt(let message):
            throw gzipError(
                .corruptGzip, expected: "gzip data with good checksums", found: message,
                remedy: "The file is damaged: fetch or compress it again (`gzip -t` tells the same).")
        case nil: return 0
        }
    }

    /// After a member: true where another begins. Zero bytes are padding, as gzip itself sees it.
    private mutating func skipToNextMember() throws(ReadError) -> Bool {
        while let first = chunkRange.first {
            if chunk[first] != 0 { break }
            chunkRange = (first + 1)..<chunkRange.upperBound
        }
        if chunkRange.isEmpty {
            return !isFileAtEnd
        }
        // A magic number may be cut in two by the chunk's end; zlib checks its second byte.
        guard chunk[chunkRange.lowerBound] == 0x1f else {
            throw gzipError(
                .corruptGzip, expected: "another gzip member or the file's end after a member",
                found: "other bytes", remedy: "Remove what was appended to the compressed file.")
        }
        inflater?.beginMember()
        isInsideMember = true
        return true
    }

    private mutating func loadChunk() throws(ReadError) {
        let count = try file.read(into: &chunk)
        chunkRange = 0..<count
        isFileAtEnd = count == 0
        progress?(file.readByteCount, file.byteCount)
    }

    private func beginsMember() -> Bool { chunkRange.count >= 2 && chunk[0] == 0x1f && chunk[1] == 0x8b }

    private func gzipError(_ code: ReadError.Code, expected: String, found: String, remedy: String) -> ReadError {
        ReadError(
            code, operation: "decompress the file", path: file.path, expected: expected, found: found, remedy: remedy)
    }
}
