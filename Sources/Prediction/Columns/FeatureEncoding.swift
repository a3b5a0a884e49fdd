// Design note. Learners see numbers only, in columns that are the same for training and for scoring:
//
//     a column of numbers ─▶ one feature; a gap stays a gap (NaN)
//     a column of words   ─▶ one feature for each of its frequent words, 1 or 0; all 0 for a rarer word or none
//
// Which words these are is found on the rows that a model is trained on and kept with it, so that no word of a row that is
// to be scored can move a column.

/// How columns become features.
package struct FeatureEncoding: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case number
        /// Ascending by their bytes.
        case words([String])
    }

    package struct Source: Sendable, Equatable {
        package let name: String
        package let kind: Kind

        package init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }

        var featureCount: Int {
            switch kind {
            case .number: 1
            case .words(let words): words.count
            }
        }
    }

    package let sources: [Source]

    /// A word in fewer training rows says too little.
    static let leastWordCount = 10
    /// The most frequent words of a column that become features; beyond it a column names things rather than kinds of things.
    static let greatestWordCount = 100

    package init(sources: [Source]) { self.sources = sources }

    /// Of the columns as they are in these rows.
    package init(_ columns: [PredictionColumn], rows: [Int]) {
        sources = columns.map { column in
            guard case .words(let indexes, let names) = column.values else {
                return Source(name: column.name, kind: .number)
            }
            var counts = [Int](repeating: 0, count: names.count)
            for row in rows where indexes[row] >= 0 { counts[Int(indexes[row])] += 1 }
            let frequent = names.indices.filter { counts[$0] >= Self.leastWordCount }.sorted {
                counts[$0] == counts[$1] ? Self.precedes(names[$0], names[$1]) : counts[$0] > counts[$1]
            }.prefix(Self.greatestWordCount)
            return Source(
                name: column.name, kind: .words(frequent.map { names[$0] }.sorted(by: Self.precedes)))
        }
    }

    private static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

    package var featureCount: Int { sources.reduce(0) { $0 + $1.featureCount } }

    /// `Month=Nov` for a word, the column's name for a number.
    package var featureNames: [String] {
        sources.flatMap { source in
            switch source.kind {
            case .number: [source.name]
            case .words(let words): words.map { "\(source.name)=\($0)" }
            }
        }
    }

    /// Per feature, the index of its source.
    package var sourceOfFeature: [Int] {
        sources.indices.flatMap { Array(repeating: $0, count: sources[$0].featureCount) }
    }

    /// - Parameter columns: in any order, others among them; each source must be there with its kind.
    package func encoded(_ columns: [PredictionColumn], rows: [Int]) throws(PredictionError) -> FeatureMatrix {
        let width = featureCount
        var values = [Float](repeating: 0, count: rows.count * width)
        var feature = 0
        for source in sources {
            guard let column = columns.first(where: { $0.name == source.name }) else {
                throw PredictionError(
                    .badColumn, operation: "score rows",
                    expected: "a column \"\(source.name)\", which the model was trained with",
                    found: "none of that name", remedy: "Give the columns that the model's card lists.")
            }
            switch (source.kind, column.values) {
            case (.number, .numbers(let numbers)):
                for (place, row) in rows.enumerated() { values[place * width + feature] = Float(numbers[row]) }
            case (.words(let words), .words(let indexes, let names)):
                let places = Self.places(of: words, in: names)
                for (place, row) in rows.enumerated() where indexes[row] >= 0 {
                    guard let word = places[Int(indexes[row])] else { continue }
                    values[place * width + feature + word] = 1
                }
            case (.words(let words), .numbers(let numbers)):
                // Codes such as 1, 2, 3 read as numbers here and as words there, or a column without a value.
                let places = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($0.element, $0.offset) })
                for (place, row) in rows.enumerated() where !numbers[row].isNaN {
                    guard let word = places[Self.text(numbers[row])] else { continue }
                    values[place * width + feature + word] = 1
                }
            case (.number, .words(let indexes, let names)):
                // A column without any value tells no kind.
                guard let index = rows.lazy.map({ indexes[$0] }).first(where: { $0 >= 0 }) else {
                    for place in rows.indices { values[place * width + feature] = .nan }
                    break
                }
                throw PredictionError(
                    .badColumn, operation: "score rows",
                    expected: "numbers in the column \"\(source.name)\", as in training",
                    found: "\"\(names[Int(index)])\"", remedy: "Mend or clear the cells that are no numbers.")
            }
            feature += source.featureCount
        }
        return FeatureMatrix(rowCount: rows.count, columnCount: width, values: values)
    }

    private static func places(of words: [String], in names: [String]) -> [Int?] {
        let places = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($0.element, $0.offset) })
        return names.map { places[$0] }
    }

    private static func text(_ number: Double) -> String {
        number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)"
    }
}
