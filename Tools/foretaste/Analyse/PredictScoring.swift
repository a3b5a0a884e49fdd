import CommandLineInterface
import Interactions
import Prediction

/// `foretaste analyse predict --model`: what will happen to rows, and why.
enum PredictScoring {
    /// Rows whose features and explanations are in memory at a time.
    private static let blockSize = 20_000

    static func run(_ parsed: ParsedCommand) throws {
        let observer = ProgressObserver(quiet: parsed.flag("quiet"))
        let file = try PredictorFile(path: try parsed.string("model"))
        let reasonCount = try parsed.integer("reasons", in: 0...1000)
        let threads = try PredictCommand.threadCount(parsed)
        var types: [String: TableColumnType] = [:]
        let sources = file.predictor.encoding.sources
        for source in sources where source.kind != .number { types[source.name] = .text }
        if let id = parsed.optionalString("id") { types[id] = .text }
        let table = try PredictionTable(parsed, types: types, observer)
        let columns = try sources.map { source in
            PredictionTable.predictionColumn(
                try table.column(needed: source.name), isText: source.kind != .number)
        }
        Self.tellUnknown(columns, sources, observer, table.path)
        let ids = try table.ids(parsed.optionalString("id"))
        observer.counting("foretell", total: table.rowCount, unit: "rows")
        var text = "id,probability,foretold,score,base"
        for reason in 1...max(1, reasonCount) where reasonCount > 0 { text += ",reason_\(reason),effect_\(reason)" }
        text += "\n"
        var (scores, probabilities): ([Double], [Double]) = ([], [])
        for start in stride(from: 0, to: table.rowCount, by: blockSize) {
            let rows = Array(start..<min(start + blockSize, table.rowCount))
            let matrix = try file.predictor.encoding.encoded(columns, rows: rows)
            let explained = try file.predictor.explanations(matrix, threadCount: threads)
            for (row, explanation) in zip(rows, explained) {
                let probability = file.predictor.calibration.probability(explanation.score)
                scores.append(explanation.score)
                probabilities.append(probability)
                text += "\(CSVField.text(ids[row])),\(probability),\(probability >= file.predictor.threshold ? 1 : 0),"
                text += "\(explanation.score),\(explanation.base)"
                text += reasons(explanation, columns, row: row, count: reasonCount) + "\n"
            }
            observer.progress(done: scores.count, total: table.rowCount)
        }
        observer.end()
        try OutputDirectory(path: try parsed.string("out")).write([(PredictionFiles.scores, text)])
        try tell(parsed, file, table, scores: scores, probabilities: probabilities)
    }

    private static func reasons(
        _ explanation: OutcomePredictor.Explanation, _ columns: [PredictionColumn], row: Int, count: Int
    ) -> String {
        let order = explanation.parts.indices.sorted { a, b in
            let (x, y) = (explanation.parts[a].magnitude, explanation.parts[b].magnitude)
            return x == y ? a < b : x > y
        }
        return (0..<count).map { place in
            guard place < order.count else { return ",," }
            let column = columns[order[place]]
            return ",\(CSVField.text("\(column.name)=\(column.text(ofRow: row))")),\(explanation.parts[order[place]])"
        }.joined()
    }

    /// Words that the model has never met.
    private static func tellUnknown(
        _ columns: [PredictionColumn], _ sources: [FeatureEncoding.Source], _ observer: ProgressObserver, _ path: String
    ) {
        for (column, source) in zip(columns, sources) {
            guard case .words(let words) = source.kind, case .words(let indexes, let names) = column.values else {
                continue
            }
            let isKnown = names.map { Set(words).contains($0) }
            let count = indexes.count { $0 >= 0 && !isKnown[Int($0)] }
            guard 2 * count > indexes.count, !words.isEmpty else { continue }
            observer.warn(
                "\(path): \(count) of \(indexes.count) rows have a word in \(column.name) that the model does not know, such as "
                    + "\"\(names[isKnown.firstIndex(of: false) ?? 0])\". It was trained on others.")
        }
    }

    private static func tell(
        _ parsed: ParsedCommand, _ file: PredictorFile, _ table: PredictionTable, scores: [Double],
        probabilities: [Double]
    ) throws {
        let foretold = probabilities.count { $0 >= file.predictor.threshold }
        let expected = probabilities.reduce(0, +)
        let share = probabilities.isEmpty ? 0 : 100 * expected / Double(probabilities.count)
        var text = "\(ReadableNumber.count(probabilities.count)) rows: \(ReadableNumber.count(foretold)) foretold "
        text += "\(file.outcomeName) (probability of \(ReadableNumber.fixed(file.predictor.threshold, 3)) or more), "
        text += "\(ReadableNumber.fixed(expected, 1)) expected (\(ReadableNumber.fixed(share, 1)) %; "
        text +=
            "\(ReadableNumber.fixed(100 * Double(file.positiveCount) / Double(max(1, file.rowCount)), 1)) % in training)\n"
        var members: [JSONText.Member] = [
            .init("rows", .integer(probabilities.count)), .init("foretold", .integer(foretold)),
            .init("expected", .number(expected)), .init("threshold", .number(file.predictor.threshold)),
            .init("checksum", .string(file.checksum)),
        ]
        if let name = parsed.optionalString("outcome"), !probabilities.isEmpty {
            let isDigit = ["0", "1"].contains(file.positive)
            let positive = parsed.optionalString("positive") ?? (isDigit ? nil : file.positive)
            let (outcomes, _) = try table.outcomes(name, positive: positive)
            let metrics = OutcomeMetrics(
                scores: scores, probabilities: probabilities, outcomes: outcomes,
                seed: UInt64(try parsed.integer("seed", in: 0...Int.max)))
            text += PredictionSummary.table([("model", metrics)])
            members.append(.init("metrics", PredictionEvaluationFile.json(metrics)))
        }
        Terminal.standardOutput.write(parsed.flag("json") ? JSONText.object(members).indented + "\n" : text)
    }
}

extension PredictionTable {
    func column(needed name: String) throws -> TableColumn {
        if let column = columns.first(where: { $0.name == name }) { return column }
        throw RunFailure(
            description: "\(path) has no column \"\(name)\", which the model was trained with; it has "
                + "\(columns.map(\.name).joined(separator: ", ")).")
    }
}

extension PredictionColumn {
    /// "" where the row has none.
    func text(ofRow row: Int) -> String {
        switch values {
        case .numbers(let numbers):
            let number = numbers[row]
            if number.isNaN { return "" }
            return number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)"
        case .words(let indexes, let names): return indexes[row] < 0 ? "" : names[Int(indexes[row])]
        }
    }
}
