import CommandLineInterface
import IndexBuilding
import Interactions

/// Shows a build's stages and what the files were like. Owned by the command that runs the build, on its thread.
final class ProgressObserver: BuildObserver {
    private let bar: ProgressBar
    /// Columns that were not used are told, all of them.
    private let isVerbose: Bool
    /// A file whose size is not known yet.
    private var openedFile: String?

    init(quiet: Bool, verbose: Bool = false) {
        bar = .standardError(quiet: quiet)
        isVerbose = verbose
    }

    /// A line of its own; silent with `--quiet`.
    func say(_ line: String) { bar.say(line) }

    /// Told even when quiet.
    func warn(_ line: String) {
        bar.end()
        Terminal.standardError.write("warning: \(line)\n")
    }

    func stage(_ name: String) { bar.begin(name, unit: "steps") }

    /// A stage whose steps are counted from now on, by `progress`.
    func counting(_ name: String, total: Int, unit: String) {
        openedFile = nil
        bar.begin(name, total: total, unit: unit)
    }

    func reading(_ path: String) {
        bar.end()
        openedFile = path
    }

    func progress(done: Int, total: Int) {
        if let path = openedFile {
            bar.begin("read \(path)", total: total, unit: "bytes")
            openedFile = nil
        }
        bar.advance(to: done)
    }

    func end() { bar.end() }

    /// Bad rows are told even when quiet: they are never dropped in silence.
    func read(_ report: ReadReport) {
        openedFile = nil
        bar.end(
            "\(ReadableNumber.count(report.rowCount)) rows"
                + (report.columns.entries.isEmpty ? "" : ", columns \(report.columns)"))
        if let times = report.times { bar.say("  \(times)") }
        if !report.unusedColumns.isEmpty { bar.say("  not used: \(unused(report.unusedColumns))") }
        for note in report.notes { bar.say("  \(note)") }
        for warning in report.warnings { warn("\(report.path): \(warning)") }
        guard report.badRows.total > 0 else { return }
        for line in Self.lines(report) { Terminal.standardError.write(line + "\n") }
    }

    private func unused(_ columns: [String]) -> String {
        let shown = isVerbose ? columns : Array(columns.prefix(Self.shownColumnCount))
        let rest = columns.count - shown.count
        return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    private static let shownColumnCount = 12

    /// What was wrong with a file's rows, for a person.
    static func lines(_ report: ReadReport) -> [String] {
        let reasons = report.badRows.countsByReason.map { "\(ReadableNumber.count($0.count)) \($0.reason.rawValue)" }
        let share = ReadableNumber.fixed(100 * Double(report.badRows.total) / Double(max(report.rowCount, 1)), 2)
        var lines = [
            "\(report.path): \(ReadableNumber.count(report.badRows.total)) of \(ReadableNumber.count(report.rowCount)) "
                + "rows (\(share) %) were left out: \(reasons.joined(separator: ", "))"
        ]
        if report.badRows.apartCount > 0 {
            lines.append(
                "  \(ReadableNumber.count(report.badRows.apartCount)) of them are orders of guests and returns, which "
                    + "--max-bad-rows does not count")
        }
        if 2 * report.badRows.apartCount > report.rowCount {
            lines.append("  warning: that is more than half of all rows")
        }
        lines += report.badRows.samples.map { row in
            "  line \(row.lineNumber): \(row.reason.rawValue)\(row.detail.isEmpty ? "" : " (\(row.detail))"): \(row.text)"
        }
        return lines
    }
}
