import EventLoop
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import HTTPServer

/// Requests that wait, with an application that waits where the path says so.
@Suite struct HTTPWaitingTests {
    /// The wakers of those that wait, by their paths.
    final class Waits: Sendable {
        private let wakers = Mutex<[String: HTTPWaker]>([:])
        private let answers = Mutex<Set<String>>([])

        func add(_ path: String, _ waker: HTTPWaker) { wakers.withLock { $0[path] = waker } }
        func isOver(_ path: String) -> Bool { answers.withLock { $0.contains(path) } }

        func contains(_ path: String) -> Bool { wakers.withLock { $0[path] != nil } }

        func end(_ path: String) {
            answers.withLock { _ = $0.insert(path) }
            wakers.withLock { $0[path] }?.wake()
        }

        /// Without its being over.
        func wake(_ path: String) { wakers.withLock { $0[path] }?.wake() }
    }

    final class Application: HTTPApplication {
        private let waits: Waits

        init(_ waits: Waits) { self.waits = waits }

        func makeAnswer(_ waker: HTTPWaker) -> any HTTPAnswering { Answering(waits, waker) }
        func rest() {}
    }

    /// `/head...` waits before the body, `/body...` behind it, `/short...` for nothing but a time; all others are answered at once.
    final class Answering: HTTPAnswering {
        private let waits: Waits
        private let waker: HTTPWaker
        private var body: [UInt8]?

        init(_ waits: Waits, _ waker: HTTPWaker) {
            self.waits = waits
            self.waker = waker
        }

        func begin(_ request: borrowing HTTPRequest) -> HTTPStep {
            request.path.hasPrefix("/head") ? wait(request) : .readBody(limit: 1000)
        }

        func answer(_ request: borrowing HTTPRequest, body: [UInt8], receivedAt: UInt64) -> HTTPStep {
            self.body = body
            if request.path.hasPrefix("/short") { return .wait(until: receivedAt + 1_000_000) }
            return request.path.hasPrefix("/body") ? wait(request) : reply(body)
        }

        private func wait(_ request: borrowing HTTPRequest) -> HTTPStep {
            waits.add(request.path, waker)
            return .wait(until: .max)
        }

        func resume(_ request: borrowing HTTPRequest) -> HTTPStep {
            if request.path.hasPrefix("/short") { return reply(Array("late".utf8)) }
            guard waits.isOver(request.path) else { return .wait(until: .max) }
            return body.map { reply($0) } ?? .readBody(limit: 1000)
        }

        private func reply(_ body: [UInt8]) -> HTTPStep {
            .reply(HTTPReply(status: 200, content: .text, body: body))
        }

        func reply(to refusal: HTTPRefusal, _ request: borrowing HTTPRequest) -> HTTPReply { HTTPReply(status: 413) }
    }

    private let waits = Waits()
    private let listener: HTTPListener

    init() throws {
        let configuration = HTTPConfiguration(
            listenAddress: ListenAddress(host: "127.0.0.1", port: 0), threadCount: 1, bodyBytes: 1 << 20)
        listener = try HTTPListener(configuration, log: Log(level: .off)) { [waits] _ in Application(waits) }
        try listener.start()
    }

    private func connect() throws -> HTTPTestClient { try HTTPTestClient(port: listener.boundAddress.port) }

    private func send(_ path: String, _ body: String, on client: HTTPTestClient) throws {
        try client.send("POST \(path) HTTP/1.1\r\nHost: t\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// One thread: whoever else asks is answered meanwhile, which also tells when the request has arrived.
    private func ask(until path: String) throws {
        let other = try connect()
        while !waits.contains(path) { #expect(try other.ask("POST", "/", body: "now").text == "now") }
    }

    @Test(arguments: ["/head", "/body"])
    func whoWaitsHoldsUpNobody(_ path: String) throws {
        defer { listener.stop(graceMilliseconds: 0) }
        let client = try connect()
        try send(path, "first", on: client)
        // Pipelined behind it: answered after it.
        try send("/", "second", on: client)
        try ask(until: path)
        for _ in 0..<10 { waits.wake(path) }
        waits.end(path)
        #expect(try client.receive().text == "first")
        #expect(try client.receive().text == "second")
    }

    @Test func aTimeEndsAWait() throws {
        defer { listener.stop(graceMilliseconds: 0) }
        let client = try connect()
        #expect(try client.ask("POST", "/short", body: "b").text == "late")
    }

    @Test func manyWaitAtOnce() throws {
        defer { listener.stop(graceMilliseconds: 0) }
        let clients = try (0..<100).map { _ in try connect() }
        for (number, client) in clients.enumerated() {
            try send(number % 2 == 0 ? "/head\(number)" : "/body\(number)", "\(number)", on: client)
        }
        for number in clients.indices { try ask(until: number % 2 == 0 ? "/head\(number)" : "/body\(number)") }
        for number in clients.indices.reversed() { waits.end(number % 2 == 0 ? "/head\(number)" : "/body\(number)") }
        for (number, client) in clients.enumerated() { #expect(try client.receive().text == "\(number)") }
    }

    /// The library ends the process where it is stopped with a connection that waits.
    @Test func aStopCutsThoseThatStillWait() throws {
        let client = try connect()
        try send("/body", "first", on: client)
        try ask(until: "/body")
        listener.stop(graceMilliseconds: 0)
        #expect(try client.receiveUntilClose() == "")
        // Too late, and without effect.
        waits.end("/body")
    }

    @Test func aStopWaitsForThem() throws {
        let client = try connect()
        try send("/body", "first", on: client)
        try ask(until: "/body")
        let stopping = StoppingThread(listener)
        waits.end("/body")
        #expect(try client.receive().text == "first")
        stopping.join()
    }
}
