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

    @Test func anAnswerThatComesTooLateIsNone() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(ping(1, "slow", deadline: 1500))
        #expect(try JSON.parse(client.receiveFrame())["error"]?["reason"]?.text == "DEADLINE_EXCEEDED")
        try server.stop()
    }

    /// The items without their reasons, which take as long again.
    @Test func recommendationsAreAnsweredInPart() throws {
        let responder = try ConformanceShop.shared.get().inProcess.makeResponder()
        let text = Array(
            #"{"id":1,"method":"recommend.user","params":{"userId":"u00001","explain":"full"}}"#.utf8)
        for (deadline, quality) in [(UInt64.max, ReplyQuality.full), (1, .partial)] {
            var output: [UInt8] = []
            var writer = JSONWriter(appendingTo: &output)
            let context = responder.context
            var refusal: WireError?
            try JSONParser().withRequest(in: unsafe text.span.bytes) { request in
                context.begin(Caller(replies: nil), deadline: deadline)
                do throws(WireError) {
                    try MethodTable.all[request.method].answer(request, context, &writer)
                } catch {
                    refusal = error
                }
            }
            writer.finish(into: &output)
            let items = try #require(try JSON.parse(output)["items"]?.elements)
            #expect(refusal == nil && context.quality == quality && items.count == 10)
            let reasons = items.compactMap { $0["because"]?.elements?.count }.reduce(0, +)
            #expect((reasons > 0) == (quality == .full))
        }
    }

    @Test func aCancelledRequestIsAnsweredSo() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(ping(1, "later") + ping(2, "later"))
        let (one, two) = (try server.nextTicket(), try server.nextTicket())
        try client.send(framed(#"{"method":"cancel","params":{"id":1}}"#))
        let reply = try JSON.parse(client.receiveFrame())
        #expect(reply["id"]?.number == 1 && reply["error"]?["reason"]?.text == "BY_CLIENT")
        #expect(one.end == .cancelled && !one.answerPing())
        #expect(two.end == .none && two.answerPing())
        #expect(try ids(client, 1) == [2])
        // Asked with an id, it says whether there was something to cancel.
        try client.send(ping(3, "later") + framed(#"{"id":4,"method":"cancel","params":{"id":3}}"#))
        let replies = try (1...2).map { _ in try JSON.parse(client.receiveFrame()) }.sorted {
            ($0["id"]?.number ?? 0) < ($1["id"]?.number ?? 0)
        }
        #expect(
            replies[0]["error"]?["status"]?.text == "CANCELLED" && replies[1]["result"]?["cancelled"] == .boolean(true))
        try server.stop()
    }

    @Test func aHundredThousandCancelsDoNoHarm() throws {
        let server = try DeferringServer()
        let client = try TestClient(port: server.port)
        try client.send(ping(1, "later"))
        let ticket = try server.nextTicket()
        let cancel = framed(#"{"method":"cancel","params":{"id":"nobody"}}"#)
        let many = [[UInt8]](repeating: cancel, count: 10_000).flatMap(\.self)
        for _ in 0..<10 { try client.send(many) }
        #expect(ids(try client.pinged(2)) == [2])
        #expect(ticket.end == .none && ticket.answerPing())
        #expect(try ids(client, 1) == [1])
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
