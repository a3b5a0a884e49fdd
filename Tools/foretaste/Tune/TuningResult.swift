import CommandLineInterface
import Evaluation
import StoredFiles
import Tuning

/// What a search found, as a file of options, as a table and as JSON.
struct TuningResult {
    let plan: TuningSearch.Plan
    let subject: String
    /// Best first, at least one with a score.
    let entries: [TuningSearch.Entry]
    /// Of the best over the defaults.
    let gain: ConfidenceInterval?
    /// What the blend weights keep for the fallback.
    let fallbackWeight: Float
    let ranOutOfTime: Bool

    /// More rows hide the difference between the first ones.
    private static let shownCount = 12

    private var metric: String { "\(plan.metric.key)@\(plan.cutOff)" }

    func write(to path: String) throws {
        let best = entries[0]
        var lines = ["# The best of \(plan.trialCount) trials of 'foretaste tune'.", "# \(comparison)"]
        lines += settings(of: best).map { "\($0.name) = \($0.value)" }
        lines.append("tuned-on = \(subject)")
        var files = OutputFiles()
        try files.add(lines.joined(separator: "\n") + "\n", at: path)
        try files.publish()
    }

    func text(outputPath: String) -> String {
        var table = TextTable([
            .right("trial"), .right(metric), .right("std. error"), .right("seconds"), .left("settings"),
        ])
        for entry in shown {
            let settings = settings(of: entry).map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            table.add([
                "\(entry.record.trial)", number(entry.record.score, 5), number(entry.record.standardError, 5),
                ReadableNumber.fixed(entry.record.seconds, 1),
                entry.record.failure.isEmpty ? (settings.isEmpty ? "the defaults" : settings) : entry.record.failure,
            ])
        }
        let hidden = entries.count - shown.count
        return table.text + (hidden > 0 ? "and \(hidden) more\n" : "") + "\n" + comparison + "\n"
            + (ranOutOfTime ? "The time was up before all trials had run; the same command goes on.\n" : "")
            + "The score of the best is the best of many and so a little too good: judge it on rows put aside,\n"
            + "  foretaste evaluate ... --config \(outputPath)\n"
    }

    var value: JSONText {
        .object([
            .init("metric", .string(metric)), .init("subject", .string(subject)),
            .init("gainOverDefaults", gain.map(Self.value) ?? .null),
            .init("ranOutOfTime", .boolean(ranOutOfTime)),
            .init("trials", .array(entries.map(value))),
        ])
    }

    private var shown: [TuningSearch.Entry] {
        let first = entries.prefix(Self.shownCount)
        let defaults = entries.dropFirst(Self.shownCount).filter { $0.record.trial == 0 }
        return Array(first) + defaults
    }

    private var comparison: String {
        guard let score = entries[0].record.score else { return "No trial has a score." }
        let found = "\(metric) \(ReadableNumber.fixed(score, 5)) on the validation users"
        guard entries[0].record.trial != 0 else { return "\(found): the defaults are the best that was tried." }
        guard let gain else { return "\(found); the defaults failed." }
        let interval = "\(ReadableNumber.fixed(gain.lower, 5)) to \(ReadableNumber.fixed(gain.upper, 5))"
        return "\(found), \(ReadableNumber.fixed(gain.mean, 5)) above the defaults (95 % interval \(interval)"
            + (gain.excludesZero ? ")." : "): no more than chance may explain.")
    }

    /// Everything by which the entry differs from the defaults, the blend included.
    private func settings(of entry: TuningSearch.Entry) -> [TrialSetting] {
        guard let content = entry.record.contentShare.map({ Float($0) }) else { return entry.settings }
        // In tenths, as it was tried: 1 - 0.6 would be 0.39999998.
        let collaborative = Float(10 - (content * 10).rounded()) / 10
        return entry.settings + [
            TrialSetting("weights", "content=\(content),collaborative=\(collaborative),fallback=\(fallbackWeight)")
        ]
    }

    private func number(_ value: Double?, _ places: Int) -> String {
        value.map { ReadableNumber.fixed($0, places) } ?? "failed"
    }

    private func value(_ entry: TuningSearch.Entry) -> JSONText {
        .object([
            .init("trial", .integer(entry.record.trial)),
            .init("score", entry.record.score.map { .number($0) } ?? .null),
            .init("standardError", entry.record.standardError.map { .number($0) } ?? .null),
            .init("seconds", .number(entry.record.seconds)), .init("failure", .string(entry.record.failure)),
            .init("settings", .object(settings(of: entry).map { .init($0.name, .string($0.value)) })),
        ])
    }

    private static func value(_ interval: ConfidenceInterval) -> JSONText {
        .object([
            .init("mean", .number(interval.mean)), .init("lower", .number(interval.lower)),
            .init("upper", .number(interval.upper)),
        ])
    }
}
