/// Reads rows of two ids and a number, and where they have it a time: CSV, TSV or JSON Lines, plain or packed. It is for files
/// that programs write: the columns have the very names that are asked for, times are milliseconds since 1970, and a row that
/// is wrong is an error.
package enum PairReader {
    /// The names of the columns.
    package struct Columns: Sendable {
        let first: String
        let second: String
        let value: String
        /// nil: the rows have no time.
        let time: String?

        package init(first: String, second: String, value: String, time: String? = nil) {
            self.first = first
            self.second = second
            self.value = value
            self.time = time
        }

        fileprivate var all: [String] { [first, second, value] + (time.map { [$0] } ?? []) }
    }

    /// Appends the rows of a file to `log`.
    package static func append(
        _ path: String, to log: inout PairLog, columns: Columns, progress: ReadProgress? = nil
    ) throws(ReadError) -> ReadReport {
        var options = SourceOptions(maxBadRows: .count(0))
        // An item may be called NULL: who writes these files has read others before.
        options.ids = IdRules(missingMarkers: "keep")
        var file = try RecordFile.open(path: path, content: .interactions, options: options, progress: progress)
        var places = try Places(columns, file.lookup, isComplete: !file.hasKeys)
        var reading = FieldReading(options.ids)
        var keyCount = 0
        while try file.next() {
            if file.hasKeys && file.reader.keys.count > keyCount {
                keyCount = file.reader.keys.count
                places = try Places(columns, file.reader.keyLookup, isComplete: false)
            }
            if let fault = append(file.reader, to: &log, places, &reading) { try file.refuse(fault) }
        }
        if file.hasKeys && keyCount > 0 { _ = try Places(columns, file.reader.keyLookup, isComplete: true) }
        let mapping = ColumnMapping(columns.all.map { .init(name: $0, column: $0) })
        return try file.finish(columns: mapping)
    }

    /// Where in a row the parts lie.
    private struct Places {
        let first: Int?
        let second: Int?
        let value: Int?
        let time: Int?
        let hasTime: Bool

        init(_ columns: Columns, _ lookup: ColumnLookup, isComplete: Bool) throws(ReadError) {
            func place(_ name: String) throws(ReadError) -> Int? {
                let index = try lookup.index(named: name)
                if index == nil && isComplete { throw lookup.missing(name) }
                return index
            }
            first = try place(columns.first)
            second = try place(columns.second)
            value = try place(columns.value)
            hasTime = columns.time != nil
            time = try columns.time.flatMap { name throws(ReadError) in try place(name) }
        }
    }

    private static func append(
        _ reader: borrowing RecordReader, to log: inout PairLog, _ places: Places, _ reading: inout FieldReading
    ) -> InteractionRows.Fault? {
        let bytes = reader.bytes.span
        let first = reading.id(reader.field(places.first), bytes)
        let second = reading.id(reader.field(places.second), bytes)
        if let reason = first.fault(asId: bytes, missing: .missingUserId) { return .init(reason: reason) }
        if let reason = second.fault(asId: bytes, missing: .missingItemId) { return .init(reason: reason) }
        let field = reader.field(places.value)
        let number = NumberParser.number(bytes.extracting(field.range))
        // What is kept is a Float: one that is none would be infinite there.
        guard let number, NumberLimits.holds(number) else { return .init(measure: number, in: reader, field) }
        var time: Int64?
        if places.hasTime {
            let field = reader.field(places.time)
            let text = String(decoding: reader.bytes[field.range], as: UTF8.self)
            guard let milliseconds = Int64(text),
                milliseconds.magnitude <= NumberLimits.greatestTimeMilliseconds.magnitude
            else { return .init(timeIn: reader, field, column: "time, in milliseconds since 1970,") }
            time = milliseconds
        }
        log.append(
            first: bytes.extracting(first.range), second: bytes.extracting(second.range), value: number, time: time)
        return nil
    }
}
