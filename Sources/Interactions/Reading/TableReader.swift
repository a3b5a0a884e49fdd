import Spelling

/// One column of a table, one element a row.
package struct TableColumn: Sendable, Equatable {
    package enum Values: Sendable, Equatable {
        /// NaN where the row has none.
        case numbers([Double])
        /// Indexes of `names`, -1 where the row has none; the names in the order in which they were met.
        case categories([Int32], names: [String])
    }

    package let name: String
    package let values: Values
    /// The first number beyond `NumberLimits.greatestMagnitude`, and its line: a column that has one, as of long codes, is one
    /// of words and not of numbers.
    package let tooLarge: TooLarge?

    package struct TooLarge: Sendable, Equatable {
        package let text: String
        package let lineNumber: Int
    }

    /// As numbers; truth values count 0 and 1 (`true`, `FALSE`). Nil for a column of other words.
    package var numbers: [Double]? {
        switch values {
        case .numbers(let numbers): return numbers
        case .categories(let indexes, let names):
            let truths = names.map { $0.lowercased() == "true" ? 1.0 : $0.lowercased() == "false" ? 0.0 : nil }
            guard truths.allSatisfy({ $0 != nil }) else { return nil }
            return indexes.map { $0 < 0 ? .nan : truths[Int($0)] ?? .nan }
        }
    }
}

extension TableColumn {
    /// As text: "" where the row has none.
    package var texts: [String] {
        switch values {
        case .categories(let indexes, let names): indexes.map { $0 < 0 ? "" : names[Int($0)] }
        case .numbers(let numbers): numbers.map(Self.text)
        }
    }

    /// As times, milliseconds since 1970, in the forms that interactions may have; nil where a row has none of these.
    package var milliseconds: [Int64]? {
        var times: [Int64] = []
        for text in texts {
            guard let time = TimestampParser.milliseconds(Array(text.utf8).span) else { return nil }
            times.append(time)
        }
        return times
    }

    private static func text(_ number: Double) -> String {
        if number.isNaN { return "" }
        return number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)"
    }
}

/// Reads a file of rows with any columns: CSV, with semicolons too, TSV or JSON Lines, plain or gzip. A column is one of
/// numbers where all that it holds are numbers, else one of categories. Memory is linear in the rows and in the different
/// values.
package enum TableReader {
    /// - Parameter wanted: names of columns; nil for all. A name that the file does not have is an error.
    package static func read(
        path: String, columns wanted: [String]? = nil, options: SourceOptions = SourceOptions(),
        progress: ReadProgress? = nil
    ) throws(ReadError) -> (columns: [TableColumn], report: ReadReport) {
        var file = try RecordFile.open(path: path, content: .items, options: options, progress: progress)
        var names = file.columnNames
        var drafts = names.map { _ in ColumnDraft() }
        var rowCount = 0
        while try file.next() {
            if file.hasKeys {
                names = (0..<file.reader.keys.count).map { file.reader.keys.id(at: $0) }
                while drafts.count < names.count { drafts.append(ColumnDraft(emptyRowCount: rowCount)) }
            }
            let bytes = file.reader.bytes.span
            for column in drafts.indices {
                drafts[column].append(
                    bytes.extracting(file.reader.field(column).range), lineNumber: file.reader.lineNumber)
            }
            rowCount += 1
        }
        let lookup = ColumnLookup(path: path, names: names)
        var chosen = Array(names.indices)
        if let wanted {
            chosen = []
            for name in wanted {
                guard let column = try lookup.index(named: name) else { throw lookup.missing(name) }
                chosen.append(column)
            }
        }
        let report = try file.finish(columns: .none)
        return (chosen.map { drafts[$0].column(named: names[$0]) }, report)
    }
}

private struct ColumnDraft {
    private var texts = IdentifierTable()
    private var indexes: [Int32]
    /// Of each different text, the line that it was met on first.
    private var lineNumbers: [Int] = []

    init(emptyRowCount: Int = 0) { indexes = Array(repeating: -1, count: emptyRowCount) }

    mutating func append(_ text: Span<UInt8>, lineNumber: Int) {
        indexes.append(text.isEmpty ? -1 : texts.intern(text))
        if texts.count > lineNumbers.count { lineNumbers.append(lineNumber) }
    }

    /// Numbers are parsed once for each different text.
    func column(named name: String) -> TableColumn {
        let names = (0..<texts.count).map { texts.id(at: $0) }
        let numbers = names.compactMap { NumberParser.number($0) }
        guard numbers.count == names.count else {
            return TableColumn(name: name, values: .categories(indexes, names: names), tooLarge: nil)
        }
        if let place = numbers.firstIndex(where: { !NumberLimits.holds($0) }) {
            return TableColumn(
                name: name, values: .categories(indexes, names: names),
                tooLarge: .init(text: names[place], lineNumber: lineNumbers[place]))
        }
        return TableColumn(
            name: name, values: .numbers(indexes.map { $0 < 0 ? .nan : numbers[Int($0)] }), tooLarge: nil)
    }
}
