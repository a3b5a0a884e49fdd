/// A file opened as records with named columns.
struct RecordFile: ~Copyable {
    var reader: RecordReader
    let format: FileFormat
    /// The columns' names; for JSON Lines empty, as its keys come with the rows.
    let columnNames: [String]
    let hasKeys: Bool
    private(set) var badRows = BadRowTally()
    private(set) var rowCount = 0
    /// Lines that repeat the header, as `cat a.csv b.csv` makes them.
    private var repeatedHeaderCount = 0
    private let headerBytes: [[UInt8]]
    private let maxBadRows: MaxBadRows

    /// As many as JSON Lines may have keys; a header with more is some other kind of file.
    private static let maximalColumnCount = JSONLineParser.maximalKeyCount

    private init(
        reader: consuming RecordReader, format: FileFormat, columnNames: [String], hasKeys: Bool, hasHeader: Bool,
        maxBadRows: MaxBadRows
    ) {
        headerBytes = hasHeader ? columnNames.map { Array($0.utf8) } : []
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
        let source = try TextSource.open(
            path: path, encoding: encoding, sheet: options.sheet, progress: progress)
        var reader = RecordReader(
            source: source, syntax: .jsonLines, maximalRecordByteCount: options.maximalRecordByteCount)
        let firstLine = try reader.firstLine()
        if firstLine.isEmpty {
            throw ReadError(
                .emptyFile, operation: "read the file", path: path, expected: "at least one row",
                found: "an empty file (\(reader.fingerprint.byteCount) bytes, no text)",
                remedy: "Check what should have written it.")
        }
        if let place = firstLine.firstIndex(of: UInt8(ascii: "\r")),
            firstLine[place...].contains(where: { $0 != UInt8(ascii: "\r") }),
            !firstLine.contains(UInt8(ascii: "\"")), !firstLine.contains(UInt8(ascii: "{"))
        {
            throw ReadError(
                .badHeader, operation: "read the header", path: path, expected: "lines that end with LF or CR LF",
                found: "lines that end with CR alone, as old programs write them",
                remedy: "Convert it: tr '\\r' '\\n' < \(path) > rows.csv")
        }
        let format =
            options.format ?? (reader.isWorkbook ? .csv : FileFormat.detected(path: path, firstLine: firstLine))
        let layout = FileLayout(format, content, hasHeader: options.hasHeader, firstLine: firstLine)
        reader.syntax = layout.syntax(quotes: options.quotes)
        let (columnNames, hasKeys) = try columnNames(&reader, layout.header)
        reader.expectedFieldCount = hasKeys ? nil : columnNames.count
        var hasHeader = false
        if case .firstLine = layout.header { hasHeader = true }
        return RecordFile(
            reader: reader, format: format, columnNames: columnNames, hasKeys: hasKeys, hasHeader: hasHeader,
            maxBadRows: options.maxBadRows)
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

    /// The header's columns.
    var lookup: ColumnLookup {
        ColumnLookup(
            path: reader.path, names: columnNames,
            advice: reader.isWorkbook
                ? " The first row of the first sheet names a workbook's columns: --sheet names another sheet, and rows above "
                    + "the columns' names are to be removed." : "")
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
                if isRepeatedHeader {
                    repeatedHeaderCount += 1
                    continue
                }
                rowCount += 1
                if hasKeys || reader.fields.count == columnNames.count { return true }
                try refuse(.columnCount, detail: "\(reader.fields.count) fields instead of \(columnNames.count)")
            }
        }
    }

    /// Counts the current row as bad.
    mutating func refuse(_ fault: InteractionRows.Fault) throws(ReadError) {
        try refuse(fault.reason, detail: fault.detail, isApart: fault.isApart)
    }

    /// - Parameter isApart: the row is as it should be, but of no use here: an order of a guest, a return.
    mutating func refuse(_ reason: BadRowReason, detail: String = "", isApart: Bool = false) throws(ReadError) {
        badRows.add(
            reason, lineNumber: reader.lineNumber, detail: detail, record: reader.text, isApart: isApart)
        if !isApart { try checkBadRows(atEnd: false, columns: .none) }
    }

    /// Judges the times of the rows that were appended; those that are none are counted as bad.
    mutating func judge(
        _ times: TimeColumn, column: String, _ milliseconds: [Int64]
    ) throws(ReadError) -> TimeColumn.Judgement {
        let judgement = try times.judged(column: column, path: reader.path, times: milliseconds)
        for doubt in judgement.refused {
            badRows.add(
                doubt.reason, lineNumber: doubt.lineNumber, detail: column, record: Array(doubt.text.utf8)[...],
                isApart: false)
        }
        return judgement
    }

    private var isRepeatedHeader: Bool {
        guard let first = headerBytes.first, reader.fields.count == headerBytes.count,
            reader.fields[0].range.count == first.count
        else { return false }
        for (field, name) in zip(reader.fields, headerBytes) where !reader.bytes[field.range].elementsEqual(name) {
            return false
        }
        return true
    }

    /// The report of a file read to its end; throws where too many rows were bad or none was good.
    func finish(
        columns: ColumnMapping, times: TimeReport? = nil, notes: [String?] = [], warnings: [String?] = []
    ) throws(ReadError) -> ReadReport {
        if rowCount == 0 {
            throw ReadError(
                .headerOnly, operation: "read the file", path: reader.path, expected: "rows after the header",
                found: "a header and nothing else", remedy: "Check what should have written the rows.")
        }
        try checkBadRows(atEnd: true, columns: columns)
        var report = report(columns: columns)
        report.times = times
        report.notes = ([reader.sourceNote] + notes).compactMap { $0 }
        if repeatedHeaderCount > 0 { report.notes.append("repeated headers passed over: \(repeatedHeaderCount)") }
        report.warnings =
            ([reader.sourceWarning] + warnings).compactMap { $0 }
            + (times?.warnings ?? []).map { "column \(times?.column ?? ""): \($0)" }
        let names = hasKeys ? reader.keyLookup.names : columnNames
        report.unusedColumns =
            names.filter { name in !columns.entries.contains { $0.column == name } }
        if report.goodRowCount == 0 {
            throw ReadError(
                .noUsableRow, operation: "read the file", path: reader.path, expected: "at least one good row",
                found: "\(rowCount) bad ones (\(Self.summary(badRows)))",
                remedy: "Check the format and the column mapping.\(advice)", report: report)
        }
        return report
    }

    private func report(columns: ColumnMapping) -> ReadReport {
        ReadReport(
            path: reader.path, format: format, rowCount: rowCount, badRows: badRows, fingerprint: reader.fingerprint,
            columns: columns)
    }

    private func checkBadRows(atEnd: Bool, columns: ColumnMapping) throws(ReadError) {
        guard maxBadRows.isExceeded(bad: badRows.faultCount, rows: rowCount, atEnd: atEnd) else { return }
        let first = badRows.samples.first.map { row in
            " First: line \(row.lineNumber): \(row.reason.rawValue)\(row.detail.isEmpty ? "" : " (\(row.detail))"): \(row.text)"
        }
        throw ReadError(
            .tooManyBadRows, operation: "read the file", path: reader.path,
            expected: "at most \(maxBadRows) bad rows",
            found: "\(badRows.total) of \(rowCount) rows\(atEnd ? "" : " so far") (\(Self.summary(badRows)))",
            remedy: "Mend the rows, correct the format or the column mapping (--columns), or allow more by "
                + "--max-bad-rows.\(advice)\(first ?? "")",
            report: report(columns: columns))
    }

    /// What the kinds of bad rows have in common.
    private var advice: String {
        var advice = ""
        if badRows[.unparseableTime] > 0 || badRows[.implausibleTime] > 0 {
            advice += " Times may be \(TimeForm.accepted). --time-format takes all times as they are."
        }
        if badRows[.missingUserId] + badRows[.missingItemId] + badRows[.missingOrderId] > 0 {
            advice += " Cells such as nan, NULL and - count as missing; --missing-values says which do, 'keep' none."
        }
        if badRows[.invalidUTF8] > 0 { advice += " " + TextEncoding.advice }
        if badRows[.unparseableNumber] > 0, let row = badRows.samples.first(where: { $0.reason == .unparseableNumber })
        {
            let found = NumberForm.advice(row.detail)
            advice += found.isEmpty ? "" : " " + found
        }
        if badRows[.idNotAString] > 0 {
            advice +=
                " Ids are strings or whole numbers; 17850.0, as programs with numbers for ids write it, is one by "
                + "--whole-ids."
        }
        if badRows[.unknownEventType] > 0 { advice += " --event-weights gives types a weight." }
        return advice
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
                remedy: "Check the quotes of the first line. \(TextEncoding.advice)")
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
