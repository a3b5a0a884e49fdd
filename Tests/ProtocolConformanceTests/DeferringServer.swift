import EventLoop
import Foundation
import RecommendationService
import Synchronization
import Telemetry
import TestSupport
import Testing
import WireProtocol

@testable import RecommendationServer
@testable import ServiceMethods

func ping(_ id: Int, _ echo: String, deadline: Int? = nil) -> [UInt8] {
    framed(
        #"{"id":\#(id),"method":"ping","params":{"echo":"\#(echo)"}\#(deadline.map { ",\"deadlineMs\":\($0)" } ?? "")}"#
    )
}

extension TestClient {
    func pinged(_ id: Int) throws -> JSON {
        try send(ping(id, "now"))
        return try JSON.parse(receiveFrame())
    }
}

extension ReplyTicket {
    func answer(_ text: String) {
        answer(meta: { _ in ReplyMeta(serverMicroseconds: 1, queueMicroseconds: 0, indexVersion: nil) }) { writer in
            writer.string(text)
        }
    }

    func answerPing() -> Bool {
        answer(meta: { _ in ReplyMeta(serverMicroseconds: 1, queueMicroseconds: 0, indexVersion: nil) }) { writer in
            writer.pingResult(echo: nil)
        }
    }
}

/// A server of one loop whose `ping` puts off what says "later", and gives the ticket to the test.
final class DeferringServer: Sendable {
    final class Desk: Sendable {
        let tickets = Mutex<[ReplyTicket]>([])
        let isThere = DispatchSemaphore(value: 0)
    }

    private let desk: Desk
    private let server: TCPServer
    private let hasEnded = DispatchSemaphore(value: 0)
    private let running = Atomic<Bool>(true)

    init(rules: RuleDesk? = nil) throws {
        let serving = try ConformanceShop.shared.get().inProcess.serving
        let desk = Desk()
        self.desk = desk
        let limits = try ServingLimits(
            bufferBytes: 64 << 20, threadCount: 1, descriptors: DescriptorLimit(limit: 4096, inUse: 10), memory: nil)
        var configuration = TCPServer.Configuration(loopCount: 1, limits: limits.limits)
        configuration.lingerTimeout = 30
        server = try TCPServer(configuration: configuration, log: Log(level: .off)) { _ in
            var methods = MethodTable.all
            let place = methods.firstIndex { "\($0.name)" == "ping" } ?? 0
            methods[place] = ServiceMethod("ping", cost: .constant, "Made up.") {
                (parameters: PingParameters, context, writer) throws(WireError) in
                switch parameters.echo?.string {
                case "later": break
                case "slow":
                    while !context.isOverdue {}
                    return writer.pingResult(echo: nil)
                case "large": return writer.string(String(repeating: "x", count: 1 << 20))
                default: return writer.pingResult(echo: nil)
                }
                let ticket = try context.putOff()
                desk.tickets.withLock { $0.append(ticket) }
                desk.isThere.signal()
                // Thrown away.
                writer.pingResult(echo: parameters.echo)
            }
            let context = ServiceContext(serving: serving, personas: nil, rules: rules) { ServerFacts() }
            return LoopState(FrameResponder(context, counters: RequestCounters(), methods: methods))
        }
        Thread.detachNewThread { [self] in
            do { _ = try server.run() } catch { Issue.record(error) }
            running.store(false, ordering: .relaxed)
            hasEnded.signal()
        }
    }

    var port: UInt16 { server.boundAddress.port }
    var isAnswering: Bool { running.load(ordering: .relaxed) }

    func nextTicket() throws -> ReplyTicket {
        try #require(desk.isThere.wait(timeout: .now() + 120) == .success, "no request was put off")
        return desk.tickets.withLock { $0.removeFirst() }
    }

    func beginStop(graceMilliseconds: Int = 60_000) { server.shutdown(graceMilliseconds: graceMilliseconds) }

    func stop() throws {
        beginStop()
        try waitForEnd()
    }

    func waitForEnd() throws {
        try #require(hasEnded.wait(timeout: .now() + 120) == .success, "the server did not stop")
    }
}
