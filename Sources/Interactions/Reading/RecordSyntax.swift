/// How a line of text splits into fields.
enum RecordSyntax: Equatable {
    case delimited(DelimitedSyntax)
    /// One JSON object a line.
    case jsonLines
    /// Objects in one JSON array.
    case jsonArray
}

struct DelimitedSyntax: Equatable {
    let delimiter: UInt8
    /// The delimiter is that byte twice, as in `::`.
    var isDoubled = false
    /// Fields may be quoted after RFC 4180; otherwise a quote is a character like any other.
    var hasQuotes = true
    /// A quote that opens no field as RFC 4180 has it is text, as in most files with tabs.
    var isLenient = false

    static let csv = DelimitedSyntax(delimiter: UInt8(ascii: ","))
    static let semicolons = DelimitedSyntax(delimiter: UInt8(ascii: ";"))
    static let tsv = DelimitedSyntax(delimiter: UInt8(ascii: "\t"), isLenient: true)
    static let plainTabs = DelimitedSyntax(delimiter: UInt8(ascii: "\t"), hasQuotes: false)
    static let plainPipes = DelimitedSyntax(delimiter: UInt8(ascii: "|"), hasQuotes: false)
    static let doubleColons = DelimitedSyntax(delimiter: UInt8(ascii: ":"), isDoubled: true, hasQuotes: false)
}

/// A field's place in the reader's buffer.
struct RecordField {
    enum Kind: UInt8 {
        /// JSON only: the key is not in this object, or its value is null.
        case absent
        case text
        /// JSON only; the bytes are the number as written.
        case number
        /// JSON only; the bytes are `true` or `false`.
        case boolean
        /// JSON only; the bytes are the array as written.
        case list
        /// JSON only; the bytes are the object as written.
        case object
        /// Text between quotes with doubled quotes still in it; never seen outside the reader.
        case doubledQuotes
    }

    var start: Int
    var end: Int
    var kind: Kind

    static let absent = RecordField(start: 0, end: 0, kind: .absent)

    var range: Range<Int> { start..<end }
    var isEmpty: Bool { start == end }

    /// Why the field, which lies in `bytes`, cannot be an id; nil where it can.
    func fault(asId bytes: Span<UInt8>, missing: BadRowReason) -> BadRowReason? {
        switch kind {
        case .absent: return missing
        case .boolean, .list, .object: return .idNotAString
        case .number:
            for position in range where bytes[position] &- UInt8(ascii: "0") > 9 && bytes[position] != UInt8(ascii: "-")
            {
                return .idNotAString
            }
        case .text, .doubledQuotes: break
        }
        switch IdentifierRules.violation(of: bytes.extracting(range)) {
        case nil: return nil
        case .empty: return missing
        case .tooLong: return .idTooLong
        case .controlCharacter: return .controlCharacterInId
        }
    }
}
