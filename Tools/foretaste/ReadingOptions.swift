import CommandLineInterface
import Interactions

/// The options of every command that reads files with rows, and what they say.
enum ReadingOptions {
    static let accepted =
        "CSV, TSV, JSON Lines or a JSON array, plain or compressed by gzip or zstd, or a workbook (.xlsx)"

    static let all: [CommandOption] = [
        .value(
            "format", "NAME",
            help:
                "Layout of the files: \(FileFormat.allCases.map(\.rawValue).joined(separator: ", ")). Default: told by "
                + "the file's name or first line."),
        .value(
            "encoding", "NAME",
            help:
                "\(TextEncoding.allCases.map(\.rawValue).joined(separator: ", ")). Default: what the format says, else "
                + "utf-8; UTF-16 is known by its byte order mark."),
        .value(
            "quotes", "HOW",
            help:
                "rfc4180: fields may stand in quotes; none: a quote is a character like any other. Default: rfc4180, and "
                + "in files with tabs a quote that opens no field so is text."),
        .value(
            "sheet", "NAME", help: "Of a workbook, the sheet to read. Default: all that have the first one's columns."),
        .flag("no-header", help: "The first line is data; columns are called 1, 2, 3 ..."),
        .value(
            "time-format", "NAME",
            help:
                "How times are written: \(TimeForm.allCases.map(\.rawValue).joined(separator: ", ")), or a pattern such "
                + "as dd/mm/yyyy. Default: told by the whole column, and refused where that leaves a doubt."),
        .value(
            "time-zone", "ZONE",
            help: "Where times without an offset were taken: UTC, +01:00, Europe/Stockholm. Default: UTC."),
        .value(
            "missing-values", "LIST",
            help:
                "Cells that stand for nothing, beside empty ones, in small or capital letters; 'keep': there are none. "
                + "Default: \(IdRules.standardMarkers.filter { $0 != "\\n" }.joined(separator: ", ")), "
                + "and a backslash with N, as databases write it."),
        .flag("whole-ids", help: "Ids such as 17850.0 are the whole number 17850."),
        .value("decimal", "MARK", help: "Between whole part and fraction of a number: point or comma. Default: point."),
        .value(
            "thousands", "MARK",
            help: "Between groups of three digits: point, comma, space or apostrophe. Default: nothing."),
        .value(
            "max-bad-rows", "SHARE", default: "0.1%", help: "Stop when more rows are bad: a share (1%) or a number."),
        .flag("verbose", short: "v", help: "Tell every column that was not used."),
    ]

    /// - Parameter columns: the option that maps columns; nil: none does.
    static func options(_ parsed: ParsedCommand, columns: String?) throws -> SourceOptions {
        var options = SourceOptions(
            format: try parsed.optionalString("format").flatMap { name throws -> FileFormat? in
                name == "auto" ? nil : try mending(parsed, "format") { try FileFormat(parsing: name) }
            },
            columns: try columns.flatMap { option in
                try parsed.optionalString(option).map { text throws in
                    try mending(parsed, option) { try ColumnMapping(parsing: text) }
                }
            } ?? .none,
            maxBadRows: try mending(parsed, "max-bad-rows") {
                try MaxBadRows(parsing: try parsed.string("max-bad-rows"))
            },
            encoding: parsed.isGiven("encoding") ? try parsed.choice("encoding", of: TextEncoding.self) : nil,
            hasHeader: !parsed.flag("no-header"))
        if parsed.isGiven("quotes") { options.quotes = try parsed.choice("quotes", of: QuoteRule.self) }
        options.sheet = parsed.optionalString("sheet")
        if let text = parsed.optionalString("time-format") {
            options.times.form = try mending(parsed, "time-format") { try TimeForm(parsing: text) }
        }
        if let text = parsed.optionalString("time-zone") {
            options.times.zone = try mending(parsed, "time-zone") { try TimeZoneRules(parsing: text) }
        }
        if let text = parsed.optionalString("missing-values") { options.ids = IdRules(missingMarkers: text) }
        options.ids.areWholeNumbers = parsed.flag("whole-ids")
        options.numbers = try numbers(parsed)
        return options
    }

    private static func numbers(_ parsed: ParsedCommand) throws -> NumberForm {
        let decimal = parsed.isGiven("decimal") ? try parsed.choice("decimal", of: NumberForm.Separator.self) : .point
        guard decimal == .point || decimal == .comma else {
            throw parsed.refusal("decimal", value: decimal.rawValue, expected: "point or comma")
        }
        let grouping = parsed.isGiven("thousands") ? try parsed.choice("thousands", of: NumberForm.Separator.self) : nil
        guard grouping != decimal else {
            throw parsed.refusal(
                "thousands", value: decimal.rawValue,
                expected: "another mark than that of --decimal (\(decimal.rawValue))")
        }
        return NumberForm(decimal: decimal, grouping: grouping)
    }

    /// A value that a module refuses is wrong use of the option that carried it.
    static func mending<Value>(
        _ parsed: ParsedCommand, _ option: String, _ body: () throws -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch let error as ReadError {
            throw parsed.refusal(option, value: error.found, expected: "\(error.expected). \(error.remedy)")
        }
    }

    /// Reads, and tells what was bad before the error of too many bad rows ends the run.
    static func telling<Value>(_ observer: ProgressObserver, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as ReadError {
            observer.end()
            for line in error.report.map(ProgressObserver.lines) ?? [] { Terminal.standardError.write(line + "\n") }
            throw error
        }
    }
}
