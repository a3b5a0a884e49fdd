/// Finds one record after another in a text source, in a window of bounded size.
///
///     bytes    | read before |  record  | not looked at yet |  free  |
///                            start      next                end      bytes.count
///
/// A record that does not fit the window, and a quote that does not end, are bad rows: reading goes on at the next line.
struct RecordReader: ~Copyable {
    enum Outcome {
        case record
        case bad(BadRowReason)
        case end
    }

    /// 1 MiB: three orders beyond any real row. A file without line breaks meets this limit, not the machine's memory.
    static let standardMaximalRecordByteCount = 1 << 20
    /// How much the window holds beyond a record of maximal size, so that a read is worth its call.
    private static let readAheadByteCount = 256 << 10

    /// Where a quote need not open a field, one that has not closed it so far on has not opened it.
    private static let longestLenientRecord = 64 << 10

    private var source: TextSource
    let maximalRecordByteCount: Int
    private(set) var bytes: [UInt8]
    private var start = 0
    private var end = 0
    private var isBegun = false
    private var isSourceAtEnd = false
    /// The rest of the line that `start` lies in is to be passed over.
    private var isSkippingLine = false
    private var pending: Outcome?
    /// A JSON array has begun and not ended.
    private var isArrayOpen = false
    private var nextLineNumber = 1

    /// May be changed before the first record is read.
    var syntax: RecordSyntax
    /// How many fields a record has, where that is known.
    var expectedFieldCount: Int?
    /// The physical line the last record begins on.
    private(set) var lineNumber = 1
    /// The last record's fields; for JSON Lines, one for each of `keys`.
    private(set) var fields: [RecordField] = []
    /// JSON Lines: all keys seen so far.
    private(set) var keys = IdentifierTable()
    private var record = 0..<0
    /// A copy of the last record, where decoding has changed it in the window; else empty.
    private var original: [UInt8] = []

    init(source: consuming TextSource, syntax: RecordSyntax, maximalRecordByteCount: Int) {
        self.source = source
        self.syntax = syntax
        self.maximalRecordByteCount = maximalRecordByteCount
        bytes = Array(repeating: 0, count: maximalRecordByteCount + Self.readAheadByteCount)
    }

    var path: String { source.path }
    var fingerprint: SourceFingerprint { source.fingerprint }
    var isWorkbook: Bool { source.isWorkbook }
    var sourceNote: String? { source.note }
    var sourceWarning: String? { source.warning }

    /// The last record as it stands in the file, or the beginning of one that is too long.
    var text: ArraySlice<UInt8> { original.isEmpty ? bytes[record] : original[...] }

    /// The last record's field in that column; absent where there is no such column.
    func field(_ column: Int?) -> RecordField {
        guard let column, column < fields.count else { return .absent }
        return fields[column]
    }

    /// JSON Lines: the keys seen so far as columns.
    var keyLookup: ColumnLookup { ColumnLookup(path: path, names: (0..<keys.count).map { keys.id(at: $0) }) }

    /// The first line that is not blank, as much of it as the window holds; empty at the end of the file. Reads nothing
    /// away.
    mutating func firstLine() throws(ReadError) -> ArraySlice<UInt8> {
        while true {
            skipBlankLines()
            if let newline = bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")) { return bytes[start..<newline] }
            if isSourceAtEnd || end == bytes.count { return bytes[start..<end] }
            try refill()
        }
    }

    /// Lets the next call of `next` give the last outcome again.
    mutating func unread(_ outcome: Outcome) { pending = outcome }

    /// Moves on to the next record; blank lines are passed over. `fields` and `text` are good until the next call.
    mutating func next() throws(ReadError) -> Outcome {
        if let outcome = pending {
            pending = nil
            return outcome
        }
        if isSkippingLine { try skipLine() }
        original.removeAll(keepingCapacity: true)
        while true {
            skipBlankLines()
            if start == end && isSourceAtEnd {
                guard isArrayOpen else { return .end }
                throw ReadError(
                    .truncated, operation: "read the JSON array", path: path, expected: "its end, ]",
                    found: "the file's end after \(fingerprint.byteCount) bytes, line \(nextLineNumber)",
                    remedy: "The file was cut off, or is still being written: fetch or write it again.")
            }
            if start < end, let outcome = scan() { return outcome }
            try refill()
        }
    }

    /// The outcome of looking for a record at `start`; nil where more bytes are needed and there is room for them.
    private mutating func scan() -> Outcome? {
        switch syntax {
        case .delimited(let syntax): scanDelimited(syntax)
        case .jsonLines: scanLine()
        case .jsonArray: scanElement()
        }
    }

    private mutating func scanDelimited(_ syntax: DelimitedSyntax) -> Outcome? {
        var found: [RecordField] = []
        swap(&found, &fields)
        let scan = DelimitedScan(
            bytes.span, from: start, limit: end, isAtEnd: isSourceAtEnd, syntax: syntax, fields: &found)
        swap(&found, &fields)
        if syntax.isLenient, !isQuotedWell(scan) {
            var plain = syntax
            plain.hasQuotes = false
            plain.isLenient = false
            return scanDelimited(plain)
        }
        switch scan.result {
        case .complete:
            guard accept(end: scan.end, next: scan.next, lineCount: scan.lineCount) else { return .bad(.recordTooLong) }
            if scan.hasHighBytes && !UTF8Check.isValid(bytes.span.extracting(record)) { return .bad(.invalidUTF8) }
            if scan.hasDoubledQuotes { undoubleQuotes() }
            return .record
        case .incomplete:
            return end - start > maximalRecordByteCount ? refuse(.recordTooLong) : nil
        case .incompleteInQuotes:
            return isSourceAtEnd || end - start > maximalRecordByteCount ? refuse(.unterminatedQuote) : nil
        case .textAfterQuote: return refuse(.textAfterQuote)
        }
    }

    /// Whether the quotes of a record are those of RFC 4180, so far as it can be told yet.
    private func isQuotedWell(_ scan: DelimitedScan) -> Bool {
        switch scan.result {
        case .textAfterQuote: false
        case .incomplete: true
        case .incompleteInQuotes: !isSourceAtEnd && end - start <= Self.longestLenientRecord
        // A line break in quotes makes one record of two lines, which then has the fields of one.
        case .complete: scan.lineCount <= 1 || expectedFieldCount.map { $0 == fields.count } ?? true
        }
    }

    private mutating func scanLine() -> Outcome? {
        var position = start
        var hasEscapes = false
        var allBits: UInt8 = 0
        while position < end && bytes[position] != UInt8(ascii: "\n") {
            allBits |= bytes[position]
            hasEscapes = hasEscapes || bytes[position] == UInt8(ascii: "\\")
            position += 1
        }
        if position == end && !isSourceAtEnd {
            return end - start > maximalRecordByteCount ? refuse(.recordTooLong) : nil
        }
        let isLine = position < end
        guard accept(end: position, next: isLine ? position + 1 : end, lineCount: isLine ? 1 : 0) else {
            return .bad(.recordTooLong)
        }
        return parseObject(hasHighBytes: allBits & 0x80 != 0, hasEscapes: hasEscapes)
    }

    /// Reads `record` as a JSON object.
    private mutating func parseObject(hasHighBytes: Bool, hasEscapes: Bool) -> Outcome {
        if hasHighBytes && !UTF8Check.isValid(bytes.span.extracting(record)) { return .bad(.invalidUTF8) }
        if hasEscapes { original.append(contentsOf: bytes[record]) }
        return JSONLineParser.parse(&bytes, record, keys: &keys, fields: &fields) ? .record : .bad(.malformedJSON)
    }

    /// The next object of a JSON array.
    private mutating func scanElement() -> Outcome? {
        while start < end {
            switch bytes[start] {
            case UInt8(ascii: "\n"): nextLineNumber += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
            case UInt8(ascii: "["): isArrayOpen = true
            case UInt8(ascii: "]"): isArrayOpen = false
            case UInt8(ascii: ",") where isArrayOpen: break
            case UInt8(ascii: "{") where isArrayOpen:
                let scan = JSONObjectScan(bytes.span, from: start, limit: end)
                guard let objectEnd = scan.end else {
                    if end - start > maximalRecordByteCount { return refuse(.recordTooLong) }
                    guard isSourceAtEnd else { return nil }
                    // The file ends within an object.
                    start = end
                    return nil
                }
                guard accept(end: objectEnd, next: objectEnd, lineCount: scan.lineCount) else {
                    return .bad(.recordTooLong)
                }
                return parseObject(hasHighBytes: scan.hasHighBytes, hasEscapes: scan.hasEscapes)
            default: return refuse(.malformedJSON)
            }
            start += 1
        }
        return nil
    }

    /// Makes `start ..< end` the record and moves on to `next`; false where the record is longer than allowed.
    private mutating func accept(end recordEnd: Int, next: Int, lineCount: Int) -> Bool {
        record = start..<recordEnd
        lineNumber = nextLineNumber
        nextLineNumber += lineCount
        start = next
        return record.count <= maximalRecordByteCount
    }

    /// Refuses the line that begins at `start`, and only that line: what follows it is looked at afresh.
    private mutating func refuse(_ reason: BadRowReason) -> Outcome {
        lineNumber = nextLineNumber
        if let newline = bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")) {
            record = start..<newline
            start = newline + 1
            nextLineNumber += 1
        } else {
            record = start..<end
            isSkippingLine = true
        }
        return .bad(reason)
    }

    /// Takes the second of each pair of quotes out, in place.
    private mutating func undoubleQuotes() {
        original.append(contentsOf: bytes[record])
        for index in fields.indices where fields[index].kind == .doubledQuotes {
            var target = fields[index].start
            var position = target
            while position < fields[index].end {
                let byte = bytes[position]
                bytes[target] = byte
                target += 1
                position += byte == UInt8(ascii: "\"") ? 2 : 1
            }
            fields[index].end = target
            fields[index].kind = .text
        }
    }

    private mutating func skipBlankLines() {
        while start < end {
            if bytes[start] == UInt8(ascii: "\n") {
                start += 1
            } else if bytes[start] == UInt8(ascii: "\r") && start + 1 < end && bytes[start + 1] == UInt8(ascii: "\n") {
                start += 2
            } else {
                return
            }
            nextLineNumber += 1
        }
    }

    /// Passes over the rest of a line, window by window.
    private mutating func skipLine() throws(ReadError) {
        isSkippingLine = false
        record = 0..<0
        while true {
            if let newline = bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")) {
                start = newline + 1
                nextLineNumber += 1
                return
            }
            start = end
            if isSourceAtEnd { return }
            try refill()
        }
    }

    /// Moves what was not looked at to the front and reads behind it.
    private mutating func refill() throws(ReadError) {
        if start > 0 {
            for offset in 0..<(end - start) { bytes[offset] = bytes[start + offset] }
            end -= start
            start = 0
        }
        let count = try source.read(into: &bytes, from: end)
        end += count
        if count == 0 { isSourceAtEnd = true }
        if !isBegun { skipByteOrderMark() }
        isBegun = true
    }

    private mutating func skipByteOrderMark() {
        if end >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf { start = 3 }
    }
}

/// Where a JSON object ends, found by its brackets and strings alone.
private struct JSONObjectScan {
    /// Nil where it does not.
    private(set) var end: Int?
    private(set) var lineCount = 0
    private(set) var hasHighBytes = false
    private(set) var hasEscapes = false

    init(_ bytes: Span<UInt8>, from start: Int, limit: Int) {
        var depth = 0
        var isInString = false
        var position = start
        var allBits: UInt8 = 0
        while position < limit {
            let byte = bytes[position]
            allBits |= byte
            if byte == UInt8(ascii: "\n") { lineCount += 1 }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                position += 1
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            } else if !isInString {
                if byte == UInt8(ascii: "{") { depth += 1 }
                if byte == UInt8(ascii: "}") { depth -= 1 }
            }
            position += 1
            if depth == 0 {
                end = position
                break
            }
        }
        hasHighBytes = allBits & 0x80 != 0
    }
}
