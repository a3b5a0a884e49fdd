import CommandLineInterface
import Interactions
import StoredFiles
import TimeSeries

/// `foretaste analyse anomalies`
enum AnalyseAnomaliesCommand {
    enum Mode: String, CaseIterable {
        case streaming
        case batch
    }

    /// Points times period: STL then takes half a minute.
    private static let greatestWork = 50_000_000

    private static let standard = StreamingDetector.Configuration()

    static let command = Command(
        name: "analyse anomalies", summary: "Find what is unusual in a measured series.",
        discussion: """
            Streaming judges each value by those before it alone: how far the last values are from the windows most like \
            them, of late and of long ago, and how their spread changed; the score is 1 less the mean of three p-values, \
            and an alarm is followed by a rest. Batch judges a finished series by all of it: outliers of what trend and \
            season leave (a robust STL, then the generalised ESD test), and places where the level moved and stayed. Rows that \
            are missing on an even grid of times are gaps, not zeros.
            """,
        options: [
            .required("series", "FILE", help: "A row per point in time: \(ReadingOptions.accepted)."),
            .value("columns", "MAP", help: "Which column is what: time=at,value=visits."),
            .value("mode", "HOW", default: Mode.streaming.rawValue, help: "streaming or batch."),
            .value(
                "period", "N", default: "auto",
                help:
                    "Steps after which the series repeats itself, or none. auto: a day of steps of up to six hours, seven "
                    + "days of daily ones."),
            .value(
                "threshold", "SCORE", default: "\(standard.threshold)",
                help: "In streaming: from this score on it is an alarm."),
            .value(
                "significance", "SHARE", default: "\(BatchDetector.Configuration().significance)",
                help: "In batch: how often a series without anomalies may give one."),
            .value("scores", "FILE", help: "Where a row per point goes, as CSV: score, alarm, expected range.")
                .asOutput,
            .flag("quiet", short: "q", help: "No progress."),
            .flag("json", help: "The anomalies as JSON on standard output."),
        ] + ReadingOptions.all,
        examples: [
            .init(
                "foretaste analyse anomalies --series visits.csv --scores scores.csv",
                "Alarms, and every point's score."),
            .init(
                "foretaste analyse anomalies --series revenue.csv --columns value=revenue --mode batch --json",
                "What was unusual in a year of days."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let mode = try parsed.choice("mode", of: Mode.self)
        let threshold = try parsed.number("threshold", in: 0...1)
        let significance = try parsed.number("significance", in: 1e-9...0.5)
        let givenPeriod = try period(parsed)
        let (log, report) = try read(parsed)
        let grid = SeriesGrid(times: log.times)
        let period = givenPeriod ?? (report.times?.isCounter ?? false ? nil : grid.naturalPeriod)
        if mode == .batch, let period, grid.cells.count > greatestWork / period {
            throw RunFailure(
                description:
                    "\(grid.cells.count) points with a period of \(period) are too many to decompose: add them up to larger "
                    + "steps, or say --period none.")
        }
        var result = SeriesAnomalies(mode: mode, log: log, grid: grid, period: period)
        switch mode {
        case .streaming: result.judge(threshold: threshold)
        case .batch: result.judge(significance: significance)
        }
        if let path = parsed.optionalString("scores") {
            var files = OutputFiles()
            try files.add(result.csv, at: path)
            try files.publish()
        }
        Terminal.standardOutput.write(parsed.flag("json") ? result.json.indented + "\n" : result.text)
    }

    /// Nil: by the times; a period of nil: none.
    private static func period(_ parsed: ParsedCommand) throws -> Int?? {
        let text = try parsed.string("period")
        if text == "auto" { return nil }
        if text == "none" { return .some(nil) }
        guard let number = Int(text), (2...100_000).contains(number) else {
            throw parsed.refusal("period", value: text, expected: "auto, none, or a whole number from 2 to 100000")
        }
        return number
    }

    private static func read(_ parsed: ParsedCommand) throws -> (SeriesLog, ReadReport) {
        let observer = ProgressObserver(quiet: parsed.flag("quiet"))
        let path = try parsed.string("series")
        let options = try ReadingOptions.options(parsed, columns: "columns")
        observer.reading(path)
        let (log, report) = try ReadingOptions.telling(observer) {
            try SeriesReader.read(path: path, options: options) { observer.progress(done: $0, total: $1) }
        }
        observer.read(report)
        return (log, report)
    }
}
