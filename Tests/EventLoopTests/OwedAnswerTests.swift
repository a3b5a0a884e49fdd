import Testing

@testable import EventLoop

@Suite("Answers that a handler puts off")
struct OwedAnswerTests {
    /// Puts off every line that begins with "later", one at a time, until the test posts `answer` to the loop; answers others at
    /// once.
    private final class Deferring {
        var owed: [(String, Connection)] = []

        func handler() -> ScriptedHandler {
            .lines { [self] line, connection in
                guard line.hasPrefix("later") else { return connection.send("\(line)\n") }
                owed.append((line, connection))
                connection.setOwedAnswers(1, holdsInput: true)
            }
        }

        func answerAll() {
            let all = owed
            owed = []
            for (line, connection) in all {
                connection.send("\(line)\n")
                connection.setOwedAnswers(0, holdsInput: false)
            }
        }
    }

    private final class DeferringContext: LoopContext {
        let deferring = Deferring()
        func makeHandler(for connection: Connection) -> any ConnectionHandler { deferring.handler() }
    }

    private static func server() throws -> TestServer { try TestServer(context: { _ in DeferringContext() }) }

    /// Waits until so many answers are owed, then gives them.
    private static func answer(_ server: TestServer, _ count: Int = 1) throws {
        let answered = Events<Bool>()
        while true {
            server.server.post(toLoop: 0) { loop in
                guard let deferring = (loop.context as? DeferringContext)?.deferring else { return answered.post(true) }
                let isReady = deferring.owed.count == count
                if isReady { deferring.answerAll() }
                answered.post(isReady)
            }
            if try answered.next() { return }
        }
    }

    @Test("what comes behind an answer that is put off waits for it, and follows")
    func inputIsHeld() throws {
        let server = try Self.server()
        let client = try TestClient(server.address)
        try client.send("1\nlater 2\n3\nlater 4\n5\n")
        #expect(try client.receiveText(2) == "1\n")
        try Self.answer(server)
        #expect(try client.receiveText(10) == "later 2\n3\n")
        try client.send("6\n")
        try Self.answer(server)
        #expect(try client.receiveText(12) == "later 4\n5\n6\n")
        client.endSending()
        #expect(try client.receiveToEnd().isEmpty)
        try server.stop()
    }

    @Test("a client that ends its side still gets what it is owed, and what came behind")
    func halfClose() throws {
        let server = try Self.server()
        let client = try TestClient(server.address)
        try client.send("later 1\n2\n")
        client.endSending()
        try Self.answer(server)
        #expect(try client.receiveTextToEnd() == "later 1\n2\n")
        try server.stop()
    }

    @Test("a shutdown waits for what is owed, up to the grace time")
    func shutdown() throws {
        let server = try Self.server()
        let patient = try TestClient(server.address)
        let forgotten = try TestClient(server.address)
        try patient.send("later 1\n")
        try Self.waitForOwed(server)
        server.server.shutdown(graceMilliseconds: 60_000)
        try Self.answer(server)
        #expect(try patient.receiveTextToEnd() == "later 1\n")
        #expect(try forgotten.receiveTextToEnd().isEmpty)
        patient.endSending()
        forgotten.endSending()
        #expect(try server.join().forcedCloses == 0)

        let other = try Self.server()
        let client = try TestClient(other.address)
        try client.send("later 1\n")
        try Self.waitForOwed(other)
        #expect(try other.stop(graceMilliseconds: 10).forcedCloses == 1)
    }

    private static func waitForOwed(_ server: TestServer) throws {
        let seen = Events<Bool>()
        while true {
            server.server.post(toLoop: 0) { loop in
                seen.post((loop.context as? DeferringContext)?.deferring.owed.isEmpty == false)
            }
            if try seen.next() { return }
        }
    }

    @Test("a connection that is owed an answer is not idle")
    func notIdle() throws {
        let server = try TestServer(configure: { $0.idleTimeout = 1500 }, context: { _ in DeferringContext() })
        let owed = try TestClient(server.address)
        try owed.send("later 1\n")
        try Self.waitForOwed(server)
        // Another one, that came later, is closed for being idle meanwhile.
        #expect(try TestClient(server.address).receiveToEnd().isEmpty)
        try Self.answer(server)
        #expect(try owed.receiveText(8) == "later 1\n")
        try server.stop()
    }
}
