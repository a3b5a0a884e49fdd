import EventLoop
import ServiceMethods
import Telemetry
import WireProtocol

/// What `/metrics` tells, read at one moment.
struct ServerMetrics {
    /// One way by which requests come.
    struct Transport {
        let name: String
        let requests: [RequestCounters]
        let connections: Int
        let bufferedBytes: Int
    }

    let version: String
    let health: ServerHealth
    /// Of the index in use.
    let summary: IndexSummary
    let transports: [Transport]
    let recommendations: [RecommendationCounters]
    /// Of the HTTP listener: status and count.
    let httpReplies: [(status: Int, count: Int)]
    let httpSlowCloses: Int
    /// Of the frame transport, by what happened to connections.
    let connectionEvents: [(name: String, value: Int)]
    /// Nil where the server asks nobody for a key.
    let wrongKeys: Int?
    let process: ProcessFacts

    /// From 50 us, about what the quickest method takes over a socket, to a second, where people begin to leave.
    static let bounds: [(text: String, nanoseconds: UInt64)] = [
        ("0.00005", 50_000), ("0.0001", 100_000), ("0.00025", 250_000), ("0.0005", 500_000), ("0.001", 1_000_000),
        ("0.0025", 2_500_000), ("0.005", 5_000_000), ("0.01", 10_000_000), ("0.025", 25_000_000),
        ("0.05", 50_000_000), ("0.1", 100_000_000), ("0.25", 250_000_000), ("1", 1_000_000_000),
    ]

    var text: [UInt8] {
        var text = MetricsText()
        writeServer(&text)
        writeRequests(&text)
        writeLatencies(&text)
        writeConnections(&text)
        writeProcess(&text)
        return text.bytes
    }

    private func writeServer(_ text: inout MetricsText) {
        if let wrongKeys {
            text.family("foretaste_wrong_keys_total", .counter, "Keys and tokens that were shown and allow nothing.")
            text.sample(wrongKeys)
        }
        text.family("foretaste_build_info", .gauge, "1, with the version as a label.")
        text.sample(1, [("version", version), ("protocol", "\(ProtocolLimits.protocolVersion)")])
        text.family("foretaste_ready", .gauge, "1 while the server wants requests, 0 while it starts or drains.")
        text.sample(health == .ready ? 1 : 0)
        text.family("foretaste_index_info", .gauge, "1, with the version of the index in use as a label.")
        text.sample(1, [("version", summary.version), ("format", "\(summary.formatVersion)")])
        text.family("foretaste_index_age_seconds", .gauge, "Since the index in use was built.")
        text.sample(summary.ageSeconds)
        text.family("foretaste_index_bytes", .gauge, "Of the file of the index in use.")
        text.sample(summary.bytes)
        text.family(
            "foretaste_index_entries", .gauge, "Users, items and interactions that the index in use was built from.")
        text.sample(summary.users, [("kind", "users")])
        text.sample(summary.items, [("kind", "items")])
        text.sample(summary.interactions, [("kind", "interactions")])
        text.family("foretaste_recommendations_total", .counter, "Answers of the methods recommend.*.")
        text.sample(recommendations.reduce(0) { $0 + $1.answers })
        text.family(
            "foretaste_recommendations_with_fallback_total", .counter,
            "Those of them that hold a fallback item at least: divide by foretaste_recommendations_total for the rate.")
        text.sample(recommendations.reduce(0) { $0 + $1.answersWithFallback })
    }

    private func writeRequests(_ text: inout MetricsText) {
        text.family(
            "foretaste_requests_total", .counter,
            "Requests by method and status; the method is empty where the request named none.")
        for transport in transports {
            for (number, method) in MethodTable.names.all.enumerated() {
                let labels = [("transport", transport.name), ("method", method)]
                text.sample(
                    transport.requests.reduce(0) { $0 + $1.answered(method: number) }, labels + [("code", "OK")])
                writeFailures(&text, transport, number, labels)
            }
            writeFailures(&text, transport, nil, [("transport", transport.name), ("method", "")])
        }
        text.family("foretaste_http_replies_total", .counter, "Answers over HTTP by status.")
        for (status, count) in httpReplies { text.sample(count, [("status", "\(status)")]) }
        text.family(
            "foretaste_bug_numbers_total", .counter, "Numbers in answers that JSON cannot write: each is a bug.")
        text.sample(transports.reduce(0) { $0 + $1.requests.reduce(0) { $0 + $1.nonFiniteNumbers } })
    }

    private func writeFailures(
        _ text: inout MetricsText, _ transport: Transport, _ method: Int?, _ labels: [(String, String)]
    ) {
        for (place, status) in RequestCounters.statuses.enumerated() {
            let count = transport.requests.reduce(0) { $0 + $1.failed(method: method, status: place) }
            if count > 0 { text.sample(count, labels + [("code", status)]) }
        }
    }

    private func writeLatencies(_ text: inout MetricsText) {
        text.family(
            "foretaste_request_duration_seconds", .histogram,
            "Of answered requests, from the arrival of the last byte to the answer.")
        for transport in transports {
            for (number, method) in MethodTable.names.all.enumerated() {
                let latency = transport.requests.reduce(into: LatencyHistogram()) {
                    $0.merge($1.latency(method: number))
                }
                if latency.count > 0 {
                    Self.write(latency, [("transport", transport.name), ("method", method)], &text)
                }
            }
        }
        text.family(
            "foretaste_request_queue_seconds", .histogram,
            "What requests in frames waited for their turn, from the arrival of the last byte.")
        let queued = transports.flatMap(\.requests).reduce(into: LatencyHistogram()) { $0.merge($1.queueTimes) }
        Self.write(queued, [], &text)
    }

    private static func write(
        _ histogram: LatencyHistogram, _ labels: [(String, String)], _ text: inout MetricsText
    ) {
        text.histogram(
            bounds: bounds.map(\.text), counts: histogram.counts(upTo: bounds.map(\.nanoseconds)),
            count: histogram.count, sumSeconds: Double(histogram.sum) / 1e9, labels)
    }

    private func writeConnections(_ text: inout MetricsText) {
        text.family("foretaste_connections", .gauge, "Open connections.")
        for transport in transports { text.sample(transport.connections, [("transport", transport.name)]) }
        text.family("foretaste_buffered_bytes", .gauge, "Half requests, and answers that clients have yet to take.")
        for transport in transports { text.sample(transport.bufferedBytes, [("transport", transport.name)]) }
        text.family(
            "foretaste_connection_events_total", .counter, "What happened to connections of the frame transport.")
        for (name, value) in connectionEvents { text.sample(value, [("event", name)]) }
        text.family(
            "foretaste_http_slow_closes_total", .counter, "HTTP connections that were cut as they took too long.")
        text.sample(httpSlowCloses)
    }

    /// By the names that Prometheus's own libraries give them.
    private func writeProcess(_ text: inout MetricsText) {
        text.family("process_cpu_seconds_total", .counter, "User and system time of all threads.")
        text.sample(process.cpuSeconds)
        text.family("process_resident_memory_bytes", .gauge, "Memory in physical pages, pages of the index included.")
        text.sample(process.residentBytes)
        text.family("foretaste_peak_resident_memory_bytes", .gauge, "The most that it has been.")
        text.sample(process.peakResidentBytes)
        text.family("foretaste_uptime_seconds", .gauge, "Since the server started.")
        text.sample(process.uptimeSeconds)
    }
}
