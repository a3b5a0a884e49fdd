import CommandLineInterface
import Interactions
import TimeSeries

/// What a detector said of a series, and how it is told.
struct SeriesAnomalies {
    /// Of one row.
    struct Point {
        let row: Int
        var score: Double?
        var isAlarm = false
        var kind = BatchDetector.Kind.point
        var direction = AnomalyDirection.pattern
        var value: Double
        var expected: Expectation?
    }

    let mode: AnalyseAnomaliesCommand.Mode
    let log: SeriesLog
    let grid: SeriesGrid
    let period: Int?
    /// In streaming every row with a value, in batch the anomalies.
    private(set) var points: [Point] = []

    /// Lines for people; the others are counted.
    private static let shownCount = 20

    init(mode: AnalyseAnomaliesCommand.Mode, log: SeriesLog, grid: SeriesGrid, period: Int?) {
        self.mode = mode
        self.log = log
        self.grid = grid
        self.period = period
    }

    mutating func judge(threshold: Double) {
        var configuration = StreamingDetector.Configuration(period: period)
        configuration.threshold = threshold
        var detector = StreamingDetector(configuration)
        for cell in grid.cells {
            let value = cell.flatMap { log.values[$0] }
            guard let judgement = detector.judge(value), let cell, let value else { continue }
            points.append(
                Point(
                    row: cell, score: judgement.score, isAlarm: judgement.isAlarm, direction: judgement.direction,
                    value: value, expected: judgement.expected))
        }
    }

    mutating func judge(significance: Double) {
        var configuration = BatchDetector.Configuration(period: period)
        configuration.significance = significance
        let series = grid.cells.map { cell in cell.flatMap { log.values[$0] } }
        for anomaly in BatchDetector(configuration).anomalies(in: series) {
            guard let row = grid.cells[anomaly.index] ?? nearestRow(to: anomaly.index) else { continue }
            points.append(
                Point(
                    row: row, score: nil, isAlarm: true, kind: anomaly.kind, direction: anomaly.direction,
                    value: anomaly.value, expected: anomaly.expected))
        }
    }

    /// A level may move where nothing was measured: the next row tells it first.
    private func nearestRow(to place: Int) -> Int? { grid.cells[place...].lazy.compactMap { $0 }.first }

    private var alarms: [Point] { points.filter(\.isAlarm) }
    private var missingCount: Int { grid.cells.count - log.values.count { $0 != nil } }

    private func time(_ row: Int) -> String { GivenTime.text(milliseconds: log.times[row]) }

    /// RFC 4180; in streaming a row per row of the file that has a value.
    var csv: String {
        var text = "row,time,value,score,alarm,kind,direction,expected,lower,upper\n"
        for point in points {
            let expected = point.expected.map { "\($0.value),\($0.range.lowerBound),\($0.range.upperBound)" } ?? ",,"
            let score = point.score.map { "\($0)" } ?? ""
            text +=
                "\(point.row + 1),\(time(point.row)),\(point.value),\(score),\(point.isAlarm ? 1 : 0),"
                + "\(point.kind.rawValue),\(point.direction.rawValue),\(expected)\n"
        }
        return text
    }

    var json: JSONText {
        let anomalies = alarms.map { point -> JSONText in
            .object([
                .init("row", .integer(point.row + 1)), .init("time", .string(time(point.row))),
                .init("kind", .string(point.kind.rawValue)), .init("direction", .string(point.direction.rawValue)),
                .init("value", .number(point.value)), .init("expected", number(point.expected?.value)),
                .init("lower", number(point.expected?.range.lowerBound)),
                .init("upper", number(point.expected?.range.upperBound)),
                .init("size", number(point.expected.map { point.value - $0.value })),
                .init("score", number(point.score)),
            ])
        }
        return .object([
            .init("mode", .string(mode.rawValue)), .init("rows", .integer(log.count)),
            .init("missing", .integer(missingCount)), .init("isEven", .boolean(grid.isEven)),
            .init("period", period.map { .integer($0) } ?? .null), .init("anomalies", .array(anomalies)),
        ])
    }

    private func number(_ value: Double?) -> JSONText { value.map { .number($0) } ?? .null }

    var text: String {
        var lines = [
            "\(ReadableNumber.count(log.count)) rows, \(ReadableNumber.count(missingCount)) without a value; "
                + (period.map { "a period of \($0) steps" } ?? "no period"),
            "\(ReadableNumber.count(alarms.count)) anomalies",
        ]
        if !grid.isEven { lines.append("The times are no even grid: rows were taken one after another.") }
        for point in alarms.prefix(Self.shownCount) {
            let expected = point.expected.map {
                ", expected \(rounded($0.value)) (\(rounded($0.range.lowerBound)) to \(rounded($0.range.upperBound)))"
            }
            let kind = point.kind == .levelShift ? "level shift, " : ""
            lines.append(
                "\(time(point.row))  \(kind)\(point.direction.rawValue): \(rounded(point.value))\(expected ?? "")")
        }
        if alarms.count > Self.shownCount {
            lines.append("and \(alarms.count - Self.shownCount) more (--json has all)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func rounded(_ value: Double) -> String { ReadableNumber.fixed(value, value.magnitude < 10 ? 3 : 1) }
}
