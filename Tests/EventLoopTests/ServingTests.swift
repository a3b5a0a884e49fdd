import Testing

@testable import EventLoop

@Suite("Serving: reading, answering, order", .serialized)
struct ServingTests {
    @Test("an echo comes back, and the server knows the client's address")
    func echo() throws {
        let peers = Events<SocketAddress?>()
        let server = try TestServer { connection in
            peers.post(connection.peerAddress)
            return .echo()
        }
        #expect(server.address.port != 0)
        let client = try TestClient(server.address)
        try client.send("hello")
        #expect(try client.receiveText(5) == "hello")
        let peer = try #require(try peers.next())
        #expect(peer.host == "127.0.0.1" && peer.port != server.address.port)
        #expect(server.server.counter(.bytesReceived) == 5)
        client.endSending()
        #expect(try client.receiveToEnd().isEmpty)
        try server.stop()
        #expect(server.server.counters.map(\.name) == LoopCounter.allCases.map(\.name))
        #expect(server.server.counter(.bytesSent) == 5)
        #expect(server.server.counter(.accepted) == 1 && server.server.counter(.closed) == 1)
    }

    @Test("IPv6 is served")
    func ipv6() throws {
        let server = try TestServer(configure: { $0.listenAddress = ListenAddress(host: "::1", port: 0) }) { _ in
            .echo()
        }
        #expect(server.address.isIPv6 && server.address.isLoopback)
        let client = try TestClient(server.address)
        try client.send("six")
        #expect(try client.receiveText(3) == "six")
        try server.stop()
    }

    @Test("a message that comes byte by byte is answered when it is whole")
    func byteByByte() throws {
        let seen = Events<Int>()
        let server = try TestServer { _ in
            let handler = ScriptedHandler.lines { line, connection in connection.send("<\(line)>") }
            let inner = handler.onReceived
            handler.onReceived = { bytes, connection in
                seen.post(bytes.byteCount)
                return inner(bytes, connection)
            }
            return handler
        }
        let client = try TestClient(server.address)
        for (index, letter) in "abcdef\n".enumerated() {
            try client.send(String(letter))
            #expect(try seen.next() == index + 1)
        }
        #expect(try client.receiveText(8) == "<abcdef>")
        try server.stop()
    }

    @Test("20,000 pipelined messages are answered in order")
    func pipelining() throws {
        let server = try TestServer { _ in .lines { line, connection in connection.send("\(line)!\n") } }
        let client = try TestClient(server.address)
        let numbers = (0..<20_000).map(String.init)
        let writer = try LoopThread {
            do { try client.send(numbers.map { $0 + "\n" }.joined()) } catch { Issue.record(error) }
        }
        let expected = numbers.map { $0 + "!\n" }.joined()
        #expect(try client.receiveText(expected.utf8.count) == expected)
        writer.join()
        try server.stop()
    }

    @Test("a message larger than one read is assembled, and the following ones still come")
    func largeMessages() throws {
        let server = try TestServer { _ in .lines { line, connection in connection.send("\(line.utf8.count)\n") } }
        let client = try TestClient(server.address)
        for size in [1, 65_535, 65_536, 65_537, 1_000_000, 0, 200_000] {
            try client.send(String(repeating: "x", count: size) + "\n")
            #expect(try client.receiveText(String(size).count + 1) == "\(size)\n")
        }
        try server.stop()
    }

    @Test("1,000 connections at once on two loops", arguments: [AcceptStrategy.socketPerLoop, .oneAcceptor])
    func manyConnections(strategy: AcceptStrategy) throws {
        let server = try TestServer(loops: 2, configure: { $0.acceptStrategy = strategy }) { _ in .echo() }
        let clients = try (0..<1000).map { _ in try TestClient(server.address) }
        for (index, client) in clients.enumerated() { try client.send("\(1000 + index)") }
        for (index, client) in clients.enumerated() { #expect(try client.receiveText(4) == "\(1000 + index)") }
        #expect(server.server.openConnectionCount == 1000)
        let perLoop = (0..<2).map { server.server.counter(.accepted, ofLoop: $0) }
        #expect(perLoop[0] + perLoop[1] == 1000)
        switch strategy {
        case .oneAcceptor: #expect(perLoop == [500, 500])
        // The kernel's hash: 1,000 fair coins fall outside 350 to 650 less than once in 10^20 runs.
        case .socketPerLoop: #expect((350...650).contains(perLoop[0]))
        }
        for client in clients { client.endSending() }
        for client in clients { #expect(try client.receiveToEnd().isEmpty) }
        try server.stop()
    }

    @Test("output sent outside of a request leaves at the end of the turn")
    func lateAnswer() throws {
        let server = try TestServer { _ in
            .lines { line, connection in
                // The answer comes from a timer, as from a computation elsewhere.
                do {
                    try connection.loop.after(milliseconds: 1) {
                        connection.send("late ")
                        connection.send(line)
                        connection.closeAfterFlush()
                    }
                } catch { Issue.record(error) }
            }
        }
        let client = try TestClient(server.address)
        try client.send("x\n")
        #expect(try client.receiveTextToEnd() == "late x")
        try server.stop()
    }

    @Test("a handler may ask its connection anything while it appends")
    func appendingReadsState() throws {
        let server = try TestServer { _ in
            .lines { _, connection in
                connection.send { output in
                    let state = "\(connection.queuedOutputBytes) \(connection.isOutputPaused)\n"
                    output.append(contentsOf: state.utf8)
                }
            }
        }
        let client = try TestClient(server.address)
        try client.send("a\n")
        #expect(try client.receiveText(8) == "0 false\n")
        try server.stop()
    }
}
