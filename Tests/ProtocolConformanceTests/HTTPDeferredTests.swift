import AnalyticsService
import EventLoop
import Foundation
import RecommendationService
import Telemetry
import TestSupport
import Testing
import WireProtocol

@testable import HTTPServer
@testable import RecommendationServer
@testable import ServiceMethods

/// A handler that puts its answers off, made up for these tests, asked over HTTP.
@Suite struct HTTPDeferredTests {
    private enum Answer { case late, failing, never }

    private static func methods(_ answer: Answer) throws -> [ServiceMethod] {
        var methods = MethodTable.all
        let place = try MethodTable.names.number(of: "ping")
        methods[place] = ServiceMethod("ping", cost: .constant, "Answers later.") {
            (_: PingParameters, context, writer) throws(WireError) in
            let ticket = try context.putOff()
            writer.pingResult(echo: nil)
            guard answer != .never else { return }
            Thread.detachNewThread {
                if answer == .failing {
                    ticket.fail(WireError(.diskFull, "No room."))
                } else {
                    ticket.answer(meta: { _ in
                        ReplyMeta(serverMicroseconds: 7, queueMicroseconds: 0, indexVersion: "v")
                    }) { $0.json("{\"late\":true}") }
                }
            }
        }
        return methods
    }

    private func ask(_ answer: Answer, deadline: String, times: Int) throws -> [(status: Int, body: JSON)] {
        let server = try InProcessHTTP(methods: try Self.methods(answer))
        let client = try server.connect()
        return try (0..<times).map { _ in
            let reply = try client.call("ping", query: "?deadlineMs=\(deadline)")
            return (reply.status, try reply.json())
        }
    }

    @Test func theAnswerIsWaitedFor() throws {
        for (status, body) in try ask(.late, deadline: "60000", times: 3) {
            #expect(status == 200 && body["result"]?["late"] == .boolean(true) && body["id"] == nil)
        }
    }

    @Test func aLateErrorIsAnError() throws {
        for (status, body) in try ask(.failing, deadline: "60000", times: 2) {
            #expect(status == 503 && body["error"]?["reason"]?.text == "DISK_FULL")
        }
    }

    @Test func whatNeverComesEndsWithTheDeadline() throws {
        for (status, body) in try ask(.never, deadline: "20", times: 2) {
            #expect(status == 504 && body["error"]?["reason"]?.text == "DEADLINE_EXCEEDED")
        }
    }

    /// One thread, and one of its answers never comes.
    @Test func othersAreAnsweredMeanwhile() throws {
        let server = try InProcessHTTP(methods: try Self.methods(.never))
        let waiting = try server.connect()
        try waiting.send("POST /v1/ping?deadlineMs=600000 HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n")
        let other = try server.connect()
        for _ in 0..<20 { #expect(try other.call("health").status == 200) }
    }

    @Test func aBatchHasAnAnswerToEach() throws {
        let server = try InProcessHTTP(methods: try Self.methods(.late))
        let client = try server.connect()
        let requests = (0..<50).map { number in
            number % 2 == 0
                ? #"{"id":\#(number),"method":"recommend.popular","params":{"count":1}}"# : #"{"method":"ping"}"#
        }
        for prefix in ["", " \n\t"] {
            let reply = try client.call(
                "batch", prefix + #"{"ignoredMember":[1],"requests":[\#(requests.joined(separator: ","))]}"#)
            let body = try reply.json()
            let results = try #require(body["result"]?["results"]?.elements, "\(reply.text)")
            #expect(reply.status == 200 && results.count == 50)
            for (number, result) in results.enumerated() {
                #expect(number % 2 == 0 ? result["result"]?["items"] != nil : result["result"]?["late"] != nil)
            }
        }
        let odd = try client.call(
            "batch", #"{"requests":[{"method":"batch"},{"method":"nothing"},{"method":"health"}]}"#)
        let results = try #require(try odd.json()["result"]?["results"]?.elements)
        #expect(results.map { $0["error"]?["reason"]?.text } == ["INVALID_REQUEST", "METHOD_NOT_FOUND", nil])
    }

    /// What a worker looks over comes to what the thread itself finds.
    @Test func aFilterThatWaitsIsAnsweredLikeOneThatDoesNot() throws {
        let desk = RuleDesk(workerCount: 1, quickNanoseconds: 0) { work in Thread.detachNewThread(work) }
        let body = #"{"userId":"u00001","filter":"id ends with '1'","boost":"1 + (id ends with '21')"}"#
        let servers = [try InProcessHTTP(rules: desk), try InProcessHTTP()]
        let answers = try servers.map { try $0.connect().call("recommend.user", body).json() }
        let (waited, plain) = (answers[0], answers[1])
        #expect(waited["result"] != nil && waited["result"] == plain["result"], "\(waited)")
        #expect(desk.evaluationCount == 2)
    }

    @Test func aBatchEndsWithItsDeadline() throws {
        let server = try InProcessHTTP(methods: try Self.methods(.never))
        let client = try server.connect()
        let reply = try client.call(
            "batch", #"{"requests":[{"method":"ping"},{"method":"health"}]}"#, query: "?deadlineMs=20")
        let body = try reply.json()
        #expect(reply.status == 200 && body["meta"]?["quality"]?.text == "partial")
        let reasons = body["result"]?["results"]?.elements?.map { $0["error"]?["reason"]?.text }
        #expect(reasons?.first == "DEADLINE_EXCEEDED")
    }
}

/// An HTTP listener of one thread, stopped when the test has ended.
final class InProcessHTTP {
    private let listener: HTTPListener

    init(
        keys: KeyDesk? = nil, rules: RuleDesk? = nil, analytics: AnalyticsDesk? = nil, hasDashboard: Bool = false,
        origins: [String] = [], methods: [ServiceMethod] = MethodTable.all
    ) throws {
        let serving = try ConformanceShop.shared.get().inProcess.serving
        let facts = HTTPServiceFacts(
            crossOrigin: CrossOrigin(origins), hasDashboard: hasDashboard, health: { .ready },
            metrics: { Array("m 1\n".utf8) })
        listener = try HTTPListener(
            HTTPConfiguration(listenAddress: ListenAddress(host: "127.0.0.1", port: 0), threadCount: 1),
            log: Log(level: .off)
        ) { _ in
            let context = ServiceContext(
                serving: serving, personas: nil, analytics: analytics, rules: rules, keys: keys
            ) { ServerFacts() }
            return HTTPService(
                facts, context, counters: HTTPCounters(), handovers: RecommenderMailbox(), methods: methods)
        }
        try listener.start()
    }

    deinit { listener.stop(graceMilliseconds: 0) }

    func connect() throws -> HTTPTestClient { try HTTPTestClient(port: listener.boundAddress.port) }
}

extension JSONWriter {
    fileprivate mutating func json(_ text: String) {
        var text = text
        text.withUTF8 { unsafe json($0) }
    }
}
