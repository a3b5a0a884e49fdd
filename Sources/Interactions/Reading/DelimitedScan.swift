/// One record of delimited text, found by one pass over the bytes.
struct DelimitedScan {
    enum Result {
        case complete
        /// More bytes are needed.
        case incomplete
        /// More bytes are needed, and a quote is open.
        case incompleteInQuotes
        case textAfterQuote
    }

    private(set) var result = Result.complete
    /// Where the record's text ends, without its line break.
    private(set) var end: Int
    /// Where the next record begins.
    private(set) var next: Int
    /// Line breaks passed, those in quotes included.
    private(set) var lineCount = 0
    private(set) var hasDoubledQuotes = false
    /// The record holds a byte of 0x80 or more.
    var hasHighBytes: Bool { allBits & 0x80 != 0 }
    private var allBits: UInt8 = 0
    private var position: Int

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let quote = UInt8(ascii: "\"")

    /// Scans the record that begins at `start`. `isAtEnd`: no bytes follow `limit`, so a missing last line break is
    /// no reason to wait; an open quote is `incompleteInQuotes` all the same.
    init(
        _ bytes: Span<UInt8>, from start: Int, limit: Int, isAtEnd: Bool, syntax: DelimitedSyntax,
        fields: inout [RecordField]
    ) {
        position = start
        end = start
        next = start
        fields.removeAll(keepingCapacity: true)
        var isRecordOpen = true
        while isRecordOpen {
            if syntax.hasQuotes && position < limit && bytes[position] == Self.quote {
                isRecordOpen = scanQuoted(bytes, limit, isAtEnd, syntax, &fields)
            } else {
                isRecordOpen = scanPlain(bytes, limit, isAtEnd, syntax, &fields)
            }
        }
    }

    /// Scans an unquoted field; returns whether the record goes on.
    private mutating func scanPlain(
        _ bytes: Span<UInt8>, _ limit: Int, _ isAtEnd: Bool, _ syntax: DelimitedSyntax, _ fields: inout [RecordField]
    ) -> Bool {
        let start = position
        var position = position
        var allBits = allBits
        let delimiter = syntax.delimiter
        let newline = Self.newline
        defer {
            self.position = position
            self.allBits = allBits
        }
        while position < limit {
            let byte = bytes[position]
            if byte == delimiter {
                if !syntax.isDoubled {
                    fields.append(RecordField(start: start, end: position, kind: .text))
                    position += 1
                    return true
                }
                if position + 1 < limit && bytes[position + 1] == delimiter {
                    fields.append(RecordField(start: start, end: position, kind: .text))
                    position += 2
                    return true
                }
            } else if byte == newline {
                end = position > start && bytes[position - 1] == Self.carriageReturn ? position - 1 : position
                fields.append(RecordField(start: start, end: end, kind: .text))
                next = position + 1
                lineCount += 1
                return false
            }
            allBits |= byte
            position += 1
        }
        guard isAtEnd else {
            result = .incomplete
            return false
        }
        end = limit > start && bytes[limit - 1] == Self.carriageReturn ? limit - 1 : limit
        fields.append(RecordField(start: start, end: end, kind: .text))
        next = limit
        return false
    }

    /// Scans a quoted field, which begins at `position`; returns whether the record goes on.
    private mutating func scanQuoted(
        _ bytes: Span<UInt8>, _ limit: Int, _ isAtEnd: Bool, _ syntax: DelimitedSyntax, _ fields: inout [RecordField]
    ) -> Bool {
        let start = position + 1
        var kind = RecordField.Kind.text
        position += 1
        while true {
            guard position < limit else {
                result = .incompleteInQuotes
                return false
            }
            let byte = bytes[position]
            allBits |= byte
            position += 1
            if byte == Self.newline { lineCount += 1 }
            guard byte == Self.quote else { continue }
            // Whether this quote closes the field shows only in the next byte.
            if position == limit && !isAtEnd {
                result = .incompleteInQuotes
                return false
            }
            if position < limit && bytes[position] == Self.quote {
                kind = .doubledQuotes
                hasDoubledQuotes = true
                position += 1
            } else {
                break
            }
        }
        fields.append(RecordField(start: start, end: position - 1, kind: kind))
        return scanAfterQuote(bytes, limit, isAtEnd, syntax)
    }

    /// A closing quote may be followed by a delimiter, a line break or the end of the text.
    private mutating func scanAfterQuote(
        _ bytes: Span<UInt8>, _ limit: Int, _ isAtEnd: Bool, _ syntax: DelimitedSyntax
    ) -> Bool {
        end = position
        if position < limit && bytes[position] == syntax.delimiter && !syntax.isDoubled {
            position += 1
            return true
        }
        if position < limit && bytes[position] == Self.carriageReturn { position += 1 }
        if position == limit {
            next = limit
            if !isAtEnd { result = .incomplete }
        } else if bytes[position] == Self.newline {
            next = position + 1
            lineCount += 1
        } else {
            result = .textAfterQuote
        }
        return false
    }
}
