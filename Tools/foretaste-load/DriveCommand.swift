import CommandLineInterface
import RecommendationIndex
import Telemetry

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `foretaste-load drive`: a closed loop of requests on one thread.
enum DriveCommand {
    static let command = Command(
        name: "drive", summary: "Keep a server busy with one kind of request and time every reply.",
        options: [
            .required("server", "HOST:PORT", help: "Where the server listens."),
            .required("index", "DIR", help: "The index that it serves: ids are drawn from it."),
            .value(
                "kind", "KIND", default: "user",
                help: "\(RequestKind.allCases.map(\.rawValue).joined(separator: ", "))."),
            .value("connections", "N", default: "1", help: "Connections at once."),
            .value("depth", "N", default: "1", help: "Requests on their way per connection."),
            .value("milliseconds", "N", default: "2000", help: "How long to measure."),
            .value("warm-up", "N", default: "300", help: "Milliseconds before that, not counted."),
            .value("seed", "N", default: "1", help: "Which ids are drawn."),
            .value("history", "FROM:TO", default: "0:1000000", help: "Users with a history of that many items only."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let given = try parsed.address("server")
        guard let kind = RequestKind(rawValue: try parsed.string("kind")) else {
            throw parsed.refusal(
                "kind", value: try parsed.string("kind"),
                expected: RequestKind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let plan = try RequestPlan(
            kind, try RecommendationIndex.open(try parsed.string("index")),
            seed: UInt64(try parsed.integer("seed", in: 0...Int.max)), historyLengths: try historyLengths(parsed))
        let count = try parsed.integer("connections", in: 1...1000)
        let address = ServerAddress(host: given.host, port: given.port)
        var connections: [LoadConnection] = []
        for number in 0..<count {
            connections.append(
                try LoadConnection(
                    address, plan, depth: try parsed.integer("depth", in: 1...128),
                    firstFrame: number * plan.ranges.count / count))
        }
        for connection in connections { try connection.start() }
        try turn(connections, milliseconds: try parsed.integer("warm-up", in: 0...600_000))
        for connection in connections { connection.counts = true }
        let begin = MonotonicClock.nanoseconds()
        try turn(connections, milliseconds: try parsed.integer("milliseconds", in: 1...600_000))
        report(connections, seconds: Double(MonotonicClock.nanoseconds() - begin) / 1e9)
    }

    private static func historyLengths(_ parsed: ParsedCommand) throws -> ClosedRange<Int> {
        let text = try parsed.string("history")
        let parts = text.split(separator: ":").map { Int($0) }
        guard parts.count == 2, let first = parts[0], let last = parts[1], first >= 0, first <= last else {
            throw parsed.refusal("history", value: text, expected: "two numbers such as 40:60")
        }
        return first...last
    }

    private static func turn(_ connections: [LoadConnection], milliseconds: Int) throws {
        let end = MonotonicClock.nanoseconds() + UInt64(milliseconds) * 1_000_000
        if connections.count == 1 {
            while MonotonicClock.nanoseconds() < end { try connections[0].advance(waits: true) }
            return
        }
        var waiting = connections.map { connection in
            pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
        }
        while MonotonicClock.nanoseconds() < end {
            let ready = unsafe poll(&waiting, nfds_t(waiting.count), pollMilliseconds)
            if ready < 0 && errno == EINTR { continue }
            guard ready > 0 else { throw LoadFailure(description: "no reply within \(pollMilliseconds) ms") }
            for position in waiting.indices where waiting[position].revents != 0 {
                try connections[position].advance(waits: false)
            }
        }
    }

    /// A server that lets a closed loop wait so long has stopped answering.
    private static let pollMilliseconds: Int32 = 10_000

    private static func report(_ connections: [LoadConnection], seconds: Double) {
        var latencies = LatencyHistogram()
        for connection in connections { latencies.merge(connection.latencies) }
        let replyBytes = connections.reduce(0) { $0 + $1.replyByteCount }
        var members: [JSONText.Member] = [
            .init("requests", .integer(Int(latencies.count))),
            .init("errors", .integer(connections.reduce(0) { $0 + $1.errorCount })),
            .init("seconds", .number(seconds)),
            .init("requestsPerSecond", .number(Double(latencies.count) / seconds)),
            .init("replyBytes", .number(Double(replyBytes) / Double(max(latencies.count, 1)))),
        ]
        for (name, percent) in [("p50", 50), ("p90", 90), ("p99", 99), ("p999", 99.9)] as [(String, Double)] {
            members.append(.init(name, .number(Double(latencies.percentile(percent)) / 1000)))
        }
        members.append(.init("max", .number(Double(latencies.greatest) / 1000)))
        Terminal.standardOutput.write(JSONText.object(members).indented + "\n")
    }
}
