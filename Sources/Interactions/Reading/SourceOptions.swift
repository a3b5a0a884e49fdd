/// What is the same for every kind of file.
package struct SourceOptions: Sendable {
    /// Nil: told by the file's name, or else by its first line.
    package var format: FileFormat?
    /// Nil: the format's own, which is UTF-8 save for MovieLens 100K and 1M.
    package var encoding: TextEncoding?
    /// CSV and TSV only.
    package var hasHeader = true
    /// CSV and TSV only; nil: as the format has it.
    package var quotes: QuoteRule?
    /// Of a workbook, the only sheet to read; nil: all that have the columns of the first.
    package var sheet: String?
    package var columns = ColumnMapping.none
    package var maxBadRows = MaxBadRows.standard
    package var times = TimeRules()
    package var ids = IdRules()
    package var numbers = NumberForm.plain
    /// Of items, what properties are to be read as, by their names.
    package var propertyTypes: [String: TableColumnType] = [:]
    /// A longer record is a bad row.
    package var maximalRecordByteCount = RecordReader.standardMaximalRecordByteCount

    package init(
        format: FileFormat? = nil, columns: ColumnMapping = .none, maxBadRows: MaxBadRows = .standard,
        encoding: TextEncoding? = nil, hasHeader: Bool = true
    ) {
        self.format = format
        self.columns = columns
        self.maxBadRows = maxBadRows
        self.encoding = encoding
        self.hasHeader = hasHeader
    }
}

/// What a quote is in a file with delimiters.
package enum QuoteRule: String, Sendable, CaseIterable {
    /// RFC 4180: a field in quotes may hold delimiters and line breaks; a quote in it is doubled.
    case rfc4180
    /// A character like any other.
    case none
}

/// How numbers are written.
package struct NumberForm: Sendable, Equatable {
    /// Between whole part and fraction.
    package var decimal: Separator
    /// Between groups of three digits; nil: there is nothing.
    package var grouping: Separator?

    package enum Separator: String, Sendable, CaseIterable {
        case point
        case comma
        case space
        case apostrophe

        var bytes: [UInt8] {
            switch self {
            case .point: [UInt8(ascii: ".")]
            case .comma: [UInt8(ascii: ",")]
            case .space: [UInt8(ascii: " ")]
            case .apostrophe: [UInt8(ascii: "'")]
            }
        }
    }

    package static let plain = NumberForm(decimal: .point, grouping: nil)

    package init(decimal: Separator, grouping: Separator?) {
        self.decimal = decimal
        self.grouping = grouping
    }

    var isPlain: Bool { self == .plain }

    /// Of a row's field; a number of JSON is always written in one way.
    func number(_ field: RecordField, _ bytes: Span<UInt8>) -> Double? {
        let text = bytes.extracting(field.range)
        return isPlain || field.kind == .number ? NumberParser.number(text) : number(text)
    }

    /// The number in `text`; nil where it is none, also where a group does not have three digits.
    func number(_ text: Span<UInt8>) -> Double? {
        if isPlain { return NumberParser.number(text) }
        let range = NumberParser.trimmed(text)
        var plain: [UInt8] = []
        var digitsInGroup: Int?
        for position in range {
            let byte = text[position]
            if byte == decimal.bytes[0] {
                guard !plain.contains(UInt8(ascii: ".")), digitsInGroup == nil || digitsInGroup == 3 else { return nil }
                plain.append(UInt8(ascii: "."))
                digitsInGroup = nil
            } else if let grouping, byte == grouping.bytes[0] {
                let hasDigits = plain.contains { $0 &- UInt8(ascii: "0") < 10 }
                guard hasDigits, !plain.contains(UInt8(ascii: ".")), digitsInGroup == nil || digitsInGroup == 3 else {
                    return nil
                }
                digitsInGroup = 0
            } else {
                if byte == UInt8(ascii: ".") { return nil }
                plain.append(byte)
                digitsInGroup = digitsInGroup.map { $0 + 1 }
            }
        }
        guard digitsInGroup == nil || digitsInGroup == 3 else { return nil }
        return NumberParser.number(plain.span)
    }

    /// What to say where `text` is no number but may be one in another form; "" where it is none in any.
    static func advice(_ text: String) -> String {
        let bytes = Array(text.utf8)
        // Digits, a comma and three digits are a number in two of the forms.
        let fitting = forms.filter { $0.0.number(bytes.span) != nil }.map(\.1)
        return fitting.isEmpty ? "" : "\"\(text)\" would be a number by \(fitting.joined(separator: " or "))."
    }

    private static var forms: [(NumberForm, String)] {
        [
            (NumberForm(decimal: .comma, grouping: nil), "--decimal comma"),
            (NumberForm(decimal: .point, grouping: .comma), "--thousands comma"),
            (NumberForm(decimal: .comma, grouping: .point), "--decimal comma --thousands point"),
            (NumberForm(decimal: .comma, grouping: .space), "--decimal comma --thousands space"),
            (NumberForm(decimal: .point, grouping: .apostrophe), "--thousands apostrophe"),
            (NumberForm(decimal: .point, grouping: .space), "--thousands space"),
        ]
    }

    /// The forms that numbers also have, and the options that say so.
    static func others(than form: NumberForm) -> [(form: NumberForm, option: String)] {
        let all = form.isPlain ? forms : forms + [(.plain, "--decimal point without --thousands")]
        return all.filter { $0.0 != form }.map { (form: $0.0, option: $0.1) }
    }
}
