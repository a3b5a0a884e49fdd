import EventLoop
import Foundation
import Synchronization
import Telemetry
import TestSupport
import Testing
import WireProtocol

@testable import RecommendationServer
@testable import ServiceMethods

/// A handler that puts its answers off, made up for these tests, behind a real socket.
@Suite(.serialized) struct DeferredHandlerTests {
    @Test func withOrderRepliesFollowTheirRequests() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        #expect(try client.ask(#"{"id":0,"method":"hello","params":{"ordered":true}}"#)["result"] != nil)
        try client.send([1, 2, 3, 4].flatMap { ping($0, $0 % 2 == 1 ? "later" : "now") })
        let tickets = [try server.nextTicket(), try server.nextTicket()]
        for ticket in tickets.reversed() { #expect(ticket.answerPing()) }
        #expect(try ids(client, 4) == [1, 2, 3, 4])
        #expect(try ids(client.pinged(5)) == [5])
        try server.stop()
    }

    @Test func withoutOrderNobodyWaitsForALaterOne() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send([1, 2, 3, 4].flatMap { ping($0, $0 % 2 == 1 ? "later" : "now") })
        #expect(try ids(client, 2) == [2, 4])
        let tickets = [try server.nextTicket(), try server.nextTicket()]
        for ticket in tickets.reversed() { #expect(ticket.answerPing()) }
        #expect(try ids(client, 2) == [3, 1])
        // A second answer goes nowhere.
        _ = tickets[0].answerPing()
        #expect(ids(try client.pinged(5)) == [5])
        try server.stop()
    }

    @Test func aDeadlineEndsATicket() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(ping(1, "later", deadline: 1500))
        let reply = try JSON.parse(client.receiveFrame())
        #expect(reply["error"]?["reason"]?.text == "DEADLINE_EXCEEDED")
        let ticket = try server.nextTicket()
        #expect(ticket.end == .expired && !ticket.answerPing())
        #expect(throws: WireError.self) { try ticket.checkpoint(at: MonotonicClock.nanoseconds()) }
        #expect(ids(try client.pinged(2)) == [2])
        try server.stop()
    }

    @Test func aCancelledRequestIsAnsweredSo() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(ping(1, "later") + ping(2, "later"))
        let (one, two) = (try server.nextTicket(), try server.nextTicket())
        server.cancel(id: "1")
        let reply = try JSON.parse(client.receiveFrame())
        #expect(reply["id"]?.number == 1 && reply["error"]?["reason"]?.text == "BY_CLIENT")
        #expect(one.end == .cancelled && !one.answerPing())
        #expect(two.end == .none && two.answerPing())
        #expect(try ids(client, 1) == [2])
        try server.stop()
    }

    @Test func aClientThatLeavesIsForgotten() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(ping(1, "later"))
        let ticket = try server.nextTicket()
        client.disconnect()
        // Half closed is not gone: the answer is what finds out.
        #expect(ticket.answerPing())
        try server.stop()
        #expect(!server.isAnswering)
    }

    @Test func anErrorThatClosesWaitsForTheRepliesBefore() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        #expect(try client.ask(#"{"id":0,"method":"hello","params":{"ordered":true}}"#)["result"] != nil)
        try client.send(ping(1, "later") + framed("no JSON") + ping(2, "now"))
        #expect(try server.nextTicket().answerPing())
        let frames = try payloads(client.receiveUntilClose()).map { try JSON.parse($0) }
        #expect(frames.count == 2 && frames[0]["id"]?.number == 1)
        #expect(frames.last?["error"]?["reason"]?.text == "PARSE_ERROR")
        client.disconnect()
        try server.stop()
    }

    @Test func aStopWaitsForWhatIsOwed() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(ping(1, "later"))
        let ticket = try server.nextTicket()
        server.beginStop()
        let notice = try JSON.parse(client.receiveFrame())
        #expect(notice["method"]?.text == "server.goingAway")
        #expect(ticket.answerPing())
        #expect(try payloads(client.receiveUntilClose()).map { try JSON.parse($0)["id"]?.number } == [1])
        client.disconnect()
        try server.stop()
    }

    @Test func moreThanTheLimitAreReadOnceThereIsRoom() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        let count = ProtocolLimits.requestsInFlight + 50
        try client.send((0..<count).flatMap { ping($0, "later") })
        for _ in 0..<count { #expect(try server.nextTicket().answerPing()) }
        #expect(Set(try ids(client, count)) == Set(0..<count))
        try server.stop()
    }

    @Test func anIdThatWaitsIsNotTakenTwice() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(framed(#"{"id":"a/b","method":"ping","params":{"echo":"later"}}"#))
        let ticket = try server.nextTicket()
        for id in [#""a/b""#, #""a\/b""#, #""\u0061/b""#] {
            let reply = try client.ask(#"{"id":\#(id),"method":"ping"}"#)
            #expect(reply["error"]?["reason"]?.text == "DUPLICATE_ID" && reply["error"]?["details"]?["field"] != nil)
        }
        #expect(try client.ask(#"{"id":"a","method":"ping"}"#)["result"] != nil)
        #expect(ticket.answerPing())
        #expect(try JSON.parse(client.receiveFrame())["id"]?.text == "a/b")
        #expect(try client.ask(#"{"id":"a/b","method":"ping"}"#)["result"] != nil)
        try server.stop()
    }

    @Test func deadlinesEndTicketsInWhateverOrderTheyCome() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(ping(1, "later", deadline: 600_000) + ping(2, "later"))
        try client.send(ping(3, "later", deadline: 1900) + ping(4, "later", deadline: 1500))
        #expect(try ids(client, 2) == [4, 3])
        let tickets = try (1...4).map { _ in try server.nextTicket() }
        #expect(tickets.map(\.end) == [.none, .none, .expired, .expired])
        #expect(tickets[0].answerPing() && tickets[1].answerPing())
        #expect(try ids(client, 2) == [1, 2])
        try server.stop()
    }

    @Test func whoMakesTheServerHoldTooMuchBackIsClosed() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        #expect(try client.ask(#"{"id":0,"method":"hello","params":{"ordered":true}}"#)["result"] != nil)
        try client.send((1...4).flatMap { ping($0, "later") })
        let tickets = try (1...4).map { _ in try server.nextTicket() }
        let text = String(repeating: "x", count: ProtocolLimits.outputBufferBytes / 3 + 1)
        for ticket in tickets.dropFirst() { ticket.answer(text) }
        #expect(try client.receiveUntilClose().isEmpty)
        client.disconnect()
        try server.stop()
        #expect(tickets[0].end == .disconnected && !tickets[0].answerPing())
    }

    @Test func aStopWaitsNoLongerThanItsGrace() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(ping(1, "later"))
        let ticket = try server.nextTicket()
        server.beginStop(graceMilliseconds: 1)
        try server.waitForEnd()
        #expect(ticket.end == .disconnected && !ticket.answerPing())
        client.disconnect()
    }

    @Test func whatIsBegunForAClientThatHasGoneIsToldSo() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send((1...100).flatMap { ping($0, "later") } + framed("no JSON"))
        let tickets = try (1...100).map { _ in try server.nextTicket() }
        // The error that closes waits for the hundred replies; a reset does not.
        client.reset()
        let other = try TestClient(port: server.port)
        while tickets[99].end == .none { _ = try other.pinged(1) }
        #expect(tickets.allSatisfy { $0.end == .disconnected && !$0.answerPing() })
        try server.stop()
    }

    private func ids(_ client: TestClient, _ count: Int) throws -> [Int] {
        try (0..<count).map { _ in Int(try JSON.parse(client.receiveFrame())["id"]?.number ?? -1) }
    }

    private func ids(_ reply: JSON) -> [Int] { [Int(reply["id"]?.number ?? -1)] }
}

private func ping(_ id: Int, _ echo: String, deadline: Int? = nil) -> [UInt8] {
    framed(
        #"{"id":\#(id),"method":"ping","params":{"echo":"\#(echo)"}\#(deadline.map { ",\"deadlineMs\":\($0)" } ?? "")}"#
    )
}

extension TestClient {
    fileprivate func pinged(_ id: Int) throws -> JSON {
        try send(ping(id, "now"))
        return try JSON.parse(receiveFrame())
    }
}

extension ReplyTicket {
    fileprivate func answer(_ text: String) {
        answer(meta: { _ in ReplyMeta(serverMicroseconds: 1, queueMicroseconds: 0, indexVersion: nil) }) { writer in
            writer.string(text)
        }
    }

    fileprivate func answerPing() -> Bool {
        answer(meta: { _ in ReplyMeta(serverMicroseconds: 1, queueMicroseconds: 0, indexVersion: nil) }) { writer in
            writer.pingResult(echo: nil)
        }
    }
}

/// A server of one loop whose `ping` puts off what says "later", and gives the ticket to the test.
private final class DeferringServer: Sendable {
    private final class Desk: Sendable {
        let tickets = Mutex<[ReplyTicket]>([])
        let isThere = DispatchSemaphore(value: 0)
    }

    private let desk: Desk
    private let server: TCPServer
    private let hasEnded = DispatchSemaphore(value: 0)
    private let running = Atomic<Bool>(true)

    init() throws {
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
                guard parameters.echo?.string == "later" else { return writer.pingResult(echo: nil) }
                let ticket = try context.putOff()
                desk.tickets.withLock { $0.append(ticket) }
                desk.isThere.signal()
                // Thrown away.
                writer.pingResult(echo: parameters.echo)
            }
            let context = ServiceContext(serving: serving, personas: nil) { ServerFacts() }
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

    /// Of whichever session waits for that id.
    func cancel(id: String) {
        server.post(toLoop: 0) { loop in
            let state = loop.context as? LoopState
            _ = (1...100).contains { state?.session(ofConnection: $0)?.cancel(id: Array(id.utf8)) == true }
        }
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
