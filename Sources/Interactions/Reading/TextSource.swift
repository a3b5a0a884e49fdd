internal import Workbooks

/// A file as a stream of UTF-8: read in chunks, decompressed where it begins with gzip's or zstd's magic bytes, other encodings
/// transcoded. What is no text is refused by name. Memory is bounded by the chunk whatever the file holds.
///
///     file -> chunk (CRC-32, progress) -> inflate | copy -> other encodings to UTF-8 -> caller's buffer
struct TextSource: ~Copyable {
    /// 256 KiB: large enough that a system call costs nothing, small enough for the second-level cache.
    private static let chunkByteCount = 256 << 10

    private var file: InputFile
    private let progress: ReadProgress?
    private let encoding: TextEncoding
    private var transcoder: Transcoder?
    private var inflater: GzipInflater?
    private var zstd: ZstdInflater?
    private var isFrameAtEnd = true
    private var workbook: WorkbookReader?
    /// The only one to read of a workbook.
    private var sheet: String?
    private var isBegun = false
    private var isInsideMember = false
    private var chunk = [UInt8](repeating: 0, count: chunkByteCount)
    private var chunkRange = 0..<0
    private var isFileAtEnd = false
    private var staging = [UInt8]()

    /// The first bytes are looked at before they are given away.
    private static let firstByteCount = 64 << 10
    /// What `read` needs behind `start`, so that a few bytes of any encoding find room.
    static let leastRoom = 16

    private init(file: consuming InputFile, encoding: TextEncoding, progress: ReadProgress?) {
        self.file = file
        self.encoding = encoding
        self.progress = progress
        transcoder = encoding == .utf8 ? nil : Transcoder(encoding)
        inflater = nil
        zstd = nil
    }

    /// Opens the file and reads its first chunk.
    ///
    /// - Parameter sheet: of a workbook, the only one to read.
    static func open(
        path: String, encoding: TextEncoding, sheet: String? = nil, progress: ReadProgress?
    ) throws(ReadError) -> TextSource {
        var source = TextSource(file: try InputFile.open(path: path), encoding: encoding, progress: progress)
        source.sheet = sheet
        try source.loadChunk()
        if source.beginsMember() {
            source.inflater = GzipInflater()
            source.isInsideMember = true
        } else if source.chunkRange.count >= 4 && source.chunk[0..<4].elementsEqual([0x28, 0xb5, 0x2f, 0xfd]) {
            source.zstd = ZstdInflater()
        } else if source.chunkRange.count >= 4 && source.chunk[0..<4].elementsEqual([0x50, 0x4b, 3, 4]) {
            try source.openWorkbook(sheet)
        }
        return source
    }

    var path: String { file.path }

    var isWorkbook: Bool { workbook != nil }

    /// What was read of a workbook, for people; nil for other files.
    var note: String? {
        guard let workbook, workbook.readSheets.count + workbook.otherSheets.count > 1 else { return nil }
        let others = workbook.otherSheets.joined(separator: ", ")
        return "sheets: \(workbook.readSheets.joined(separator: ", "))"
            + (others.isEmpty ? "" : "; not read, as they have other columns: \(others)")
    }

    /// What the workbook has lost, for people; nil where nothing.
    var warning: String? {
        if workbook == nil, let sheet { return "--sheet \(sheet) says nothing here: the file is no workbook" }
        guard let count = workbook?.roundedCount, count > 0 else { return nil }
        return
            "\(count) cells hold numbers of more than 15 digits, which a spreadsheet has rounded: different ids may have become "
            + "one. Keep ids in cells of text, or export them from where they come from."
    }

    /// Takes the file for a workbook; it is read through once for its checksum.
    private mutating func openWorkbook(_ sheet: String?) throws(ReadError) {
        guard file.isRegular else {
            throw ReadError(
                .unsupportedFile, operation: "read the workbook", path: file.path, expected: "a file",
                found: "a pipe, and a workbook's table of contents stands at its end",
                remedy: "Save the workbook, and name the file.")
        }
        while !isFileAtEnd { try loadChunk() }
        do throws(WorkbookError) {
            workbook = try WorkbookReader(path: file.path, sheet: sheet)
        } catch {
            throw workbookError(error)
        }
        transcoder = nil
    }

    private func workbookError(_ error: WorkbookError) -> ReadError {
        ReadError(
            .unsupportedFile, operation: "read the workbook", path: file.path, expected: error.expected,
            found: error.found, remedy: error.remedy)
    }

    var fingerprint: SourceFingerprint {
        SourceFingerprint(byteCount: file.readByteCount, crc32: file.checksum)
    }

    /// Fills `buffer` from `start` on with the text's next bytes; returns how many. 0 only at the end, where `buffer` has room for
    /// a dozen bytes.
    mutating func read(into buffer: inout [UInt8], from start: Int) throws(ReadError) -> Int {
        if isBegun && transcoder == nil { return try readDecompressed(into: &buffer, from: start) }
        let room = (buffer.count - start - Transcoder.greatestFactor) / Transcoder.greatestFactor
        let needed = isBegun ? room : min(room, Self.firstByteCount)
        if staging.count < needed { staging = [UInt8](repeating: 0, count: needed) }
        var input: [UInt8] = []
        swap(&input, &staging)
        defer { swap(&input, &staging) }
        while true {
            let count = try readDecompressed(into: &input, from: 0)
            if !isBegun { try lookAt(input[..<count]) }
            isBegun = true
            guard transcoder != nil else {
                for position in 0..<count { buffer[start + position] = input[position] }
                return count
            }
            let written =
                count == 0
                ? transcoder?.finish(into: &buffer, from: start)
                : transcoder?.transcode(input, count, into: &buffer, from: start)
            if let written, written > 0 || count == 0 { return written }
        }
    }

    /// Refuses what is no text, and finds UTF-16 by its byte order mark.
    private mutating func lookAt(_ bytes: ArraySlice<UInt8>) throws(ReadError) {
        // Of UTF-16, letters of other scripts have controls among their bytes.
        let isWide = encoding == .utf16 || encoding == .utf16BigEndian
        if let kind = FileKind.of(bytes), !(kind == .binary && isWide) { throw kind.error(path: file.path) }
        guard encoding == .utf8 else { return }
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            transcoder = Transcoder(.utf16)
            return
        }
        let head = Array(bytes.prefix(Self.encodingByteCount))
        for (isBig, name) in [(false, TextEncoding.utf16), (true, .utf16BigEndian)] where head.count >= 4 {
            let zeros = stride(from: isBig ? 0 : 1, to: head.count, by: 2).allSatisfy { head[$0] == 0 }
            let others = stride(from: isBig ? 1 : 0, to: head.count, by: 2).allSatisfy { head[$0] != 0 }
            guard zeros && others else { continue }
            throw ReadError(
                .unsupportedEncoding, operation: "read the file", path: file.path, expected: "UTF-8",
                found: "every other byte zero, as in UTF-16", remedy: "Say --encoding \(name.rawValue).")
        }
    }

    /// Enough to see what every other byte is.
    private static let encodingByteCount = 32

    private mutating func readDecompressed(into buffer: inout [UInt8], from start: Int) throws(ReadError) -> Int {
        if let workbook {
            do throws(WorkbookError) {
                return try workbook.read(into: &buffer, from: start)
            } catch {
                throw workbookError(error)
            }
        }
        while true {
            if chunkRange.isEmpty && !isFileAtEnd { try loadChunk() }
            if isInsideMember {
                let produced = try inflateChunk(into: &buffer, from: start)
                if produced > 0 { return produced }
            } else if inflater != nil {
                if try !skipToNextMember() { return 0 }
            } else if zstd != nil {
                if chunkRange.isEmpty && isFileAtEnd && isFrameAtEnd { return 0 }
                let produced = try inflateFrame(into: &buffer, from: start)
                if produced > 0 { return produced }
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

    private mutating func inflateFrame(into buffer: inout [UInt8], from start: Int) throws(ReadError) -> Int {
        switch zstd?.inflate(chunk, chunkRange, into: &buffer, from: start) {
        case .progress(let consumed, let produced, let isFrameEnd)?:
            chunkRange = (chunkRange.lowerBound + consumed)..<chunkRange.upperBound
            isFrameAtEnd = isFrameEnd
            if produced == 0 && consumed == 0 && isFileAtEnd && !isFrameEnd {
                throw gzipError(
                    .truncatedGzip, expected: "a complete zstd stream",
                    found: "the file's end after \(file.readByteCount) bytes, inside the compressed data",
                    remedy: "The file was cut off: fetch or compress it again.")
            }
            return produced
        case .corrupt(let message)?:
            throw gzipError(
                .corruptGzip, expected: "zstd data with good checksums", found: message,
                remedy: "The file is damaged: fetch or compress it again (`zstd -t` tells the same).")
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
