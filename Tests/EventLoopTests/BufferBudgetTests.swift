import Testing

@testable import EventLoop

@Suite("The buffers of all connections together have a limit")
struct BufferBudgetTests {
    /// Answers lines; tells the client why it is closed.
    private static func handler(_ reasons: Events<CloseReason>) -> ScriptedHandler {
        let handler = ScriptedHandler.lines { line, connection in connection.send("\(line.utf8.count)\n") }
        handler.onWillClose = { connection, cause in connection.send("\(cause)") }
        handler.onClosed = { _, reason in reasons.post(reason) }
        return handler
    }

    private static func server(loops: Int, _ reasons: Events<CloseReason>) throws -> TestServer {
        try TestServer(
            loops: loops,
            configure: {
                $0.bufferBudget = 2 << 20
                // Connections go to the loops in turn.
                $0.acceptStrategy = .oneAcceptor
            },
            handler: { _ in handler(reasons) })
    }

    @Test("the connection that holds most gives way and is told, wherever its loop is", arguments: [1, 2])
    func largestGivesWay(loops: Int) throws {
        let reasons = Events<CloseReason>()
        let server = try Self.server(loops: loops, reasons)
        let largest = try TestClient(server.address)
        try largest.send([UInt8](repeating: 1, count: 600_000))
        var sent = 600_000
        var others: [TestClient] = []
        // Each a little, until all of it is too much.
        while server.server.counter(.budgetCloses) == 0, server.server.bufferedBytes <= 2 << 20, others.count < 200 {
            let other = try TestClient(server.address)
            try other.send([UInt8](repeating: 1, count: 20_000))
            others.append(other)
            sent += 20_000
            while server.server.counter(.bytesReceived) < sent {}
        }
        #expect(try largest.receiveTextToEnd() == "bufferBudget")
        largest.endSending()
        #expect(try reasons.next() == .orderly(.bufferBudget))
        for other in others {
            try other.send("\n")
            #expect(try other.receiveText(6) == "20000\n")
        }
        #expect(server.server.counter(.budgetCloses) == 1)
        try server.stop()
        #expect(server.server.bufferedBytes == 0)
    }

    @Test("who sends what there is no memory for gives way and is told; the others stay")
    func noMemory() throws {
        let reasons = Events<CloseReason>()
        let server = try TestServer(
            configure: { $0.memory.largestByteCount = 300_000 }, handler: { _ in Self.handler(reasons) })
        let other = try TestClient(server.address)
        try other.send("half of")
        let large = try TestClient(server.address)
        try large.send([UInt8](repeating: 1, count: 900_000))
        #expect(try large.receiveTextToEnd() == "bufferBudget")
        #expect(try reasons.next() == .orderly(.bufferBudget))
        try other.send(" a line\n")
        #expect(try other.receiveText(3) == "14\n")
        other.endSending()
        try server.stop()
        #expect(server.server.bufferedBytes == 0)
    }

    @Test("a client that does not read gives way before those that do, and cannot be told")
    func slowReader() throws {
        let reasons = Events<CloseReason>()
        let server = try TestServer(configure: { $0.bufferBudget = 2 << 20 }) { _ in
            let handler = ScriptedHandler.lines { line, connection in
                let size = line == "much" ? 12 << 20 : 3
                connection.send { $0.append(contentsOf: [UInt8](repeating: 7, count: size)) }
            }
            handler.onClosed = { _, reason in reasons.post(reason) }
            return handler
        }
        let reader = try TestClient(server.address)
        let slow = try TestClient(server.address, receiveBuffer: 65_536)
        try slow.send("much\n")
        #expect(try reasons.next() == .gaveWay)
        try reader.send("little\n")
        #expect(try reader.receive(3) == [7, 7, 7])
        try server.stop()
        #expect(server.server.bufferedBytes == 0)
    }

    @Test("many half messages never hold more than the limit for long, and none of them ends the server")
    func halfMessages() throws {
        let reasons = Events<CloseReason>()
        let server = try Self.server(loops: 2, reasons)
        let clients = try (0..<40).map { _ in try TestClient(server.address) }
        for client in clients {
            // A client that was closed already cannot send any more.
            _ = client.sendsAll([UInt8](repeating: 1, count: 200_000))
        }
        let witness = try TestClient(server.address)
        try witness.send("x\n")
        #expect(try witness.receiveText(2) == "1\n")
        // 40 x 256 KiB are asked for and 2 MiB are there: 32 at least must have gone.
        for _ in 0..<32 {
            let reason = try reasons.next()
            #expect(reason == .orderly(.bufferBudget) || reason == .failed(name: "ECONNRESET"), "\(reason)")
        }
        try server.stop()
    }
}
