/// A text file line by line, plain or gzip, for layouts that are no table: lists of different lengths.
package enum LineFile {
    /// 1 MiB at first; it doubles while a line does not fit.
    private static let initialByteCount = 1 << 20
    /// A longer line is no line of ids: 256 MiB.
    private static let longestLine = 256 << 20

    /// Gives every line that is not blank, without its end, and its number from 1.
    package static func read(
        _ path: String, encoding: TextEncoding = .utf8,
        line take: (_ line: ArraySlice<UInt8>, _ number: Int) throws(ReadError) -> Void
    ) throws(ReadError) {
        var source = try TextSource.open(path: path, encoding: encoding, progress: nil)
        var buffer = [UInt8](repeating: 0, count: initialByteCount)
        var end = 0
        var number = 0
        while true {
            // Other encodings need room for what a few bytes become.
            if end + 16 > buffer.count {
                guard buffer.count < longestLine else {
                    throw bad(path, line: number + 1, expected: "a line of at most \(longestLine) bytes", found: "more")
                }
                buffer += [UInt8](repeating: 0, count: buffer.count)
            }
            let count = try source.read(into: &buffer, from: end)
            end += count
            var start = 0
            while let newline = buffer[start..<end].firstIndex(of: UInt8(ascii: "\n")) {
                number += 1
                try give(buffer[start..<newline], number, take)
                start = newline + 1
            }
            if count == 0 {
                if start < end { try give(buffer[start..<end], number + 1, take) }
                return
            }
            buffer.replaceSubrange(0..<(end - start), with: Array(buffer[start..<end]))
            end -= start
        }
    }

    /// The error of a line that does not have its file's layout.
    package static func bad(_ path: String, line: Int, expected: String, found: String) -> ReadError {
        ReadError(
            .badLine, operation: "read line \(line)", path: path, expected: expected, found: found,
            remedy: "Mend the line, or check that this is the file that is meant.")
    }

    private static func give(
        _ line: ArraySlice<UInt8>, _ number: Int, _ take: (ArraySlice<UInt8>, Int) throws(ReadError) -> Void
    ) throws(ReadError) {
        let trimmed = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        if trimmed.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) {
            try take(trimmed, number)
        }
    }
}
