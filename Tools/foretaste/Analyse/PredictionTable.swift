import CommandLineInterface
import Interactions
import Prediction

/// A table as it was read, and what its columns are for.
struct PredictionTable {
    let path: String
    let columns: [TableColumn]
    let report: ReadReport
    let rowCount: Int

    init(_ parsed: ParsedCommand, types: [String: TableColumnType], _ observer: ProgressObserver) throws {
        let path = try parsed.string("table")
        self.path = path
        let options = try ReadingOptions.options(parsed, columns: nil)
        observer.reading(path)
        (columns, report) = try ReadingOptions.telling(observer) {
            try TableReader.read(path: path, types: types, options: options) { observer.progress(done: $0, total: $1) }
        }
        observer.read(report)
        rowCount = report.goodRowCount
    }

    func column(_ name: String) throws -> TableColumn {
        if let column = columns.first(where: { $0.name == name }) { return column }
        throw RunFailure(
            description: "\(path) has no column \"\(name)\"; it has \(columns.map(\.name).joined(separator: ", ")).")
    }

    /// Per row, whether it had the outcome, and the word for it.
    func outcomes(_ name: String, positive: String?) throws -> (outcomes: [Bool], positive: String) {
        let column = try column(name)
        guard column.missingCount == 0 else {
            throw RunFailure(
                description:
                    "\(path): \(column.missingCount) rows say nothing in the outcome \"\(name)\". Leave them out, or fill them."
            )
        }
        if positive == nil, let numbers = column.numbers, numbers.allSatisfy({ $0 == 0 || $0 == 1 }) {
            return (numbers.map { $0 == 1 }, "1")
        }
        let texts = column.texts
        let words = Set(texts).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard words.count == 2 else {
            let some = words.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
            throw RunFailure(
                description:
                    "\(path): the column \"\(name)\" is no outcome: it needs two values, and has \(words.count): \(some)"
                    + (words.count > 5 ? " ..." : "") + ".")
        }
        guard let positive else {
            throw RunFailure(
                description:
                    "\(path): the outcome \"\(name)\" is \"\(words[0])\" or \"\(words[1])\": say by --positive which is to be foretold."
            )
        }
        guard words.contains(positive) else {
            throw RunFailure(
                description:
                    "\(path): the outcome \"\(name)\" is \"\(words[0])\" or \"\(words[1])\", and never \"\(positive)\" (--positive)."
            )
        }
        return (texts.map { $0 == positive }, positive)
    }

    /// The rows' ids; their numbers where no column has them.
    func ids(_ name: String?) throws -> [String] {
        guard let name else { return (0..<rowCount).map { "\($0 + 1)" } }
        return try column(name).texts
    }

    static func predictionColumn(_ column: TableColumn, isText: Bool) -> PredictionColumn {
        if !isText, let numbers = column.numbers { return PredictionColumn(column.name, .numbers(numbers)) }
        switch column.values {
        case .numbers(let numbers): return PredictionColumn(column.name, .numbers(numbers))
        case .categories(let indexes, let names):
            return PredictionColumn(column.name, .words(indexes, names: names))
        }
    }
}

/// Which columns become features, which do not and why.
struct PredictionColumns {
    private(set) var features: [PredictionColumn] = []
    private(set) var unused: [String] = []
    private(set) var warnings: [String] = []

    /// Words that are so many different ones for the rows name things, and not kinds of things.
    private static let greatestDistinctShare = 0.5

    init(
        _ table: PredictionTable, wanted: [String], except left: Set<String>, declared: [String: TableColumnType]
    ) throws {
        let chosen =
            wanted.isEmpty ? table.columns.filter { !left.contains($0.name) } : try wanted.map { try table.column($0) }
        if let taken = wanted.first(where: { left.contains($0) }) {
            throw RunFailure(
                description:
                    "\"\(taken)\" is named by --features, and by another option as the outcome, an id, a time, or to be left out."
            )
        }
        for column in chosen {
            try VisitColumns.check(
                column, table.path, isWanted: !wanted.isEmpty, isDeclared: declared[column.name] != nil)
            let feature = PredictionTable.predictionColumn(column, isText: declared[column.name] == .text)
            if let reason = reason(against: column, feature, isWanted: !wanted.isEmpty) {
                unused.append("\(column.name) (\(reason))")
            } else {
                features.append(feature)
            }
        }
    }

    private mutating func reason(
        against column: TableColumn, _ feature: PredictionColumn, isWanted: Bool
    ) -> String? {
        switch feature.values {
        case .numbers(let numbers):
            let known = numbers.filter { !$0.isNaN }
            guard let first = known.first else { return "without a value" }
            if known.count == numbers.count && known.allSatisfy({ $0 == first }) { return "the same in every row" }
            if !isWanted && column.isNumbering { return "it numbers the rows" }
            if !isWanted && column.isIdLike {
                warnings.append(
                    "\(column.name) has a whole number of its own in every row, as an id has. If it is one, leave it out with "
                        + "--without \(column.name).")
            }
        case .words(let indexes, let names):
            let known = indexes.count { $0 >= 0 }
            if known == 0 { return "without a value" }
            if names.count == 1 && known == indexes.count { return "the same in every row" }
            if Double(names.count) > Self.greatestDistinctShare * Double(known) && names.count > 2 {
                return "it names rows: \(names.count) words in \(known)"
            }
        }
        return nil
    }
}
