/// Reads a file of items: CSV, TSV or JSON Lines, plain or gzip, or a MovieLens layout.
///
/// The item's id is the column that the mapping calls `itemId`, else the first with one of its default names (see
/// `InteractionReader`). Properties are the columns that the mapping names (`title=Description`), and where it names none,
/// all columns but the id's, under their own names.
///
/// A file may have many rows for an item, as when a list of sales doubles as the catalogue. For each property the value
/// that occurs most often wins, the first seen among equals: the odd "?" or "damaged" loses against the description.
/// Empty values never count. Time and memory are linear in the rows and in the different values.
///
/// A property has one type in the whole file: number where all its values are numbers (`007` is a code, not a number),
/// boolean where all are `true` or `false`, time where all are a date or a date with time as RFC 3339 has it, strings where
/// its column is named in `listColumns` (`a|b|c`) or all are JSON arrays, else string. `SourceOptions.propertyTypes` declares others:
/// a value that is no number of a property declared to be one makes a bad row. JSON strings never become numbers or
/// booleans. Nested JSON objects are left out.
package enum ItemReader {
    /// Reads the file at `path`; the items come in the order of their first rows.
    ///
    /// `listColumns`: columns of the file whose values are lists separated by `|`.
    package static func read(
        path: String, options: SourceOptions = SourceOptions(), listColumns: [String] = [],
        progress: ReadProgress? = nil
    ) throws(ReadError) -> (items: [Item], report: ReadReport) {
        var file = try RecordFile.open(path: path, content: .items, options: options, progress: progress)
        var columns = try ItemColumns(
            file.lookup, requested: options.columns, isComplete: !file.hasKeys)
        var values = ItemValues()
        let types = options.propertyTypes
        var reading = FieldReading(options.ids)
        var keyCount = 0
        while try file.next() {
            if file.hasKeys && file.reader.keys.count > keyCount {
                keyCount = file.reader.keys.count
                columns = try ItemColumns(
                    file.reader.keyLookup, requested: options.columns, isComplete: false)
            }
            if let fault = append(file.reader, columns, types, options.numbers, &reading, to: &values) {
                try file.refuse(fault)
            }
        }
        if file.hasKeys && keyCount > 0 {
            columns = try ItemColumns(file.reader.keyLookup, requested: options.columns, isComplete: true)
        }
        for name in types.keys.sorted() where !columns.properties.contains(where: { $0.name == name }) {
            throw columns.lookup.missing(name)
        }
        let report = try file.finish(
            columns: columns.mapping, notes: [reading.note],
            warnings: [WholeNumberIds.warning(values.ids, of: "item")]
                + (file.format.isMovieLens
                    ? []
                    : values.warnings(
                        columns.properties.filter { types[$0.name] == nil }, numbers: options.numbers)))
        let items = try items(values, columns, listColumns, format: file.format, options, path: path)
        return (items, report)
    }

    private static func append(
        _ reader: borrowing RecordReader, _ columns: ItemColumns, _ types: [String: TableColumnType],
        _ numbers: NumberForm, _ reading: inout FieldReading, to values: inout ItemValues
    ) -> InteractionRows.Fault? {
        let bytes = reader.bytes.span
        let id = reading.id(reader.field(columns.id), bytes)
        if let reason = id.fault(asId: bytes, missing: .missingItemId) { return .init(reason: reason) }
        for property in types.isEmpty ? [] : columns.properties where types[property.name] == .number {
            let field = reading.value(reader.field(property.column), bytes)
            guard !field.isEmpty, numbers.number(field, bytes) == nil else { continue }
            return .init(
                reason: .unparseableNumber,
                detail: "\(property.name) \"\(BadRow.printable(reader.bytes[field.range]))\"")
        }
        let item = values.item(bytes.extracting(id.range))
        for property in columns.properties {
            let field = reading.value(reader.field(property.column), bytes)
            values.count(bytes.extracting(field.range), kind: field.kind, item: item, column: property.column)
        }
        return nil
    }

    private static func items(
        _ values: ItemValues, _ columns: ItemColumns, _ listColumns: [String], format: FileFormat,
        _ options: SourceOptions,
        path: String
    ) throws(ReadError) -> [Item] {
        let names = columns.lookup
        var lists: [Int] = []
        for name in listColumns {
            guard let index = try names.index(named: name) else { throw names.missing(name) }
            lists.append(index)
        }
        if format.isMovieLens {
            let rows = values.items(columns.properties, lists: [], isTyped: false, options)
            return rows.map { MovieLensItems.refined($0, format: format) }
        }
        return values.items(columns.properties, lists: lists, isTyped: true, options)
    }
}

/// Where in a row an item's id and properties lie.
struct ItemColumns {
    struct Property {
        let name: String
        let column: Int
    }

    let lookup: ColumnLookup
    let id: Int?
    private(set) var properties: [Property] = []

    init(_ lookup: ColumnLookup, requested: ColumnMapping, isComplete: Bool) throws(ReadError) {
        self.lookup = lookup
        if let name = requested[ColumnRole.itemId.rawValue] {
            id = try lookup.index(named: name)
            if id == nil && isComplete { throw lookup.missing(name) }
        } else {
            id = lookup.index(ofDefault: .itemId, except: [])
            if id == nil && isComplete { throw lookup.missing(.itemId) }
        }
        let named = requested.entries.filter { $0.name != ColumnRole.itemId.rawValue }
        for entry in named {
            if let column = try lookup.index(named: entry.column) {
                properties.append(Property(name: entry.name, column: column))
            } else if isComplete {
                throw lookup.missing(entry.column)
            }
        }
        guard named.isEmpty else { return }
        var seen: Set<String> = []
        for (column, name) in lookup.names.enumerated() where column != id && !name.isEmpty {
            // Of columns with the same name the first counts: an item's properties have different names.
            if seen.insert(name).inserted { properties.append(Property(name: name, column: column)) }
        }
    }

    var mapping: ColumnMapping {
        let idEntry = id.map { ColumnMapping.Entry(name: ColumnRole.itemId.rawValue, column: lookup.names[$0]) }
        let entries = properties.map { ColumnMapping.Entry(name: $0.name, column: lookup.names[$0.column]) }
        return ColumnMapping((idEntry.map { [$0] } ?? []) + entries)
    }
}
