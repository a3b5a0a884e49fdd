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

    /// Of a column of words of which at least half the cells are numbers, or would be in another form, the first that is none.
    package let misfit: Misfit?
    /// Cells without a value.
    package let missingCount: Int

    init(name: String, values: Values, tooLarge: TooLarge? = nil, misfit: Misfit? = nil, missingCount: Int) {
        self.name = name
        self.values = values
        self.tooLarge = tooLarge
        self.misfit = misfit
        self.missingCount = missingCount
    }

    package struct Misfit: Sendable, Equatable {
        package let text: String
        package let lineNumber: Int
        package let count: Int
        package let numberCount: Int
        /// The option by which more cells would be numbers; "" where there is none.
        package let form: String
        /// How the text would be a number; "" where it would not.
        package var advice: String {
            if !form.isEmpty { return "By \(form) more cells would be numbers." }
            return NumberForm.advice(text)
        }
    }

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

    /// As times, milliseconds since 1970, judged as the times of interactions are; every row must have one.
    package func times(
        _ rules: TimeRules, path: String
    ) throws(ReadError) -> (milliseconds: [Int64], report: TimeReport) {
        var column = TimeColumn(rules)
        var times: [Int64] = []
        for (row, text) in texts.enumerated() {
            let bytes = Array(text.utf8)
            guard let reading = column.reading(of: bytes.span) else {
                throw noTime(path, row: row, text: text)
            }
            column.note(reading, row: row, lineNumber: row + 2, text: bytes[...])
            times.append(reading.milliseconds)
        }
        let judgement = try column.judged(column: name, path: path, times: times)
        if let doubt = judgement.refused.first { throw noTime(path, row: doubt.row, text: doubt.text) }
        for change in judgement.changes { times[change.row] = change.milliseconds }
        return (times, judgement.report)
    }

    private func noTime(_ path: String, row: Int, text: String) -> ReadError {
        ReadError(
            .ambiguousTimes, operation: "read the times in the column \"\(name)\"", path: path,
            expected: "a time in every row", found: "\"\(BadRow.printable(Array(text.utf8)[...]))\" in row \(row + 1)",
            remedy: "Times may be \(TimeForm.accepted). --time-format takes all times as they are.")
    }

    private static func text(_ number: Double) -> String {
        if number.isNaN { return "" }
        return number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)"
    }

    /// Whether every row has a whole number of its own: such a column tells rows apart, and nothing of them.
    package var isIdLike: Bool {
        guard case .numbers(let numbers) = values, numbers.count >= Self.leastIdCount else { return false }
        guard numbers.allSatisfy({ $0 == $0.rounded() && $0.magnitude < 1e15 }) else { return false }
        return Set(numbers).count == numbers.count
    }

    /// Whether the whole numbers also follow upon each other without a gap, in any order, as numbers of rows do.
    package var isNumbering: Bool {
        guard isIdLike, case .numbers(let numbers) = values, let least = numbers.min(), let greatest = numbers.max()
        else {
            return false
        }
        return greatest - least == Double(numbers.count - 1)
    }

    /// Of fewer rows, different numbers may be chance.
    private static let leastIdCount = 20

    /// Numbers with the gaps filled by the median of the others; nil where more than half are missing.
    package var filledNumbers: [Double]? {
        guard let numbers else { return nil }
        let known = numbers.filter { !$0.isNaN }.sorted()
        guard 2 * known.count >= numbers.count, let last = known.last else { return nil }
        if known.count == numbers.count { return numbers }
        let middle = known.count / 2
        let median =
            known.count % 2 == 1
            ? known[middle] : (known[middle - 1] + (middle < known.count ? known[middle] : last)) / 2
        return numbers.map { $0.isNaN ? median : $0 }
    }
}

/// What a column is to be read as.
package enum TableColumnType: String, Sendable, CaseIterable {
    case number
    case text
}

/// Reads a file of rows with any columns: CSV, with semicolons too, TSV or JSON Lines, plain or gzip. A column is one of
/// numbers where all that it holds are numbers, else one of categories. Memory is linear in the rows and in the different
/// values.
package enum TableReader {
    /// - Parameters:
    ///   - wanted: names of columns; nil for all. A name that the file does not have is an error.
    ///   - types: what columns are to be read as, by their names. A cell of another type is then an error.
    package static func read(
        path: String, columns wanted: [String]? = nil, types: [String: TableColumnType] = [:],
        options: SourceOptions = SourceOptions(), progress: ReadProgress? = nil
    ) throws(ReadError) -> (columns: [TableColumn], report: ReadReport) {
        var file = try RecordFile.open(path: path, content: .items, options: options, progress: progress)
        var names = file.columnNames
        var drafts = names.map { _ in ColumnDraft() }
        var rowCount = 0
        var reading = FieldReading(options.ids)
        while try file.next() {
            if file.hasKeys {
                names = (0..<file.reader.keys.count).map { file.reader.keys.id(at: $0) }
                while drafts.count < names.count { drafts.append(ColumnDraft(emptyRowCount: rowCount)) }
            }
            let bytes = file.reader.bytes.span
            for column in drafts.indices {
                let field = reading.value(file.reader.field(column), bytes)
                drafts[column].append(bytes.extracting(field.range), lineNumber: file.reader.lineNumber)
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
        for name in types.keys.sorted() {
            guard try lookup.index(named: name) != nil else { throw lookup.missing(name) }
        }
        let columns = chosen.map { drafts[$0].column(named: names[$0], type: types[names[$0]], options.numbers) }
        for column in columns where types[column.name] == .number {
            guard let misfit = column.misfit else { continue }
            throw ReadError(
                .badLine, operation: "read the column \"\(column.name)\"", path: path,
                expected: "a number in every row",
                found: "\"\(misfit.text)\" on line \(misfit.lineNumber)",
                remedy: "Mend the cell or clear it. \(misfit.advice)")
        }
        var report = try file.finish(columns: .none, notes: [reading.note])
        report.unusedColumns = []
        return (columns, report)
    }
}

private struct ColumnDraft {
    private var texts = IdentifierTable()
    private var indexes: [Int32]
    /// Of each different text, the line that it was met on first.
    private var lineNumbers: [Int] = []

    /// Where so many cells are numbers, the others are mistakes.
    private static let numberShare = 0.5

    init(emptyRowCount: Int = 0) { indexes = Array(repeating: -1, count: emptyRowCount) }

    mutating func append(_ text: Span<UInt8>, lineNumber: Int) {
        indexes.append(text.isEmpty ? -1 : texts.intern(text))
        if texts.count > lineNumbers.count { lineNumbers.append(lineNumber) }
    }

    /// The options by which the most cells would be numbers, and how many; "" where none makes more of them than there are.
    private func otherForm(_ form: NumberForm, _ numberCount: Int) -> (options: String, count: Int) {
        var best = (options: [String](), count: numberCount)
        for (other, option) in NumberForm.others(than: form) where mayBe(other) {
            let isNumber = (0..<texts.count).map { other.number(texts.bytes(at: $0).span) != nil }
            let count = indexes.count { $0 >= 0 && isNumber[Int($0)] }
            if count > best.count {
                best = ([option], count)
            } else if count == best.count && !best.options.isEmpty
                && !best.options.contains(where: { option.hasPrefix($0) })
            {
                // Digits, a comma and three digits are a number in two forms.
                best.options.append(option)
            }
        }
        return (best.options.joined(separator: " or "), best.count)
    }

    /// Whether some of the first texts are numbers in that form, so that it is worth looking at all of them.
    private func mayBe(_ form: NumberForm) -> Bool {
        let first = 0..<min(texts.count, Self.sampleCount)
        return 4 * first.count { form.number(texts.bytes(at: $0).span) != nil } >= first.count
    }

    private static let sampleCount = 200

    /// Numbers are parsed once for each different text.
    func column(named name: String, type: TableColumnType?, _ form: NumberForm) -> TableColumn {
        let names = (0..<texts.count).map { texts.id(at: $0) }
        let missingCount = indexes.count { $0 < 0 }
        let numbers = (0..<texts.count).map { type == .text ? nil : form.number(texts.bytes(at: $0).span) }
        let categories = TableColumn.Values.categories(indexes, names: names)
        if let place = numbers.firstIndex(of: nil) {
            let numberCount = indexes.count { $0 >= 0 && numbers[Int($0)] != nil }
            let count = indexes.count - missingCount - numberCount
            let (form, formCount) = type == .text ? ("", 0) : otherForm(form, numberCount)
            let isMisfit =
                type == .number
                || type == nil
                    && Double(max(numberCount, formCount)) >= Self.numberShare * Double(numberCount + count)
            let misfit = TableColumn.Misfit(
                text: BadRow.printable(texts.bytes(at: place)), lineNumber: lineNumbers[place], count: count,
                numberCount: numberCount, form: form)
            return TableColumn(
                name: name, values: categories, misfit: isMisfit ? misfit : nil, missingCount: missingCount)
        }
        let known = numbers.map { $0 ?? .nan }
        if let place = known.firstIndex(where: { !NumberLimits.holds($0) }) {
            return TableColumn(
                name: name, values: categories, tooLarge: .init(text: names[place], lineNumber: lineNumbers[place]),
                missingCount: missingCount)
        }
        return TableColumn(
            name: name, values: .numbers(indexes.map { $0 < 0 ? .nan : known[Int($0)] }), missingCount: missingCount)
    }
}
