import EventLoop
import Telemetry
import TestSupport
import Testing

@testable import HTTPServer

/// The listener by itself, with an application that repeats what it is sent.
@Suite struct HTTPListenerTests {
    final class Echo: HTTPApplication, HTTPAnswering {
        func makeAnswer(_ waker: HTTPWaker) -> any HTTPAnswering { self }

        func begin(_ request: borrowing HTTPRequest) -> HTTPStep {
            request.path == "/refused" ? .reply(HTTPReply(status: 418)) : .readBody(limit: .max)
        }

        func answer(_ request: borrowing HTTPRequest, body: [UInt8], receivedAt: UInt64) -> HTTPStep {
            let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
            return .reply(
                HTTPReply(
                    status: 200, content: .text, body: body.isEmpty ? Array("\(request.path) \(query)".utf8) : body))
        }

        func resume(_ request: borrowing HTTPRequest) -> HTTPStep { .reply(HTTPReply(status: 500)) }

        func reply(to refusal: HTTPRefusal, _ request: borrowing HTTPRequest) -> HTTPReply {
            switch refusal {
            case .lengthRequired: HTTPReply(status: 411)
            case .bodyTooLarge: HTTPReply(status: 413)
            case .buffersFull: HTTPReply(status: 503)
            }
        }

        func rest() {}
    }

    /// Stopped when the test has ended.
    final class Running {
        let listener: HTTPListener

        init(_ change: (inout HTTPConfiguration) -> Void = { _ in }) throws {
            var configuration = HTTPConfiguration(
                listenAddress: ListenAddress(host: "127.0.0.1", port: 0), threadCount: 1, bodyBytes: 1 << 20)
            change(&configuration)
            listener = try HTTPListener(configuration, log: Log(level: .off)) { _ in Echo() }
            try listener.start()
        }

        deinit { listener.stop(graceMilliseconds: 0) }

        func connect() throws -> HTTPTestClient { try HTTPTestClient(port: listener.boundAddress.port) }
    }

    @Test func textIsGivenAsItCame() throws {
        let running = try Running()
        let client = try running.connect()
        #expect(try client.ask("GET", "/a%2Fb%00?x=%31&y=a+b&z").text == "/a%2Fb%00 x=%31,y=a b,z=")
        #expect(try client.ask("POST", "/", body: "body").text == "body")
    }

    /// However few bytes at a time it sends.
    @Test func aConnectionWithoutAWholeRequestIsCut() throws {
        let running = try Running { $0.headTimeout = 100 }
        let idle = try running.connect()
        let half = try running.connect()
        try half.send("GET / HTT")
        #expect(try idle.receiveUntilClose() == "")
        _ = try half.receiveUntilClose()
        #expect(running.listener.slowCloses > 0)
    }

    @Test func aBodyThatDoesNotEndIsCut() throws {
        let running = try Running { $0.bodyTimeout = 100 }
        let client = try running.connect()
        try client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\n123")
        _ = try client.receiveUntilClose()
        #expect(running.listener.slowCloses == 1)
        // What it held is given back.
        let other = try running.connect()
        #expect(try other.ask("GET", "/").status == 200)
        #expect(running.listener.bufferedBytes < 1000)
    }

    /// Where there is no room for another connection, those that say nothing give way.
    @Test func silentConnectionsGiveWayInACrowd() throws {
        let running = try Running {
            $0.connections = 4
            $0.crowdedHeadTimeout = 100
        }
        let silent = try (0..<4).map { _ in try running.connect() }
        let client = try running.connect()
        #expect(try client.ask("GET", "/").status == 200)
        #expect(silent.count == 4)
    }

    @Test func bodiesHaveALimitEach() throws {
        let running = try Running { $0.bodyBytes = 1000 }
        let client = try running.connect()
        #expect(try client.ask("POST", "/", body: String(repeating: "a", count: 1000)).status == 200)
        #expect(try client.ask("POST", "/", body: String(repeating: "a", count: 1001)).status == 413)
        #expect(try client.ask("POST", "/", body: "b").text == "b")
        // A client that says no length is met when it is over it.
        try client.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<11 { try client.send("64\r\n\(String(repeating: "c", count: 100))\r\n") }
        try client.send("0\r\n\r\n")
        #expect(try client.receive().status == 413)
    }

    @Test func bodiesTogetherHaveALimit() throws {
        let running = try Running { $0.bufferBytes = 3000 }
        let holders = try (0..<3).map { _ in try running.connect() }
        for holder in holders {
            try holder.send(
                "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n\(String(repeating: "a", count: 900))")
        }
        let client = try running.connect()
        var status = 200
        // Until the others' bytes have arrived.
        while status == 200 { status = try client.ask("POST", "/", body: String(repeating: "b", count: 1000)).status }
        #expect(status == 503)
        for holder in holders {
            try holder.send(String(repeating: "a", count: 100))
            #expect(try holder.receive().status == 200)
        }
        #expect(try client.ask("POST", "/", body: String(repeating: "b", count: 1000)).status == 200)
    }

    @Test func refusalsOfTheApplicationComeBeforeTheBody() throws {
        let running = try Running()
        let client = try running.connect()
        #expect(try client.ask("POST", "/refused", body: "short").status == 418)
        #expect(try client.ask("GET", "/").status == 200)
        try client.send("POST /refused HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n")
        #expect(try client.receive().status == 418)
    }

    @Test func aStopAnswersWhatWasAsked() throws {
        let running = try Running()
        let client = try running.connect()
        try client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nab")
        let idle = try running.connect()
        #expect(try idle.ask("GET", "/").status == 200)
        let port = running.listener.boundAddress.port
        let stopping = Running.stop(running.listener)
        try client.send("cd")
        #expect(try client.receive().text == "abcd")
        stopping.join()
        #expect(throws: TestSupportError.self) { _ = try HTTPTestClient(port: port) }
    }

    @Test func addressesOfOthersAreRefused() {
        let configuration = HTTPConfiguration(listenAddress: ListenAddress(host: "0.0.0.0", port: 0))
        let error = #expect(throws: ServerError.self) {
            _ = try HTTPListener(configuration, log: Log(level: .off)) { _ in Echo() }
        }
        #expect(error?.code == .notLoopback)
    }
}

extension HTTPListenerTests.Running {
    static func stop(_ listener: HTTPListener) -> StoppingThread { StoppingThread(listener) }
}

/// Stops a listener from another thread.
final class StoppingThread {
    private let thread: LoopThread?

    init(_ listener: HTTPListener) {
        do {
            thread = try LoopThread { listener.stop(graceMilliseconds: 60_000) }
        } catch {
            Issue.record(error)
            thread = nil
        }
    }

    func join() { thread?.join() }
}
