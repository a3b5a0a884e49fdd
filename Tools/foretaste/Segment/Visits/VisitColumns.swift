import CommandLineInterface
import Interactions
import Segmentation

/// Which columns of a table of visits become features, which do not and why.
struct VisitColumns {
    private(set) var features: [VisitTable.Feature] = []
    private(set) var notes: [String] = []
    private(set) var warnings: [String] = []

    /// - Parameters:
    ///   - wanted: names; empty: all columns of numbers and truth values.
    ///   - left: columns that are the id, the period or the outcome, or are left out by an option.
    ///   - declared: columns whose type somebody named.
    init(
        _ columns: [TableColumn], path: String, wanted: [String], except left: Set<String>,
        declared: [String: TableColumnType]
    ) throws {
        let chosen =
            wanted.isEmpty
            ? columns.filter { !left.contains($0.name) }
            : wanted.compactMap { name in columns.first { $0.name == name } }
        var unused: [String] = []
        for column in chosen {
            try Self.check(column, path, isWanted: !wanted.isEmpty, isDeclared: declared[column.name] != nil)
            guard let reason = add(column, isWanted: !wanted.isEmpty) else { continue }
            unused.append("\(column.name) (\(reason))")
        }
        unused += wanted.isEmpty ? [] : columns.map(\.name).filter { !wanted.contains($0) && !left.contains($0) }
        notes.append("features: \(features.map(\.name).joined(separator: ", "))")
        if !unused.isEmpty { notes.append("not used: \(unused.joined(separator: ", "))") }
    }

    /// `Bounce=number,Shop=text`
    static func types(_ parsed: ParsedCommand, _ option: String = "types") throws -> [String: TableColumnType] {
        guard parsed.isGiven(option) else { return [:] }
        var types: [String: TableColumnType] = [:]
        for (name, text) in try parsed.pairs(option) {
            guard let type = TableColumnType(rawValue: text) else {
                throw parsed.refusal(option, value: text, expected: "number or text for \(name)")
            }
            types[name] = type
        }
        return types
    }

    /// Refuses numbers that are none of this world, and a column that only a few cells keep from being one of numbers.
    static func check(_ column: TableColumn, _ path: String, isWanted: Bool, isDeclared: Bool) throws {
        if let found = column.tooLarge {
            throw RunFailure(
                description: "\(path), line \(found.lineNumber): \(column.name) is \(found.text), which is beyond "
                    + "\(NumberLimits.greatestMagnitude). Correct it, or leave the column out with --without \(column.name)."
            )
        }
        if let misfit = column.misfit, !isDeclared {
            let advice = misfit.advice.isEmpty ? "" : " \(misfit.advice)"
            throw RunFailure(
                description: "\(path), line \(misfit.lineNumber): \(column.name) is \"\(misfit.text)\", where "
                    + "\(misfit.numberCount) of \(misfit.numberCount + misfit.count) cells are numbers. Mend or clear the "
                    + "cell, say --types \(column.name)=text, or leave the column out with --without \(column.name).\(advice)"
            )
        }
    }

    /// Makes features of the column; says why where it is of no use.
    private mutating func add(_ column: TableColumn, isWanted: Bool) -> String? {
        guard column.numbers != nil else {
            guard isWanted, case .categories(let indexes, let names) = column.values else { return "words" }
            let words = names.enumerated().sorted { $0.element < $1.element }.map { index, name in
                VisitTable.Feature("\(column.name)=\(name)", indexes.map { Int($0) == index ? 1 : 0 })
            }.filter(Self.varies)
            features += words
            return words.isEmpty ? "the same in every row" : nil
        }
        guard let numbers = column.filledNumbers else { return "missing in more than half of the rows" }
        guard Self.varies(VisitTable.Feature(column.name, numbers)) else { return "the same in every row" }
        if column.isNumbering && !isWanted {
            warnings.append(
                "\(column.name) numbers the rows and is left out; --features names what is to be clustered by.")
            return "it numbers the rows"
        }
        if column.isIdLike {
            warnings.append(
                "\(column.name) has a whole number of its own in every row, as an id has. If it is one, leave it out with "
                    + "--without \(column.name).")
        }
        if let odd = Self.oddCount(numbers) {
            warnings.append(
                "\(column.name) differs in only \(odd) of \(numbers.count) rows, which may become clusters of their own. Leave it "
                    + "out with --without \(column.name) where it does not matter so much.")
        }
        if column.missingCount > 0 {
            warnings.append(
                "\(column.name) has no value in \(column.missingCount) of \(numbers.count) rows, which are given the median."
            )
        }
        features.append(VisitTable.Feature(column.name, numbers))
        return nil
    }

    /// How many rows differ from the value that nearly all have; nil where there is no such value.
    private static func oddCount(_ numbers: [Double]) -> Int? {
        let middle = numbers.sorted()[numbers.count / 2]
        let odd = numbers.count { $0 != middle }
        return numbers.count >= leastRowCount && Double(odd) <= 0.01 * Double(numbers.count) ? odd : nil
    }

    /// Of fewer rows, one in a hundred is none.
    private static let leastRowCount = 100

    private static func varies(_ feature: VisitTable.Feature) -> Bool {
        feature.values.contains { $0 != feature.values[0] }
    }
}
