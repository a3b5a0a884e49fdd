/// A text file as one piece, for layouts that are no table: lists of labels, vectors, results of other programs. It is unpacked
/// and transcoded as files of rows are, and what is no text is refused by name.
package enum WholeFile {
    /// Longer than any list that somebody keeps in one piece: 4 GiB.
    private static let longest = 4 << 30
    /// Enough to tell what a file is.
    package static let firstByteCount = 1 << 16

    /// The text in UTF-8, without a byte order mark; it is not checked to be UTF-8.
    package static func bytes(_ path: String, encoding: TextEncoding = .utf8) throws(ReadError) -> [UInt8] {
        var source = try TextSource.open(path: path, encoding: encoding, progress: nil)
        if source.isWorkbook {
            throw ReadError(
                .unsupportedFile, operation: "read the file", path: path, expected: "plain text",
                found: "a workbook or a zip archive", remedy: "Save the sheet as text.")
        }
        var bytes = [UInt8](repeating: 0, count: firstByteCount)
        var end = 0
        while true {
            if end + TextSource.leastRoom > bytes.count {
                guard bytes.count < longest else {
                    throw ReadError(
                        .inputOutput, operation: "read the file", path: path, expected: "at most 4 GiB of text",
                        found: "more", remedy: "Divide the file.")
                }
                bytes += [UInt8](repeating: 0, count: bytes.count)
            }
            let count = try source.read(into: &bytes, from: end)
            if count == 0 { break }
            end += count
        }
        bytes.removeLast(bytes.count - end)
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
        return bytes
    }

    /// As `bytes`, checked.
    package static func text(_ path: String, encoding: TextEncoding = .utf8) throws(ReadError) -> String {
        let bytes = try bytes(path, encoding: encoding)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = 1 + validLineCount(bytes)
            throw ReadError(
                .unsupportedEncoding, operation: "read the file", path: path, expected: "UTF-8",
                found: "other bytes in line \(line)", remedy: "Save it as UTF-8: iconv -f ENCODING -t UTF-8.")
        }
        return text
    }

    /// Lines before the first that is no UTF-8.
    private static func validLineCount(_ bytes: [UInt8]) -> Int {
        var count = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if !UTF8Check.isValid(line.span) { return count }
            count += 1
        }
        return count
    }

    /// Whether a file that begins so may be taken as it lies on the disk.
    package static func isPlain(_ first: some Collection<UInt8>) -> Bool {
        let first = Array(first.prefix(FileKind.byteCount))
        let packed: [[UInt8]] = [
            [0x1f, 0x8b], [0x28, 0xb5, 0x2f, 0xfd], [0xff, 0xfe], [0xfe, 0xff], [0xef, 0xbb, 0xbf],
        ]
        return FileKind.of(first[...]) == nil && !packed.contains { first.starts(with: $0) }
    }

    /// What a file that begins so is, where it is no text; nil where it may be.
    package static func kind(_ first: some Collection<UInt8>, path: String) -> ReadError? {
        FileKind.of(Array(first.prefix(FileKind.byteCount))[...])?.error(path: path)
    }
}
