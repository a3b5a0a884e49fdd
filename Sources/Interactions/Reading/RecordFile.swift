/// A file opened as records with named columns.
struct RecordFile: ~Copyable {
    var reader: RecordReader
    let format: FileFormat
    /// The columns' names; for JSON Lines empty, as its keys come with the rows.
    let columnNames: [String]
    let hasKeys: Bool
    private(set) var badRows = BadRowTally()
    private(set) var rowCount = 0
    private let maxBadRows: MaxBadRows

    /// As many as JSON Lines may have keys; a header with more is some other kind of file.
    private static let maximalColumnCount = JSONLineParser.maximalKeyCount

    private init(
        reader: consuming RecordReader, format: FileFormat, columnNames: [String], hasKeys: Bool, maxBadRows: MaxBadRows
    ) {
        self.reader = reader
        self.format = format
        self.columnNames = columnNames
        self.hasKeys = hasKeys
        self.maxBadRows = maxBadRows
    }

    static func open(
        path: String, content: FileLayout.Content, options: SourceOptions, progress: ReadProgress?
    ) throws(ReadError) -> RecordFile {
        let encoding = options.encoding ?? options.format?.standardEncoding ?? .utf8
        let source = try TextSource.open(path: path, encoding: encoding, progress: progress)
        var reader = RecordReader(
            source: source, syntax: .jsonLines, maximalRecordByteCount: options.maximalRecordByteCount)
        let firstLine = try reader.firstLine()
        if firstLine.isEmpty {
            throw ReadError(
                .emptyFile, operation: "read the file", path: path, expected: "at least one row",
                found: "an empty file (\(reader.fingerprint.byteCount) bytes, no text)",
                remedy: "Check what should have written it.")
        }
        let format = options.format ?? FileFormat.detected(path: path, firstLine: firstLine)
        let layout = FileLayout(format, content, hasHeader: options.hasHeader, firstLine: firstLine)
        reader.syntax = layout.syntax
        let (columnNames, hasKeys) = try columnNames(&reader, layout.header)
        return RecordFile(
            reader: reader, format: format, columnNames: columnNames, hasKeys: hasKeys, maxBadRows: options.maxBadRows)
    }

    private static func columnNames(
        _ reader: inout RecordReader, _ header: FileLayout.Header
    ) throws(ReadError) -> (names: [String], hasKeys: Bool) {
        switch header {
        case .keys: return ([], true)
        case .firstLine: return (try headerNames(&reader), false)
        case .numbered: return ((0..<(try peekFieldCount(&reader))).map { "\($0 + 1)" }, false)
        case .fixed(let variants):
            let count = try peekFieldCount(&reader)
            return (variants.first { $0.count == count } ?? variants.first ?? [], false)
        }
    }

    /// Moves on to the next row that can be split; rows that cannot are counted. False at the end.
    mutating func next() throws(ReadError) -> Bool {
        while true {
            switch try reader.next() {
            case .end: return false
            case .bad(let reason):
                rowCount += 1
                try refuse(reason)
            case .record:
                rowCount += 1
                if hasKeys || reader.fields.count == columnNames.count { return true }
                try refuse(.columnCount, detail: "\(reader.fields.count) fields instead of \(columnNames.count)")
            }
        }
    }

    /// Counts the current row as bad.
    mutating func refuse(_ reason: BadRowReason, detail: String = "") throws(ReadError) {
        badRows.add(reason, lineNumber: reader.lineNumber, detail: detail, record: reader.text)
        try checkBadRows(atEnd: false, columns: .none)
    }

    /// The report of a file read to its end; throws where too many rows were bad or none was good.
    func finish(columns: ColumnMapping) throws(ReadError) -> ReadReport {
        if rowCount == 0 {
            throw ReadError(
                .headerOnly, operation: "read the file", path: reader.path, expected: "rows after the header",
                found: "a header and nothing else", remedy: "Check what should have written the rows.")
        }
        try checkBadRows(atEnd: true, columns: columns)
        let report = report(columns: columns)
        if report.goodRowCount == 0 {
            throw ReadError(
                .noUsableRow, operation: "read the file", path: reader.path, expected: "at least one good row",
                found: "\(rowCount) bad ones (\(Self.summary(badRows)))",
                remedy: "Check the format and the column mapping.", report: report)
        }
        return report
    }

    private func report(columns: ColumnMapping) -> ReadReport {
        ReadReport(
            path: reader.path, format: format, rowCount: rowCount, badRows: badRows, fingerprint: reader.fingerprint,
            columns: columns)
    }

    private func checkBadRows(atEnd: Bool, columns: ColumnMapping) throws(ReadError) {
        guard maxBadRows.isExceeded(bad: badRows.total, rows: rowCount, atEnd: atEnd) else { return }
        let first = badRows.samples.first.map { row in
            " First: line \(row.lineNumber): \(row.reason.rawValue)\(row.detail.isEmpty ? "" : " (\(row.detail))"): \(row.text)"
        }
        throw ReadError(
            .tooManyBadRows, operation: "read the file", path: reader.path,
            expected: "at most \(maxBadRows) bad rows",
            found: "\(badRows.total) of \(rowCount) rows\(atEnd ? "" : " so far") (\(Self.summary(badRows)))",
            remedy: "Mend the rows, correct the format or the column mapping, or allow more bad rows.\(first ?? "")",
            report: report(columns: columns))
    }

    private static func summary(_ badRows: BadRowTally) -> String {
        badRows.countsByReason.map { "\($0.reason.rawValue) \($0.count)" }.joined(separator: ", ")
    }

    private static func headerNames(_ reader: inout RecordReader) throws(ReadError) -> [String] {
        let outcome = try reader.next()
        guard case .record = outcome else {
            if case .bad(.recordTooLong) = outcome {
                throw ReadError(
                    .badHeader, operation: "read the header", path: reader.path,
                    expected: "a first line of at most \(reader.maximalRecordByteCount) bytes",
                    found: "a longer one, beginning \"\(BadRow.printable(reader.text))\"",
                    remedy: "Check that the file has line ends and is what --format says.")
            }
            throw ReadError(
                .badHeader, operation: "read the header", path: reader.path, expected: "column names in UTF-8",
                found: "\"\(BadRow.printable(reader.text))\"",
                remedy: "Check the encoding and the quotes of the first line.")
        }
        guard reader.fields.count <= maximalColumnCount else {
            throw ReadError(
                .badHeader, operation: "read the header", path: reader.path,
                expected: "at most \(maximalColumnCount) columns", found: "\(reader.fields.count)",
                remedy: "Check the format, or leave columns out.")
        }
        return reader.fields.map { field in
            let bytes = reader.bytes.span.extracting(field.range)
            let trimmed = NumberParser.trimmed(bytes)
            return String(
                decoding: reader.bytes[(field.start + trimmed.lowerBound)..<(field.start + trimmed.upperBound)],
                as: UTF8.self)
        }
    }

    /// The number of fields of the first record, which is read again by `next`; 0 where it cannot be split.
    private static func peekFieldCount(_ reader: inout RecordReader) throws(ReadError) -> Int {
        let outcome = try reader.next()
        reader.unread(outcome)
        guard case .record = outcome else { return 0 }
        return reader.fields.count
    }
}

/// What is the same for every kind of file.
package struct SourceOptions: Sendable {
    /// Nil: told by the file's name, or else by its first line.
    package var format: FileFormat?
    /// Nil: the format's own, which is UTF-8 save for MovieLens 100K and 1M.
    package var encoding: TextEncoding?
    /// CSV and TSV only.
    package var hasHeader = true
    package var columns = ColumnMapping.none
    package var maxBadRows = MaxBadRows.standard
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
