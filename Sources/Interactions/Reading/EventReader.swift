/// Reads a file of events for a running server, by the rules that files of interactions have: columns, times, missing values,
/// numbers, formats.
///
///     eventId     eventId
///     type        as in InteractionReader      where there is none, the caller's
///     userId      as in InteractionReader      or a session
///     sessionId   as in InteractionReader
///     itemId      as in InteractionReader      or a query
///     query       query, searchQuery, searchTerm
///     recommId    recommId
///     value       as in InteractionReader
///     time        as in InteractionReader      where a row has none, the server's clock
///
/// Rows that lack who or what are bad rows. Whether a type has a weight, and whether an item is known, is the server's to say.
package struct EventReader: ~Copyable {
    private var file: RecordFile
    private let options: SourceOptions
    private let eventType: String?
    private var reading: FieldReading
    /// The file is JSON Lines of events as a server takes them, and nothing was said of how to read it: its lines may be sent one by
    /// one, by `nextLine`. Any other file is read to its end, by `table`, as its columns are judged as a whole.
    package let isStream: Bool

    /// - Parameter eventType: of rows without one.
    package init(
        path: String, options: SourceOptions = SourceOptions(), eventType: String? = nil, progress: ReadProgress? = nil
    ) throws(ReadError) {
        var opened = try RecordFile.open(path: path, content: .items, options: options, progress: progress)
        let isPlain =
            options.columns == .none && options.times.form == nil && options.ids == IdRules() && eventType == nil
            && opened.format == .jsonLines
        isStream = isPlain ? Self.isEvent(try opened.reader.firstLine()) : false
        file = opened
        self.options = options
        self.eventType = eventType
        reading = FieldReading(options.ids)
    }

    // MARK: Line by line

    /// The next line, checked; nil at the end.
    package mutating func nextLine() throws(ReadError) -> (text: [UInt8], lineNumber: Int)? {
        switch try file.reader.next() {
        case .end: return nil
        case .bad(let reason):
            throw bad("one JSON object", found: "\(reason.rawValue): \"\(BadRow.printable(file.reader.text))\"")
        case .record: break
        }
        var reading = reading
        let bytes = file.reader.bytes.span
        for part in [EventTable.Part.userId, .sessionId, .itemId] {
            let field = file.reader.field(file.reader.keys.index(of: part.name).map { Int($0) })
            guard field.kind == .text, !field.isEmpty, reading.value(field, bytes).isEmpty else { continue }
            throw bad(
                "an id in \(part.name)",
                found: "\"\(BadRow.printable(file.reader.bytes[field.range]))\", which stands for none",
                remedy: "Leave the member out, or say --missing-values keep where that is an id.")
        }
        let time = file.reader.field(file.reader.keys.index(of: "time").map { Int($0) })
        if time.kind == .number, let number = NumberParser.number(bytes.extracting(time.range)),
            !TimeReading.plausible.contains(Int64(max(-9e15, min(9e15, number))))
        {
            throw bad(
                "milliseconds since 1970 between 1980 and 2050 in time",
                found: BadRow.printable(file.reader.bytes[time.range]),
                remedy:
                    "Say what the times are by --time-format: \(TimeForm.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
        return (Array(file.reader.text), file.reader.lineNumber)
    }

    private func bad(_ expected: String, found: String, remedy: String = "Mend the line.") -> ReadError {
        ReadError(
            .badLine, operation: "read line \(file.reader.lineNumber)", path: file.reader.path, expected: expected,
            found: found, remedy: remedy)
    }

    /// Whether `text` is an object of JSON that has members of an event alone, as a server takes it.
    private static func isEvent(_ text: ArraySlice<UInt8>) -> Bool {
        var bytes = Array(text)
        var keys = IdentifierTable()
        var fields: [RecordField] = []
        guard JSONLineParser.parse(&bytes, 0..<bytes.count, keys: &keys, fields: &fields) else { return false }
        let known = EventTable.Part.allCases.map(\.name) + ["value", "time", "context"]
        return (0..<keys.count).allSatisfy { known.contains(keys.id(at: $0)) }
    }

    // MARK: As a whole

    package consuming func table() throws(ReadError) -> (table: EventTable, report: ReadReport) {
        var rows = EventRows(
            try columns(file.lookup, isComplete: !file.hasKeys),
            options, eventType: eventType)
        var keyCount = 0
        while try file.next() {
            if file.hasKeys && file.reader.keys.count > keyCount {
                keyCount = file.reader.keys.count
                rows.columns = try columns(file.reader.keyLookup, isComplete: false)
            }
            if let fault = rows.append(file.reader) { try file.refuse(fault) }
        }
        if file.hasKeys && keyCount > 0 { rows.columns = try columns(file.reader.keyLookup, isComplete: true) }
        var times: TimeReport?
        if let column = rows.columns.timeName {
            let judgement = try file.judge(rows.times, column: column, rows.table.knownTimes)
            rows.table.apply(judgement)
            times = judgement.report
        }
        let report = try file.finish(
            columns: rows.columns.mapping, times: times, notes: [rows.reading.note],
            warnings: [
                WholeNumberIds.warning(rows.table.users, of: "user"),
                WholeNumberIds.warning(rows.table.items, of: "item"),
            ])
        return (rows.table, report)
    }

    private func columns(_ lookup: ColumnLookup, isComplete: Bool) throws(ReadError) -> EventColumns {
        let columns = try EventColumns(lookup, requested: options.columns, isComplete: isComplete)
        if isComplete && columns[.type] == nil && eventType == nil {
            throw lookup.missing(
                "type", defaults: ColumnRole.type.defaultNames, advice: " Or say what all rows are: --event-type view.")
        }
        return columns
    }
}

/// Checks rows and appends the good ones to a table.
private struct EventRows {
    var columns: EventColumns
    var table = EventTable()
    private(set) var times: TimeColumn
    private(set) var reading: FieldReading
    private let numbers: NumberForm
    private let eventType: [UInt8]

    init(_ columns: EventColumns, _ options: SourceOptions, eventType: String?) {
        self.columns = columns
        times = TimeColumn(options.times)
        reading = FieldReading(options.ids)
        numbers = options.numbers
        self.eventType = Array((eventType ?? "").utf8)
    }

    mutating func append(_ reader: borrowing RecordReader) -> InteractionRows.Fault? {
        let bytes = reader.bytes.span
        let user = reading.id(reader.field(columns[.userId]), bytes)
        let session = reading.id(reader.field(columns[.sessionId]), bytes)
        let item = reading.id(reader.field(columns[.itemId]), bytes)
        if !user.isEmpty, let reason = user.fault(asId: bytes, missing: .missingUserId) { return .init(reason: reason) }
        if !session.isEmpty, let reason = session.fault(asId: bytes, missing: .missingUserId) {
            return .init(reason: reason)
        }
        if !item.isEmpty, let reason = item.fault(asId: bytes, missing: .missingItemId) { return .init(reason: reason) }
        let query = reading.value(reader.field(columns[.query]), bytes)
        if user.isEmpty && session.isEmpty { return .init(reason: .missingUserId) }
        if item.isEmpty && query.isEmpty { return .init(reason: .missingItemId) }
        let type = reading.value(reader.field(columns[.type]), bytes)
        if type.isEmpty && eventType.isEmpty { return .init(reason: .unknownEventType, detail: "no type") }
        let timeField = reading.value(reader.field(columns.time), bytes)
        var time: TimeReading?
        if !timeField.isEmpty {
            time = times.reading(of: bytes.extracting(timeField.range))
            if time == nil { return .init(timeIn: reader, timeField, column: columns.timeName) }
        }
        let valueField = reading.value(reader.field(columns.value), bytes)
        let value = valueField.isEmpty ? nil : numbers.number(valueField, bytes)
        if !valueField.isEmpty, NumberParser.fault(ofMeasure: value) != nil {
            return .init(measure: value, in: reader, valueField)
        }
        if let time {
            times.note(time, row: table.count, lineNumber: reader.lineNumber, text: reader.bytes[timeField.range])
        }
        table.append(lineNumber: reader.lineNumber, value: value, time: time?.milliseconds)
        table.set(.userId, bytes.extracting(user.range))
        table.set(.sessionId, bytes.extracting(session.range))
        table.set(.itemId, bytes.extracting(item.range))
        table.set(.query, bytes.extracting(query.range))
        if type.isEmpty {
            let name = eventType
            table.set(.type, name.span)
        } else {
            table.set(.type, bytes.extracting(type.range))
        }
        let eventId = reading.value(reader.field(columns[.eventId]), bytes)
        table.set(.eventId, bytes.extracting(eventId.range))
        let recommendation = reading.value(reader.field(columns[.recommId]), bytes)
        table.set(.recommId, bytes.extracting(recommendation.range))
        return nil
    }
}
