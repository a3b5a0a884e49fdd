import Spelling

/// Reads a measured series: CSV, TSV or JSON Lines, plain or gzip, a row per point in time.
///
/// The columns are those that `SourceOptions.columns` names, and by default, whatever their case, and with or without
/// `_`, `-` and spaces:
///
///     time        as in InteractionReader, day, hour
///     value       value, count, total, measure, metric     may be empty in a row: nothing was measured
package enum SeriesReader {
    enum Role: String, CaseIterable {
        case time
        case value

        var defaultNames: [String] {
            switch self {
            case .time: ColumnRole.time.defaultNames + ["day", "hour"]
            case .value: ["value", "count", "total", "measure", "metric"]
            }
        }
    }

    package static func read(
        path: String, options: SourceOptions = SourceOptions(), progress: ReadProgress? = nil
    ) throws(ReadError) -> (log: SeriesLog, report: ReadReport) {
        var file = try RecordFile.open(path: path, content: .items, options: options, progress: progress)
        var columns = try Columns(
            ColumnLookup(path: path, names: file.columnNames), options.columns, isComplete: !file.hasKeys)
        var rows = SeriesRows(options)
        var keyCount = 0
        while try file.next() {
            if file.hasKeys && file.reader.keys.count > keyCount {
                keyCount = file.reader.keys.count
                columns = try Columns(file.reader.keyLookup, options.columns, isComplete: false)
            }
            if let fault = rows.append(file.reader, columns) { try file.refuse(fault) }
        }
        if file.hasKeys && keyCount > 0 {
            columns = try Columns(file.reader.keyLookup, options.columns, isComplete: true)
        }
        let judgement = try file.judge(rows.times, column: columns.timeName ?? "time", rows.log.times)
        rows.log.apply(judgement)
        let report = try file.finish(columns: columns.mapping, times: judgement.report, notes: [rows.reading.note])
        return (rows.log, report)
    }

    /// Where in a row the parts lie.
    struct Columns {
        let time: Int?
        let value: Int?
        /// The file's name of the column of times.
        let timeName: String?
        let mapping: ColumnMapping

        /// As `InteractionColumns`: the requested ones by name, the others by their default names.
        init(_ lookup: ColumnLookup, _ requested: ColumnMapping, isComplete: Bool) throws(ReadError) {
            let names = Role.allCases.map(\.rawValue)
            for entry in requested.entries where Role(rawValue: entry.name) == nil {
                let nearest = EditDistance.nearest(to: entry.name, among: names).map { "Did you mean \($0)?" }
                throw ReadError(
                    .badOption, operation: "read the column mapping",
                    expected: "names of a series' parts: \(names.joined(separator: ", "))",
                    found: "\"\(entry.name)\"", remedy: nearest ?? "Name one of them.")
            }
            var indexes: [Role: Int] = [:]
            for role in Role.allCases {
                guard let name = requested[role.rawValue] else { continue }
                indexes[role] = try lookup.index(named: name)
                if isComplete && indexes[role] == nil { throw lookup.missing(name) }
            }
            for role in Role.allCases where requested[role.rawValue] == nil {
                indexes[role] = lookup.index(ofDefaults: role.defaultNames, except: Array(indexes.values))
                if isComplete && indexes[role] == nil {
                    throw lookup.missing(role.rawValue, defaults: role.defaultNames)
                }
            }
            time = indexes[.time]
            value = indexes[.value]
            timeName = time.map { lookup.names[$0] }
            mapping = ColumnMapping(
                Role.allCases.compactMap { role in
                    indexes[role].map { ColumnMapping.Entry(name: role.rawValue, column: lookup.names[$0]) }
                })
        }
    }
}

/// Checks rows and appends the good ones to a log.
private struct SeriesRows {
    var log = SeriesLog()
    private(set) var times: TimeColumn
    private(set) var reading: FieldReading
    private let numbers: NumberForm

    init(_ options: SourceOptions) {
        times = TimeColumn(options.times)
        reading = FieldReading(options.ids)
        numbers = options.numbers
    }

    mutating func append(
        _ reader: borrowing RecordReader, _ columns: SeriesReader.Columns
    ) -> InteractionRows.Fault? {
        let bytes = reader.bytes.span
        let timeField = reader.field(columns.time)
        guard let time = times.reading(of: bytes.extracting(timeField.range)) else {
            return .init(timeIn: reader, timeField, column: columns.timeName)
        }
        let field = reading.value(reader.field(columns.value), bytes)
        var value: Double?
        if !field.isEmpty {
            let number = numbers.number(field, bytes)
            guard let number, NumberLimits.holds(number) else { return .init(measure: number, in: reader, field) }
            value = number
        }
        times.note(time, row: log.count, lineNumber: reader.lineNumber, text: reader.bytes[timeField.range])
        log.append(time: time.milliseconds, value: value)
        return nil
    }
}
