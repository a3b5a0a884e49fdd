import CommandLineInterface
import Evaluation

/// What `foretaste evaluate-sessions` tells.
struct SessionReport {
    struct Row {
        let evaluation: NextItemEvaluation
        /// Of a query, on average; nil without one.
        let processorMicroseconds: Double?
    }

    let rows: [Row]
    let trainingSessionCount: Int
    let queryCount: Int
    let itemCount: Int
    let byteCount: Int
    let buildSeconds: Double

    private typealias Figure = (name: String, values: KeyPath<NextItemEvaluation, [ConfidenceInterval?]>)

    private static var figures: [Figure] {
        [("HR", \.hitRate), ("MRR", \.reciprocalRank), ("NDCG", \.ndcg)]
    }

    private var cutOffs: [Int] { rows.first?.evaluation.cutOffs.values ?? [] }

    /// Figures in percent, half the 95 % interval beside them; times in microseconds.
    var text: String {
        var columns = [TextTable.Column.left("system")]
        for figure in Self.figures { columns += cutOffs.map { .right("\(figure.name)@\($0) %") } }
        columns += ["cpu us", "mean us", "p50 us", "p99 us"].map { .right($0) }
        var table = TextTable(columns)
        for row in rows {
            let evaluation = row.evaluation
            var cells = [evaluation.name]
            for figure in Self.figures { cells += evaluation[keyPath: figure.values].map(Self.cell) }
            let latency = evaluation.latency
            let times = [row.processorMicroseconds, latency?.mean, latency?.p50, latency?.p99]
            cells += times.map { $0.map { ReadableNumber.fixed($0, 1) } ?? "-" }
            table.add(cells)
        }
        return """
            \(ReadableNumber.count(trainingSessionCount)) sessions to learn from, \(ReadableNumber.count(itemCount)) items, \
            \(ReadableNumber.count(queryCount)) queries; built in \(ReadableNumber.duration(seconds: buildSeconds)), \
            \(ReadableNumber.byteCount(byteCount))
            \(table.text)HR@k is what session papers call P@k. Next items may be in the prefix. +- is half the 95 % interval.
            cpu is the time of one core that an answer took, the others are what passed.

            """
    }

    var value: ReportValue {
        .object([
            ("trainingSessions", .integer(trainingSessionCount)), ("items", .integer(itemCount)),
            ("queries", .integer(queryCount)), ("buildSeconds", .number(buildSeconds)),
            ("byteCount", .integer(byteCount)), ("systems", .array(rows.map(Self.value))),
        ])
    }

    private static func value(_ row: Row) -> ReportValue {
        let evaluation = row.evaluation
        var members: [(key: String, value: ReportValue)] = [("name", .string(evaluation.name))]
        for figure in figures {
            for (k, interval) in zip(evaluation.cutOffs.values, evaluation[keyPath: figure.values]) {
                guard let interval else { continue }
                let name = "\(figure.name.lowercased())@\(k)"
                members.append((name, .number(interval.mean)))
                members.append((name + ".interval", .array([.number(interval.lower), .number(interval.upper)])))
            }
        }
        if let latency = evaluation.latency {
            members.append(("cpuMicroseconds", ReportValue(row.processorMicroseconds)))
            members.append(("meanMicroseconds", .number(latency.mean)))
            members.append(("p50Microseconds", .number(latency.p50)))
            members.append(("p99Microseconds", .number(latency.p99)))
        }
        return .object(members)
    }

    private static func cell(_ interval: ConfidenceInterval?) -> String {
        guard let interval else { return "-" }
        let half = (interval.upper - interval.lower) / 2
        return "\(ReadableNumber.fixed(100 * interval.mean, 2)) +-\(ReadableNumber.fixed(100 * half, 2))"
    }
}
