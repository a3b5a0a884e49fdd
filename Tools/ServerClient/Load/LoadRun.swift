import Telemetry
import WireProtocol

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How a load is driven.
package struct LoadPlan: Sendable {
    package var connectionCount = 8
    /// Requests on their way in each connection.
    package var depth = 1
    /// Nil: a closed loop.
    package var perSecond: Double?
    package var warmUpSeconds = 1
    package var seconds = 10
    /// How long answers are waited for once no more is asked.
    package var timeoutSeconds = 10

    package init() {}
}

/// A load on a server, driven by one thread.
package final class LoadRun {
    private let plan: LoadPlan
    private let requests: [(line: Int, tail: [UInt8])]
    private var connections: [LoadChannel] = []
    private var report: LoadReport
    private let parser = JSONParser(maximumBytes: ProtocolLimits.frameBytesOut, isOfServer: true)
    private var nextRequest = 0
    private var nextConnection = 0
    /// From here requests count.
    private var countsFrom: UInt64 = 0

    /// Makes the connections.
    package init(
        _ plan: LoadPlan, _ mix: RequestMix, _ requests: [(line: Int, tail: [UInt8])], to reach: ServerReach
    ) throws(ServerConnectionError) {
        self.plan = plan
        self.requests = requests
        report = LoadReport(lines: mix.lines.map(\.method), perSecond: plan.perSecond)
        for _ in 0..<plan.connectionCount {
            let channel = try reach.openChannel(timeoutSeconds: plan.timeoutSeconds)
            connections.append(LoadChannel(channel, depth: plan.depth))
        }
    }

    package func run() throws(ServerConnectionError) -> LoadReport {
        let begin = MonotonicClock.nanoseconds()
        countsFrom = begin + UInt64(plan.warmUpSeconds) * 1_000_000_000
        let end = countsFrom + UInt64(plan.seconds) * 1_000_000_000
        var schedule = LoadSchedule(perSecond: plan.perSecond, begin: begin, end: end)
        var now = begin
        while now < end {
            try send(&schedule, now)
            try wait(until: min(schedule.next(at: now) ?? end, end), now)
            now = MonotonicClock.nanoseconds()
        }
        report.seconds = Double(plan.seconds)
        while schedule.next(at: end - 1) != nil, plan.perSecond != nil {
            report.unsent += 1
            schedule.take()
        }
        try drain(now + UInt64(plan.timeoutSeconds) * 1_000_000_000)
        report.unanswered = connections.reduce(0) { $0 + $1.waitingCount }
        return report
    }

    /// All that is due now, as far as there is room.
    private func send(_ schedule: inout LoadSchedule, _ now: UInt64) throws(ServerConnectionError) {
        while let due = schedule.next(at: now), due <= now, let connection = roomyConnection() {
            let (line, tail) = requests[nextRequest]
            nextRequest = (nextRequest + 1) % requests.count
            connection.add(tail, LoadChannel.Request(line: line, dueAt: due, sentAt: now))
            schedule.take()
        }
        for connection in connections { try connection.flush() }
    }

    /// In turn.
    private func roomyConnection() -> LoadChannel? {
        for _ in connections.indices {
            let connection = connections[nextConnection]
            nextConnection = (nextConnection + 1) % connections.count
            if connection.hasRoom { return connection }
        }
        return nil
    }

    /// Until something comes, or the next request is due and there is room for it.
    private func wait(until due: UInt64, _ now: UInt64) throws(ServerConnectionError) {
        let hasRoom = connections.contains { $0.hasRoom }
        let left = due > now && (plan.perSecond != nil || !hasRoom) ? due - now : 0
        // What is due within a millisecond is waited for awake: poll sleeps whole ones.
        let milliseconds = hasRoom ? left / 1_000_000 : Self.longestWaitMilliseconds
        try receive(milliseconds: Int32(min(milliseconds, Self.longestWaitMilliseconds)))
    }

    /// A server that answers nothing is looked at so often.
    private static let longestWaitMilliseconds: UInt64 = 100

    private func drain(_ end: UInt64) throws(ServerConnectionError) {
        while connections.contains(where: { $0.waitingCount > 0 }), MonotonicClock.nanoseconds() < end {
            try receive(milliseconds: Int32(Self.longestWaitMilliseconds))
        }
    }

    private func receive(milliseconds: Int32) throws(ServerConnectionError) {
        var waiting = connections.map { pollfd(fd: $0.channel.descriptor, events: Int16(POLLIN), revents: 0) }
        guard unsafe poll(&waiting, nfds_t(waiting.count), milliseconds) > 0 else { return }
        let now = MonotonicClock.nanoseconds()
        for (place, connection) in connections.enumerated() where waiting[place].revents != 0 {
            try connection.receive { request, payload in take(request, payload, now) }
            guard connection.isOpen else {
                throw ServerConnectionError(
                    description: "\(connection.channel.server) closed the connection; its log says why")
            }
        }
    }

    private func take(_ request: LoadChannel.Request, _ payload: ArraySlice<UInt8>, _ now: UInt64) {
        guard request.dueAt >= countsFrom else { return }
        let reply = Array(payload)
        switch unsafe parser.replyOutcome(in: reply.span.bytes) {
        case .success, .notice: report.lines[request.line].answered += 1
        case .failure(_, let reason, let message): fail(request, reason, message)
        case .malformed: fail(request, "malformed", "not a reply of this protocol")
        }
        report.lines[request.line].responses.record(nanoseconds: now - request.dueAt)
        report.lines[request.line].services.record(nanoseconds: now - request.sentAt)
    }

    private func fail(_ request: LoadChannel.Request, _ reason: String, _ message: String) {
        report.lines[request.line].failed += 1
        report.reasons[reason, default: (0, message)].count += 1
    }
}
