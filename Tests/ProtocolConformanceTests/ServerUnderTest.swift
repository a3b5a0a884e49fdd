import Dispatch
import Personas
import RecommendationIndex
import RecommendationService
import ServiceMethods
import Synchronization
import Telemetry
import TestSupport
import Testing
import WireProtocol

@testable import RecommendationServer

/// The two ways to the same server: bytes handed to what answers frames, and a running program behind a socket.
enum Transport: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case inProcess, socket

    var testDescription: String { rawValue }

    func connect() throws -> any TestConnection {
        switch self {
        case .inProcess: try ConformanceShop.shared.get().inProcess.connect()
        case .socket: SocketConnection(try TestClient(port: try ConformanceShop.shared.get().server.port))
        }
    }
}

/// One client's connection.
protocol TestConnection: AnyObject {
    /// - Throws: where the server has closed.
    func send(_ bytes: [UInt8]) throws
    /// Says that nothing more will be sent.
    func finishSending()
    /// The payload of the next frame.
    func receiveFrame() throws -> [UInt8]
    /// - Throws: where the server does not close.
    func receiveUntilClose() throws -> [UInt8]
}

extension TestConnection {
    func ask(_ text: String) throws -> JSON {
        try send(framed(text))
        return try JSON.parse(try receiveFrame())
    }
}

final class SocketConnection: TestConnection {
    private let client: TestClient

    init(_ client: TestClient) { self.client = client }

    func send(_ bytes: [UInt8]) throws { try client.send(bytes) }
    func finishSending() { client.finishSending() }
    func receiveFrame() throws -> [UInt8] { try client.receiveFrame() }
    func receiveUntilClose() throws -> [UInt8] { try client.receiveUntilClose() }
}

/// A shop with segments and personas, and one server of each kind for all tests that leave it as it is.
final class ConformanceShop: Sendable {
    static let shared = Result { try ConformanceShop() }

    let shop: BuiltShop
    let server: RunningServer
    let inProcess: InProcessServer

    private init() throws {
        shop = try BuiltShop(options: ["--quiet", "--segments", "rfm"])
        shop.removeAtExit()
        let personas = try shop.personas()
        server = try shop.serve(["--personas", personas, "--http", "127.0.0.1:0"])
        server.stopAtExit()
        inProcess = try InProcessServer(indexPath: shop.indexPath, personasPath: personas)
    }
}

/// A server without sockets: what a loop of the real one does with the bytes of a connection.
final class InProcessServer: Sendable {
    let serving: ServingIndex
    private let personas: PersonaStore?

    init(indexPath: String, personasPath: String? = nil) throws {
        serving = ServingIndex(try RecommendationIndex.open(indexPath))
        personas = try personasPath.map { try PersonaStore(directory: $0) }
    }

    /// What a loop owns; for one thread, and any number of connections.
    func makeResponder() -> FrameResponder {
        FrameResponder(
            ServiceContext(serving: serving, personas: personas) { ServerFacts() }, counters: RequestCounters())
    }

    func connect() -> InProcessConnection { InProcessConnection(makeResponder()) }
}

final class InProcessConnection: TestConnection {
    let responder: FrameResponder
    private var decoder = FrameDecoder()
    private var unconsumed: [UInt8] = []
    private var output: [UInt8] = []
    private var isClosed = false
    private var hasFinished = false
    private let caller: Caller
    private let later = LaterReplies()

    init(_ responder: FrameResponder) {
        self.responder = responder
        let access: Access = responder.context.asksForKeys ? .none : .open
        caller = Caller(replies: ConnectionReplies(transport: later), access: access)
    }

    func send(_ bytes: [UInt8]) throws {
        guard !isClosed else { throw TestSupportError("the server has closed") }
        unconsumed += bytes
        let received = unconsumed
        let span = unsafe received.span.bytes
        var offset = 0
        defer { unconsumed.removeFirst(offset) }
        while !isClosed {
            switch decoder.next(in: span, from: offset) {
            case .needsMoreBytes: return
            case .frame(let payload):
                offset = payload.upperBound
                var outcome = FrameOutcome.answered
                write { writer in
                    let now = MonotonicClock.nanoseconds()
                    outcome = responder.answer(
                        span.extracting(payload), RequestTimes(receivedAt: now, startedAt: now), &writer, for: caller)
                }
                isClosed = outcome == .answeredAndCloses
                if outcome == .putOff { try waitForAnswer() }
            case .refused(let error):
                write { writer in writer.writeConnectionError(error) }
                isClosed = true
            case .http:
                output += FrameDecoder.httpReply
                isClosed = true
            }
        }
    }

    func finishSending() { hasFinished = true }

    func receiveFrame() throws -> [UInt8] {
        guard let payload = payloads(output).first, output.count >= 4 + payload.count else {
            throw TestSupportError("no whole frame was sent")
        }
        output.removeFirst(4 + payload.count)
        return payload
    }

    func receiveUntilClose() throws -> [UInt8] {
        guard isClosed || hasFinished else { throw TestSupportError("the server has not closed") }
        defer { output = [] }
        return output
    }

    /// What comes later is waited for at once.
    private func waitForAnswer() throws {
        guard let replies = caller.replies else { return }
        if let batch = caller.batch {
            caller.batch = nil
            let elements = LaterReplies()
            let run = BatchRun(batch, receivedAt: 0, from: caller, transport: elements, room: ReplyRoom())
            while !run.hasBegunAll { run.takeTurn(responder) }
            while !run.isDone {
                let (number, write) = try elements.next()
                run.deliver(number, write, responder)
            }
            batch.ticket.deliver(run.answer(indexVersion: responder.context.indexVersion))
        }
        var isThere = false
        while !isThere {
            let (number, body) = try later.next()
            guard let head = replies.queue.head(of: number) else { return }
            write { writer in
                let start = writer.position
                let outcome = body(&writer, head)
                if case .failure(let error) = outcome { isClosed = error.closesConnection }
                if case .notYet = outcome { return }
                isThere = true
                if head.isSilent { writer.takeBack(to: start) }
            }
            if isThere { replies.queue.close(number, []) { _ in } }
        }
    }

    private func write(_ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(appendingTo: &output)
        body(&writer)
        writer.finish(into: &output)
    }
}

/// What tickets bring, from any thread.
private final class LaterReplies: ReplyTransport {
    private let replies = Mutex<[(ReplyNumber, ReplyWriting)]>([])
    private let isThere = DispatchSemaphore(value: 0)

    func deliver(_ number: ReplyNumber, _ write: @escaping ReplyWriting) -> Bool {
        replies.withLock { $0.append((number, write)) }
        isThere.signal()
        return true
    }

    func next() throws -> (ReplyNumber, ReplyWriting) {
        guard isThere.wait(timeout: .now() + 120) == .success else { throw TestSupportError("no answer came") }
        return replies.withLock { $0.removeFirst() }
    }
}
