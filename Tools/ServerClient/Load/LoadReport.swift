package import CommandLineInterface
import Telemetry

/// What a load has measured.
package struct LoadReport: Sendable {
    /// Of one line of the mix, or of all together.
    package struct Figures: Sendable {
        package let name: String
        package var answered = 0
        package var failed = 0
        /// From when a request was due. In a closed loop that is when it was sent.
        var responses = LatencyHistogram()
        /// From when it was sent.
        var services = LatencyHistogram()

        package init(name: String) { self.name = name }

        mutating func merge(_ other: Figures) {
            answered += other.answered
            failed += other.failed
            responses.merge(other.responses)
            services.merge(other.services)
        }
    }

    package var lines: [Figures]
    package var seconds = 0.0
    /// What was wanted; nil in a closed loop.
    package let perSecond: Double?
    /// Of requests that were sent and not answered by the end.
    package var unanswered = 0
    /// Of requests that were due and never sent, since all places were taken until the end.
    package var unsent = 0
    /// What the server said, by reason, with its first message.
    package var reasons: [String: (count: Int, message: String)] = [:]

    package init(lines: [String], perSecond: Double?) {
        self.lines = lines.map { Figures(name: $0) }
        self.perSecond = perSecond
    }

    package var total: Figures {
        lines.reduce(into: Figures(name: "all")) { $0.merge($1) }
    }

    private static let percents: [(name: String, percent: Double)] = [
        ("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9),
    ]

    /// For people.
    package var text: String {
        let times = Self.percents.map { TextTable.Column.right("\($0.name) ms") }
        let columns: [TextTable.Column] = [.left(""), .right("requests"), .right("errors"), .right("per second")]
        var table = TextTable(columns + times + [.right("max ms")])
        let rows = lines.count > 1 ? lines + [total] : lines
        for figures in rows { table.add(row(figures, figures.responses)) }
        if perSecond != nil {
            var all = row(total, total.services)
            all[0] = "from sending"
            table.add(all)
        }
        var text = table.text + "\n" + explanation
        for (reason, (count, message)) in reasons.sorted(by: { $0.key < $1.key }) {
            text += "\(count) times \(reason): \(message)\n"
        }
        return text
    }

    private var explanation: String {
        guard let perSecond else {
            return
                "Closed loop: a request follows each reply. While the server stands still nothing is asked, so its pauses are "
                + "seen once; --rate shows what clients would see.\n"
        }
        var text =
            "Open loop of \(Self.places(perSecond, 0)) requests a second: times count from when a request was due, so those that a pause of "
            + "the server kept waiting count too.\n"
        if unsent > 0 {
            text +=
                "\(unsent) requests were due and could not be sent: the server, or this program, did not keep up. Their time "
                + "is in no figure; try a lower --rate, or more --connections.\n"
        }
        if unanswered > 0 { text += "\(unanswered) requests had no answer in time.\n" }
        return text
    }

    private func row(_ figures: Figures, _ times: LatencyHistogram) -> [String] {
        [
            figures.name, "\(figures.answered)", "\(figures.failed)",
            Self.places(Double(figures.answered) / max(seconds, 1e-9), 0),
        ] + Self.percents.map { Self.milliseconds(times.percentile($0.percent)) }
            + [Self.milliseconds(times.greatest)]
    }

    private static func milliseconds(_ nanoseconds: UInt64) -> String { places(Double(nanoseconds) / 1e6, 3) }

    /// With so many digits behind the point.
    private static func places(_ number: Double, _ count: Int) -> String {
        let scale = count == 0 ? 1.0 : 1000.0
        let whole = Int((number * scale).rounded())
        guard count > 0 else { return "\(whole)" }
        let fraction = String(whole % 1000)
        return "\(whole / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    package var json: JSONText {
        .object([
            .init("loop", .string(perSecond == nil ? "closed" : "open")),
            .init("ratePerSecond", perSecond.map { JSONText.number($0) } ?? .null), .init("seconds", .number(seconds)),
            .init("unanswered", .integer(unanswered)), .init("unsent", .integer(unsent)),
            .init("all", Self.json(total, seconds)),
            .init("requests", .array(lines.map { Self.json($0, seconds) })),
            .init(
                "errors",
                .object(reasons.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value.count)) })),
        ])
    }

    private static func json(_ figures: Figures, _ seconds: Double) -> JSONText {
        func times(_ histogram: LatencyHistogram) -> JSONText {
            let members = percents.map { name, percent in
                JSONText.Member(name, .number(Double(histogram.percentile(percent)) / 1e6))
            }
            return .object(members + [JSONText.Member("max", .number(Double(histogram.greatest) / 1e6))])
        }
        return .object([
            .init("name", .string(figures.name)), .init("answered", .integer(figures.answered)),
            .init("failed", .integer(figures.failed)),
            .init("perSecond", .number(Double(figures.answered) / max(seconds, 1e-9))),
            .init("responseMs", times(figures.responses)), .init("serviceMs", times(figures.services)),
        ])
    }
}
