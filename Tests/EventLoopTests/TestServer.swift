import Dispatch
import Telemetry
import Testing

@testable import EventLoop

/// Something that another thread waits for. The wait ends by the event; its limit only keeps a broken test from hanging.
final class Events<Event: Sendable>: Sendable {
    private let queue = Locked<[Event]>([])
    private let semaphore = DispatchSemaphore(value: 0)

    func post(_ event: Event) {
        queue.withLock { $0.append(event) }
        semaphore.signal()
    }

    func next() throws -> Event {
        try #require(semaphore.wait(timeout: .now() + 120) == .success, "the event did not come within 120 s")
        return queue.withLock { $0.removeFirst() }
    }

    /// Without waiting.
    func tryNext() -> Event? {
        guard semaphore.wait(timeout: .now()) == .success else { return nil }
        return queue.withLock { $0.removeFirst() }
    }
}

/// Behaviour given by closures; the default consumes everything and says nothing.
final class ScriptedHandler: ConnectionHandler {
    var onReceived: (RawSpan, Connection) -> Int = { bytes, _ in bytes.byteCount }
    var onWillClose: (Connection, OrderlyCloseCause) -> Void = { _, _ in }
    var onClosed: (Connection, CloseReason) -> Void = { _, _ in }

    func received(_ bytes: RawSpan, on connection: Connection) -> Int { onReceived(bytes, connection) }
    func willClose(_ connection: Connection, cause: OrderlyCloseCause) { onWillClose(connection, cause) }
    func closed(_ connection: Connection, reason: CloseReason) { onClosed(connection, reason) }

    /// Sends back what comes, in pieces of at most 16 KiB, as long as the client takes it.
    static func echo() -> ScriptedHandler {
        let handler = ScriptedHandler()
        handler.onReceived = { bytes, connection in
            var done = 0
            while done < bytes.byteCount && !connection.isOutputPaused {
                let piece = min(16_384, bytes.byteCount - done)
                let part = bytes.extracting(done..<done + piece)
                connection.send { output in unsafe part.withUnsafeBytes { unsafe output.append(contentsOf: $0) } }
                done += piece
            }
            return done
        }
        return handler
    }

    /// Gives whole lines, without the newline, to `answer`; stops while the output is paused, and when its turn is over.
    static func lines(
        clock: @escaping () -> UInt64 = MonotonicClock.nanoseconds, _ answer: @escaping (String, Connection) -> Void
    ) -> ScriptedHandler {
        let handler = ScriptedHandler()
        handler.onReceived = { bytes, connection in
            let all = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
            var done = 0
            while connection.mayContinue, let end = all[done...].firstIndex(of: UInt8(ascii: "\n")) {
                answer(String(decoding: all[done..<end], as: UTF8.self), connection)
                done = end + 1
                connection.didHandleMessage(at: clock())
            }
            return done
        }
        return handler
    }
}

final class ScriptedContext: LoopContext {
    let make: (Connection) -> any ConnectionHandler
    /// Whatever a test keeps per loop.
    var note = ""

    init(_ make: @escaping (Connection) -> any ConnectionHandler) { self.make = make }

    func makeHandler(for connection: Connection) -> any ConnectionHandler { make(connection) }
}

extension Connection {
    func send(_ text: String) { send { $0.append(contentsOf: text.utf8) } }
}

extension TCPServer.Limits {
    static let ofTests = TCPServer.Limits(
        connections: 10_000, idleSeconds: 300, writeStallSeconds: 30, partialMessageSeconds: 60,
        outputBufferBytes: 32 << 20, outputPauseBytes: 1 << 20, messageBytes: (4 << 20) + 4, messagesPerTurn: 128,
        bufferBudgetBytes: 256 << 20)
}

/// A server on a thread of its own.
final class TestServer {
    let server: TCPServer
    private let thread: LoopThread
    private let outcome = Locked<Result<TCPServer.RunSummary, ServerError>?>(nil)

    var address: SocketAddress { server.boundAddress }

    init(
        loops: Int = 1, log: Log = Log(level: .off),
        configure: (inout TCPServer.Configuration) -> Void = { _ in },
        context: @escaping TCPServer.ContextFactory
    ) throws {
        var configuration = TCPServer.Configuration(loopCount: loops, limits: .ofTests)
        // Clients that stay connected must not hold up the end of every test.
        configuration.lingerTimeout = 30
        configure(&configuration)
        let server = try TCPServer(configuration: configuration, log: log, makeContext: context)
        self.server = server
        let outcome = self.outcome
        thread = try LoopThread {
            do throws(ServerError) {
                let summary = try server.run()
                outcome.withLock { $0 = .success(summary) }
            } catch {
                outcome.withLock { $0 = .failure(error) }
            }
        }
    }

    convenience init(
        loops: Int = 1, configure: (inout TCPServer.Configuration) -> Void = { _ in },
        handler: @escaping @Sendable (Connection) -> ScriptedHandler
    ) throws {
        try self.init(loops: loops, configure: configure, context: { _ in ScriptedContext(handler) })
    }

    /// Waits for the end; every handle of every loop must be gone.
    @discardableResult
    func stop(graceMilliseconds: Int = 10_000) throws -> TCPServer.RunSummary {
        server.shutdown(graceMilliseconds: graceMilliseconds)
        return try join()
    }

    func join() throws -> TCPServer.RunSummary {
        thread.join()
        let summary = try #require(outcome.withLock { $0 }).get()
        #expect(summary.leakedLoops == 0)
        #expect(server.openConnectionCount == 0)
        #expect(server.counter(.accepted) + server.counter(.rejected) >= server.counter(.closed))
        return summary
    }
}
