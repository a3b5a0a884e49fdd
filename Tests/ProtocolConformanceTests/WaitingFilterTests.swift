import RecommendationService
import Synchronization
import TestSupport
import Testing
import WireProtocol

@testable import RecommendationServer

/// Requests whose filters are looked over on a worker: here on none until the test says so.
@Suite(.serialized) struct WaitingFilterTests {
    private final class Bench: Sendable {
        private let works = Mutex<[RuleDesk.Work]>([])
        private let isOpen = Mutex(false)

        func put(_ work: @escaping RuleDesk.Work) {
            if isOpen.withLock({ $0 }) { return work() }
            works.withLock { $0.append(work) }
        }

        /// From now on everything is done at once.
        func open() {
            isOpen.withLock { $0 = true }
            for work in works.withLock({ $0 }) { work() }
            works.withLock { $0 = [] }
        }

        func doAll() {
            while let work = works.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { work() }
        }
    }

    private let bench = Bench()
    private let desk: RuleDesk
    private let server: DeferringServer

    init() throws {
        desk = RuleDesk(workerCount: 1, quickNanoseconds: 0) { [bench] in bench.put($0) }
        server = try DeferringServer(rules: desk)
    }

    private func connect() throws -> TestClient { try TestClient(port: server.port) }

    private static func request(_ id: Int, _ filter: String, _ more: String = "", deadline: Int? = nil) -> String {
        #"{"id":\#(id),"method":"recommend.user","params":{"userId":"u00001","filter":"\#(filter)"\#(more)}"#
            + (deadline.map { #","deadlineMs":\#($0)}"# } ?? "}")
    }

    private func reply(_ client: TestClient) throws -> JSON { try JSON.parse(client.receiveFrame()) }

    /// What a server answers that looks everything over at once.
    private func expected(_ request: String) throws -> JSON {
        try #require(try ConformanceShop.shared.get().inProcess.connect().ask(request)["result"])
    }

    private let odd = "id ends with '1' or id ends with '3'"

    @Test func othersGoOnAndTheAnswerIsTheSame() throws {
        let client = try connect()
        let requests = [
            Self.request(1, odd), Self.request(2, "not id ends with '0'", #","boost":"1 + (id ends with '7')""#),
            #"{"id":3,"method":"explain.whyNot","params":{"userId":"u00001","itemId":"i00001","filter":"id ends with '9'"}}"#,
        ]
        for request in requests { try client.send(framed(request)) }
        #expect(try client.pinged(4)["id"]?.number == 4)
        #expect(try connect().pinged(5)["id"]?.number == 5)
        #expect(desk.openCount == 3 && desk.evaluationCount == 0)
        bench.open()
        var answers: [Double: JSON] = [:]
        for _ in requests {
            let answer = try reply(client)
            let result = try #require(answer["result"] as JSON?)
            answers[try #require(answer["id"]?.number)] = result
        }
        for (place, request) in requests.enumerated() {
            #expect(answers[Double(place + 1)] == (try expected(request)), "\(request)")
        }
        // Known now, with the boost of its own.
        #expect(desk.evaluationCount == 4)
        try client.send(framed(requests[1]))
        #expect(try reply(client)["result"] == answers[2])
        #expect(desk.evaluationCount == 4)
        try server.stop()
    }

    @Test func theSameFilterIsLookedOverOnce() throws {
        let clients = try (0..<4).map { _ in try connect() }
        for client in clients { try client.send(framed(Self.request(1, odd))) }
        for client in clients { #expect(try client.pinged(2)["id"]?.number == 2) }
        #expect(desk.openCount == 1)
        bench.open()
        let answers = try clients.map { try reply($0)["result"] }
        #expect(answers.allSatisfy { $0 != nil && $0 == answers[0] } && desk.evaluationCount == 1)
        try server.stop()
    }

    @Test func whoCancelsOrIsLateIsAnsweredSo() throws {
        let client = try connect()
        try client.send(framed(Self.request(1, odd)) + framed(#"{"method":"cancel","params":{"id":1}}"#))
        #expect(try reply(client)["error"]?["reason"]?.text == "BY_CLIENT")
        try client.send(framed(Self.request(2, "id ends with '4'", deadline: 30)))
        #expect(try reply(client)["error"]?["reason"]?.text == "DEADLINE_EXCEEDED")
        bench.doAll()
        #expect(desk.openCount == 0 && desk.evaluationCount == 0, "nobody wants them any more")
        #expect(try client.pinged(3)["id"]?.number == 3)
        try server.stop()
    }

    @Test func orderAndBatchesHold() throws {
        let client = try connect()
        let hello = try client.sendAndReceive(#"{"id":0,"method":"hello","params":{"ordered":true}}"#)
        #expect(hello["result"]?["ordered"] == .boolean(true))
        let elements = [odd, "id ends with '2'", odd].enumerated().map { Self.request($0, $1) }
        try client.send(
            framed(Self.request(1, odd)) + ping(2, "now")
                + framed(#"{"id":3,"method":"batch","params":{"requests":[\#(elements.joined(separator: ","))]}}"#)
                + ping(4, "now"))
        let other = try connect()
        // The batch takes its turns.
        while desk.openCount < 2 { _ = try other.pinged(1) }
        bench.open()
        let replies = try (1...4).map { _ in try reply(client) }
        #expect(replies.map { $0["id"]?.number } == [1, 2, 3, 4])
        let results = try #require(replies[2]["result"]?["results"]?.elements)
        #expect(results.map { $0["id"]?.number } == [0, 1, 2])
        for (request, result) in zip(elements, results) { #expect(result["result"] == (try expected(request))) }
        try server.stop()
    }

    @Test func moreThanTheServerTakesIsRefused() throws {
        let (count, each) = (RuleDesk.evaluationLimit, RuleDesk.askerLimit)
        let clients = try (0..<count / each).map { _ in try connect() }
        func expectRefused(_ reply: JSON, id: Int) {
            #expect(reply["id"]?.number == Double(id) && reply["error"]?["status"]?.text == "RESOURCE_EXHAUSTED")
            #expect(reply["error"]?["retryable"] == .boolean(true))
        }
        for (number, client) in clients.enumerated() {
            for place in number * each..<(number + 1) * each {
                try client.send(framed(Self.request(place, "id ends with '\(place)'")))
            }
        }
        let other = try connect()
        while desk.openCount < count { _ = try other.pinged(1) }
        // One connection has as many as it may, and all together as many as the server takes.
        try clients[0].send(framed(Self.request(count, "id ends with '\(count)'")))
        expectRefused(try reply(clients[0]), id: count)
        try other.send(framed(Self.request(count + 1, "id ends with '\(count + 1)'")))
        expectRefused(try reply(other), id: count + 1)
        bench.open()
        for client in clients {
            let answers = try (0..<each).map { _ in try reply(client) }
            #expect(Set(answers.map { $0["id"]?.number }).count == each && answers.allSatisfy { $0["result"] != nil })
        }
        try clients[0].send(framed(Self.request(1, "id ends with '\(count)'")))
        #expect(try reply(clients[0])["result"] != nil)
        try server.stop()
    }

    @Test func oneConnectionLeavesRoomForOthers() throws {
        let client = try connect()
        let count = RuleDesk.askerLimit
        for place in 0...count { try client.send(framed(Self.request(place, "id ends with '\(place)'"))) }
        let refused = try reply(client)
        #expect(refused["id"]?.number == Double(count) && refused["error"]?["reason"]?.text == "RATE_LIMIT")
        let other = try connect()
        try other.send(framed(Self.request(1, "id ends with '\(count + 1)'")))
        while desk.openCount < count + 1 { _ = try other.pinged(2) }
        bench.open()
        let answers = try (0..<count).map { _ in try reply(client) }
        #expect(answers.allSatisfy { $0["result"] != nil })
        #expect(try reply(other)["result"] != nil)
        try server.stop()
    }

    /// Two of these are more than a connection may have kept for it: what comes behind them waits, and is answered.
    @Test func whatIsKeptIsBounded() throws {
        let client = try connect()
        let padding = String(repeating: " ", count: ProtocolLimits.outputPauseBytes * 2 / 3)
        func large(_ id: Int) -> String { Self.request(id, odd).replacing(#""params""#, with: padding + #""params""#) }
        try client.send(framed(large(1)) + framed(large(2)) + ping(3, "now"))
        let other = try connect()
        while desk.openCount == 0 { _ = try other.pinged(1) }
        bench.open()
        #expect(Set(try (1...3).map { _ in try reply(client)["id"]?.number }) == [1, 2, 3])
        try server.stop()
    }
}

extension TestClient {
    fileprivate func sendAndReceive(_ text: String) throws -> JSON {
        try send(framed(text))
        return try JSON.parse(receiveFrame())
    }
}
