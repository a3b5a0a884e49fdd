import ServiceMethods
import Telemetry
import TestSupport
import Testing
import WireProtocol

@testable import RecommendationServer

/// Batches whose requests are answered later, or take their time.
@Suite(.serialized) struct BatchTests {
    @Test func resultsAreInTheOrderOfRequestsWhateverComesFirst() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(batch(1, ["later", "now", "later", "now"]))
        let tickets = [try server.nextTicket(), try server.nextTicket()]
        // Nobody waits for a batch.
        #expect(try client.pinged(2)["id"]?.number == 2)
        for ticket in tickets.reversed() { #expect(ticket.answerPing()) }
        let reply = try JSON.parse(client.receiveFrame())
        #expect(reply["id"]?.number == 1 && reply["meta"]?["quality"]?.text == "full")
        #expect(reply["result"]?["results"]?.elements?.map { $0["id"]?.number } == [0, 1, 2, 3])
        #expect(try JSONSchema(file: "batch.result").findings(in: reply["result"] ?? .null) == [])
        try server.stop()
    }

    @Test func whatTheDeadlineLeavesIsAPartialAnswer() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(batch(1, ["now", "later", "later"], deadline: 1500))
        let tickets = [try server.nextTicket(), try server.nextTicket()]
        #expect(tickets[0].answerPing())
        let reply = try JSON.parse(client.receiveFrame())
        #expect(reply["meta"]?["quality"]?.text == "partial")
        let results = try #require(reply["result"]?["results"]?.elements)
        #expect(results.map { $0["result"] != nil } == [true, true, false])
        #expect(results[2]["error"]?["reason"]?.text == "DEADLINE_EXCEEDED" && results[2]["id"]?.number == 2)
        #expect(tickets[1].end == .expired && !tickets[1].answerPing())
        #expect(try client.pinged(2)["id"]?.number == 2)
        try server.stop()
    }

    @Test func aBatchIsCancelledAsAWhole() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(batch(1, ["later", "later"]) + batch(2, ["later"]))
        let tickets = try (1...3).map { _ in try server.nextTicket() }
        try client.send(framed(#"{"method":"cancel","params":{"id":1}}"#))
        let reply = try JSON.parse(client.receiveFrame())
        #expect(reply["id"]?.number == 1 && reply["error"]?["reason"]?.text == "BY_CLIENT")
        #expect(tickets[0].end != .none && tickets[1].end != .none && tickets[2].end == .none)
        #expect(tickets[2].answerPing())
        #expect(try JSON.parse(client.receiveFrame())["id"]?.number == 2)
        try server.stop()
    }

    @Test func aBatchEndsWithItsConnection() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(batch(1, ["later"]))
        let ticket = try server.nextTicket()
        client.reset()
        let other = try TestClient(port: server.port)
        while ticket.end == .none { _ = try other.pinged(1) }
        #expect(!ticket.answerPing() || ticket.end == .disconnected)
        try server.stop()
    }

    @Test func aStopWaitsForABatch() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(batch(1, ["later", "now"]))
        let ticket = try server.nextTicket()
        server.beginStop()
        #expect(try JSON.parse(client.receiveFrame())["method"]?.text == "server.goingAway")
        #expect(ticket.answerPing())
        let frames = try payloads(client.receiveUntilClose()).map { try JSON.parse($0) }
        #expect(frames.first?["result"]?["results"]?.elements?.count == 2)
        client.disconnect()
        try server.stop()
    }

    /// What does not fit is refused one by one, with its id.
    @Test func answersThatDoNotFitAreRefused() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(batch(1, Array(repeating: "large", count: 20)))
        let reply = try JSON.parse(client.receiveFrame())
        let results = try #require(reply["result"]?["results"]?.elements)
        let isAnswered = results.map { $0["result"] != nil }
        #expect(isAnswered == (0..<20).map { $0 < 11 })
        #expect(results.allSatisfy { $0["result"] != nil || $0["error"]?["reason"]?.text == "REPLY_TOO_LARGE" })
        #expect(results.map { $0["id"]?.number } == (0..<20).map { Double($0) })
        #expect(try client.pinged(2)["id"]?.number == 2)
        try server.stop()
    }

    /// A turn is over long before a thousand requests are answered: others have their turns between.
    @Test func aBatchIsAnsweredInTurns() throws {
        let responder = try ConformanceShop.shared.get().inProcess.makeResponder()
        let transport = NoTransport()
        let replies = ConnectionReplies(transport: transport)
        let caller = Caller(replies: replies)
        let request = #"{"method":"recommend.user","params":{"userId":"u00001","count":500}}"#
        let text =
            #"{"id":1,"method":"batch","params":{"requests":[\#(Array(repeating: request, count: 1000).joined(separator: ","))]}}"#
        var output: [UInt8] = []
        var writer = JSONWriter(appendingTo: &output)
        let now = MonotonicClock.nanoseconds()
        let bytes = Array(text.utf8)
        let outcome = responder.answer(
            unsafe bytes.span.bytes, RequestTimes(receivedAt: now, startedAt: now), &writer, for: caller)
        writer.finish(into: &output)
        #expect(outcome == .putOff && output.isEmpty)
        let run = BatchRun(
            try #require(caller.batch), receivedAt: now, from: caller, transport: transport, room: ReplyRoom())
        var turns = 0
        repeat {
            run.takeTurn(responder)
            turns += 1
        } while !run.hasBegunAll
        #expect(run.isDone && turns > 10)
    }

    private func batch(_ id: Int, _ echoes: [String], deadline: Int? = nil) -> [UInt8] {
        let requests = echoes.enumerated().map {
            #"{"id":\#($0.offset),"method":"ping","params":{"echo":"\#($0.element)"}}"#
        }
        let end = deadline.map { ",\"deadlineMs\":\($0)" } ?? ""
        return framed(
            #"{"id":\#(id),"method":"batch","params":{"requests":[\#(requests.joined(separator: ","))]}\#(end)}"#)
    }
}

struct NoTransport: ReplyTransport {
    func deliver(_ number: ReplyNumber, _ write: @escaping ReplyWriting) -> Bool { false }
}
