import CommandLineInterface
import Evaluation

/// What `foretaste evaluate-sessions` tells.
struct SessionReport {
    let evaluations: [NextItemEvaluation]
    let trainingSessionCount: Int
    let queryCount: Int
    let itemCount: Int
    let byteCount: Int
    let buildSeconds: Double

    private typealias Figure = (name: String, values: KeyPath<NextItemEvaluation, [ConfidenceInterval?]>)

    private static var figures: [Figure] {
        [("HR", \.hitRate), ("MRR", \.reciprocalRank), ("NDCG", \.ndcg)]
    }

    private var cutOffs: [Int] { evaluations.first?.cutOffs.values ?? [] }

    /// Figures in percent, half the 95 % interval beside them; times in microseconds.
    var text: String {
        var columns = [TextTable.Column.left("system")]
        for figure in Self.figures { columns += cutOffs.map { .right("\(figure.name)@\($0) %") } }
        columns += [.right("mean us"), .right("p50 us"), .right("p99 us")]
        var table = TextTable(columns)
        for evaluation in evaluations {
            var cells = [evaluation.name]
            for figure in Self.figures { cells += evaluation[keyPath: figure.values].map(Self.cell) }
            let latency = evaluation.latency
            cells += [latency?.mean, latency?.p50, latency?.p99].map { $0.map { ReadableNumber.fixed($0, 1) } ?? "-" }
            table.add(cells)
        }
        return """
            \(ReadableNumber.count(trainingSessionCount)) sessions to learn from, \(ReadableNumber.count(itemCount)) items, \
            \(ReadableNumber.count(queryCount)) queries; built in \(ReadableNumber.duration(seconds: buildSeconds)), \
            \(ReadableNumber.byteCount(byteCount))
            \(table.text)HR@k is what session papers call P@k. Next items may be in the prefix. +- is half the 95 % interval.

            """
    }

    var json: JSONText {
        .object([
            .init("trainingSessions", .integer(trainingSessionCount)), .init("items", .integer(itemCount)),
            .init("queries", .integer(queryCount)), .init("buildSeconds", .number(buildSeconds)),
            .init("byteCount", .integer(byteCount)), .init("systems", .array(evaluations.map(Self.json))),
        ])
    }

    private static func json(_ evaluation: NextItemEvaluation) -> JSONText {
        var members: [JSONText.Member] = [.init("name", .string(evaluation.name))]
        for figure in figures {
            for (k, interval) in zip(evaluation.cutOffs.values, evaluation[keyPath: figure.values]) {
                guard let interval else { continue }
                let name = "\(figure.name.lowercased())@\(k)"
                members.append(.init(name, .number(interval.mean)))
                members.append(.init(name + ".interval", .array([.number(interval.lower), .number(interval.upper)])))
            }
        }
        if let latency = evaluation.latency {
            members.append(.init("meanMicroseconds", .number(latency.mean)))
            members.append(.init("p50Microseconds", .number(latency.p50)))
            members.append(.init("p99Microseconds", .number(latency.p99)))
        }
        return .object(members)
    }

    private static func cell(_ interval: ConfidenceInterval?) -> String {
        guard let interval else { return "-" }
        let half = (interval.upper - interval.lower) / 2
        return "\(ReadableNumber.fixed(100 * interval.mean, 2)) +-\(ReadableNumber.fixed(100 * half, 2))"
    }
}
