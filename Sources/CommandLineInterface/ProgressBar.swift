import Printing

/// Says how far a long run has come: on a terminal a bar with rate and remaining time that is redrawn in place and
/// cleared at the end of its stage; in a pipe plain lines.
///
/// A run is a sequence of stages: `begin`, `advance` as often as wanted, `end`. Each stage leaves one line. It belongs
/// to the thread that runs the stages: it is not `Sendable`.
package final class ProgressBar {
    package enum Style: Sendable {
        /// Asks for the width at each redraw, so a resized window is followed.
        case bar(columnCount: @Sendable () -> Int)
        case lines
        case silent
    }

    private struct Stage {
        let name: String
        let total: Int?
        let unit: String
        let start: Double
        var completed = 0
        var lastShown: Double
        var lastTenth = 0
    }

    /// Ten redraws a second read as motion; more only cost time.
    private static let redrawSeconds = 0.1
    /// In a pipe: a line when this long nothing was said.
    private static let silenceSeconds = 5.0
    /// In a pipe: tenths passed sooner than this after the last line are not worth one.
    private static let tenthSeconds = 1.0
    /// A terminal that does not tell its width is taken to have the usual one.
    private static let usualColumnCount = 80

    private let style: Style
    private let seconds: () -> Double
    private let write: (String) -> Void
    private var stage: Stage?

    /// - Parameters:
    ///   - seconds: a monotonic clock.
    ///   - write: takes whole pieces of output, line ends included.
    package init(style: Style, seconds: @escaping () -> Double, write: @escaping (String) -> Void) {
        self.style = style
        self.seconds = seconds
        self.write = write
    }

    /// On standard error, so that standard output keeps to answers.
    package static func standardError(quiet: Bool) -> ProgressBar {
        let terminal = Terminal.standardError
        let bar = Style.bar { terminal.columnCount ?? usualColumnCount }
        let clock = ContinuousClock()
        let start = clock.now
        return ProgressBar(
            style: quiet ? .silent : terminal.isInteractive ? bar : .lines,
            seconds: { (clock.now - start) / .seconds(1) },
            write: terminal.writeAsIs)
    }

    /// Ends the stage before, if it was not ended.
    /// - Parameters:
    ///   - total: in units; nil where it is not known, 0 is allowed.
    ///   - unit: a plural, such as `rows`.
    package func begin(_ name: String, total: Int? = nil, unit: String) {
        end()
        let now = seconds()
        stage = Stage(name: PrintableText.part(name), total: total, unit: unit, start: now, lastShown: now)
        if case .bar = style { draw(now) }
    }

    /// - Parameter completed: units since the stage began, not since the last call. Reads the clock: call it once for
    ///   some hundred units where a unit takes less than a microsecond.
    package func advance(to completed: Int) {
        guard var current = stage else { return }
        current.completed = completed
        stage = current
        switch style {
        case .silent: return
        case .bar:
            let now = seconds()
            if now - current.lastShown >= Self.redrawSeconds { draw(now) }
        case .lines: advanceLines(current)
        }
    }

    /// - Parameter note: stands at the end of the stage's line, such as `12 rows refused`.
    package func end(_ note: String? = nil) {
        guard let current = stage else { return }
        stage = nil
        if case .silent = style { return }
        if case .bar = style { write(Self.clearLine) }
        let elapsed = seconds() - current.start
        var line = "\(current.name): \(ReadableNumber.count(current.completed)) \(current.unit)"
        if current.completed == 0, current.total == nil { line = current.name }
        line += " in \(ReadableNumber.duration(seconds: elapsed))"
        let rate = ReadableNumber.rate(current.completed, seconds: elapsed, unit: current.unit)
        if current.completed > 1, !rate.isEmpty { line += " (\(rate))" }
        if let note { line += ", \(PrintableText.part(note))" }
        write(line + "\n")
    }

    /// A line of its own, above the bar on a terminal. Silent with `--quiet`.
    package func say(_ line: String) {
        let line = PrintableText.lines(line)
        switch style {
        case .silent: return
        case .lines: write(line + "\n")
        case .bar:
            write((stage == nil ? "" : Self.clearLine) + line + "\n")
            if stage != nil { draw(seconds()) }
        }
    }

    private static let clearLine = "\r\u{1B}[K"

    private func advanceLines(_ current: Stage) {
        let now = seconds()
        let silence = now - current.lastShown
        let tenth = Self.tenth(of: current)
        guard silence >= Self.silenceSeconds || (tenth > current.lastTenth && silence >= Self.tenthSeconds) else {
            return
        }
        stage?.lastShown = now
        stage?.lastTenth = tenth
        write("\(current.name): \(status(of: current, now))\n")
    }

    private static func tenth(of stage: Stage) -> Int {
        guard let total = stage.total, total > 0 else { return 0 }
        return Int(min(1, Double(stage.completed) / Double(total)) * 10)
    }

    /// Such as `40 %, 400 of 1,000 rows, 80 rows/s, 8 s left`.
    private func status(of stage: Stage, _ now: Double) -> String {
        let elapsed = now - stage.start
        var parts: [String] = []
        if let total = stage.total, total > 0 {
            let share = min(1, Double(stage.completed) / Double(total))
            parts.append("\(Int(share * 100)) %")
            parts.append("\(ReadableNumber.count(stage.completed)) of \(ReadableNumber.count(total)) \(stage.unit)")
        } else {
            parts.append("\(ReadableNumber.count(stage.completed)) \(stage.unit)")
        }
        let rate = ReadableNumber.rate(stage.completed, seconds: elapsed, unit: stage.unit)
        if !rate.isEmpty { parts.append(rate) }
        if let total = stage.total, stage.completed > 0, stage.completed < total {
            let left = elapsed * Double(total - stage.completed) / Double(stage.completed)
            parts.append("\(Self.roughly(seconds: left)) left")
        }
        return parts.joined(separator: ", ")
    }

    /// An estimate deserves no tenths.
    private static func roughly(seconds: Double) -> String {
        seconds < 59.5 ? "\(max(1, Int(seconds.rounded()))) s" : ReadableNumber.duration(seconds: seconds)
    }

    private func draw(_ now: Double) {
        guard let current = stage, case .bar(let columnCount) = style else { return }
        stage?.lastShown = now
        // The last column stays free: some terminals wrap as soon as it is written.
        let room = max(0, columnCount() - 1)
        var line = current.name + " "
        if let total = current.total, total > 0 {
            let text = status(of: current, now)
            let used = DisplayWidth.columns(of: line) + DisplayWidth.columns(of: text) + 3
            let width = min(30, room - used)
            if width >= 5 {
                let filled = Int(min(1, Double(current.completed) / Double(total)) * Double(width))
                let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
                line += "[\(bar)] "
            }
            line += text
        } else {
            line += status(of: current, now)
        }
        write(Self.clearLine + DisplayWidth.cut(line, toColumns: room))
    }
}
