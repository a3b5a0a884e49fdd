import Testing

@testable import EventLoop

@Suite("Back-pressure, limits and bad clients", .serialized)
struct BackPressureTests {
    /// 8 MiB, no two neighbouring pages alike.
    private static let block: [UInt8] = (0..<(8 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ ($0 >> 12)) }

    @Test("8 MiB through an echo to a client that starts to read late: nothing lost, memory bounded")
    func slowReader() throws {
        let peak = Locked(0)
        let paused = Events<Void>()
        let server = try TestServer { _ in
            let handler = ScriptedHandler.echo()
            let inner = handler.onReceived
            handler.onReceived = { bytes, connection in
                let consumed = inner(bytes, connection)
                let queued = connection.queuedOutputBytes
                peak.withLock { $0 = max($0, queued) }
                if connection.isOutputPaused { paused.post(()) }
                return consumed
            }
            return handler
        }
        let client = try TestClient(server.address, receiveBuffer: 65_536)
        let writer = try LoopThread {
            do { try client.send(Self.block) } catch { Issue.record(error) }
        }
        try paused.next()
        #expect(try client.receive(Self.block.count) == Self.block)
        writer.join()
        let limit = server.server.configuration.outputHighWater
        let seen = peak.withLock { $0 }
        #expect(seen > limit && seen <= limit + 16_384, "peak \(seen)")
        #expect(server.server.counter(.outputPauses) >= 1)
        try server.stop()
    }

    @Test("requests behind a paused output are handled after it drains, in order")
    func pausedRequests() throws {
        let answer = String(repeating: "x", count: 100_000)
        let peak = Locked(0)
        let server = try TestServer { _ in
            .lines { line, connection in
                connection.send("\(line) \(answer)\n")
                let queued = connection.queuedOutputBytes
                peak.withLock { $0 = max($0, queued) }
            }
        }
        let client = try TestClient(server.address, receiveBuffer: 65_536)
        try client.send((0..<200).map { "\($0)\n" }.joined())
        client.endSending()
        let lines = try client.receiveTextToEnd().split(separator: "\n")
        #expect(lines.count == 200)
        #expect(lines.enumerated().allSatisfy { $1 == "\($0) \(answer)" })
        #expect(peak.withLock { $0 } <= server.server.configuration.outputHighWater + 100_010)
        try server.stop()
    }

    @Test("a client that never reads is closed after the write stall time")
    func neverReads() throws {
        let reasons = Events<CloseReason>()
        let server = try TestServer(configure: { $0.writeStallTimeout = 30 }) { _ in
            let handler = ScriptedHandler.lines { _, connection in
                connection.send { $0.append(contentsOf: Self.block) }
            }
            handler.onClosed = { _, reason in reasons.post(reason) }
            return handler
        }
        let client = try TestClient(server.address, receiveBuffer: 65_536)
        try client.send("go\n")
        #expect(try reasons.next() == .writeStalled)
        #expect(server.server.counter(.stalledCloses) == 1)
        try server.stop()
    }

    @Test("more waiting output than the limit closes at once")
    func outputLimit() throws {
        let reasons = Events<CloseReason>()
        let server = try TestServer { _ in
            let handler = ScriptedHandler.lines { _, connection in
                for _ in 0..<8 { connection.send { $0.append(contentsOf: Self.block) } }
                #expect(!connection.acceptsOutput)
            }
            handler.onClosed = { _, reason in reasons.post(reason) }
            return handler
        }
        let client = try TestClient(server.address, receiveBuffer: 65_536)
        try client.send("go\n")
        #expect(try reasons.next() == .outputLimit)
        try server.stop()
    }

    @Test("a handler that leaves too much unconsumed loses the connection, and can say so")
    func inputLimit() throws {
        let reasons = Events<CloseReason>()
        let largest = Locked(0)
        let server = try TestServer(
            configure: {
                $0.maxUnconsumedBytes = 10_000
                $0.readChunk = 4096
            },
            handler: { _ in
                let handler = ScriptedHandler()
                handler.onReceived = { bytes, _ in
                    let count = bytes.byteCount
                    largest.withLock { $0 = max($0, count) }
                    return 0
                }
                handler.onWillClose = { connection, cause in
                    if cause == .inputLimit { connection.send("too long") }
                }
                handler.onClosed = { _, reason in reasons.post(reason) }
                return handler
            })
        let client = try TestClient(server.address)
        try client.send([UInt8](repeating: 1, count: 100_000))
        client.endSending()
        #expect(try client.receiveTextToEnd() == "too long")
        #expect(try reasons.next() == .orderly(.inputLimit))
        #expect(largest.withLock { $0 } > 10_000 && largest.withLock { $0 } <= 10_000 + 4096)
        try server.stop()
    }

    @Test("the client over the limit is told, the others stay; a place that is freed can be taken")
    func connectionLimit() throws {
        let reasons = Events<CloseReason>()
        let server = try TestServer(
            configure: {
                $0.maxConnections = 2
                $0.overLimitMessage = { Array("full".utf8) }
            },
            handler: { _ in
                let handler = ScriptedHandler.echo()
                handler.onClosed = { _, reason in reasons.post(reason) }
                return handler
            })
        let first = try TestClient(server.address)
        let second = try TestClient(server.address)
        for client in [first, second] {
            try client.send("a")
            #expect(try client.receiveText(1) == "a")
        }
        // More than the 64 that are closed with courtesy.
        let others = try (0..<70).map { _ in try TestClient(server.address) }
        for other in others { #expect(try other.receiveTextToEnd() == "full") }
        #expect(server.server.counter(.rejected) == 70)
        try first.send("b")
        #expect(try first.receiveText(1) == "b")
        second.endSending()
        #expect(try reasons.next() == .peerClosed(unconsumedBytes: 0))
        let third = try TestClient(server.address)
        try third.send("c")
        #expect(try third.receiveText(1) == "c")
        try server.stop()
    }

    @Test("an idle connection is told and closed; one that works is not")
    func idle() throws {
        let server = try TestServer(configure: { $0.idleTimeout = 1500 }) { _ in
            let handler = ScriptedHandler.echo()
            handler.onWillClose = { connection, cause in if cause == .idle { connection.send("bye") } }
            return handler
        }
        let idle = try TestClient(server.address)
        let busy = try TestClient(server.address)
        let isOver = Locked(false)
        let worker = try LoopThread {
            do {
                while !isOver.withLock({ $0 }) {
                    try busy.send("x")
                    #expect(try busy.receiveText(1) == "x")
                }
            } catch { Issue.record(error) }
        }
        #expect(try idle.receiveTextToEnd() == "bye")
        isOver.withLock { $0 = true }
        worker.join()
        #expect(server.server.counter(.idleCloses) == 1)
        try server.stop()
    }

    @Test("half a message that never ends is told and closed")
    func partialInput() throws {
        let server = try TestServer(configure: { $0.partialInputTimeout = 40 }) { _ in
            let handler = ScriptedHandler.lines { line, connection in connection.send(line) }
            handler.onWillClose = { connection, cause in connection.send("\(cause)") }
            return handler
        }
        let client = try TestClient(server.address)
        try client.send("whole\nhalf")
        #expect(try client.receiveTextToEnd() == "wholepartialInput")
        try server.stop()
    }

    @Test("a deadline closes unless it is lifted")
    func deadline() throws {
        let server = try TestServer { _ in
            let handler = ScriptedHandler.lines { line, connection in
                connection.setDeadline(afterMilliseconds: line == "set" ? 10 : nil)
                if line == "lifted" { connection.send("open") }
            }
            handler.onWillClose = { connection, cause in connection.send("\(cause)") }
            return handler
        }
        let client = try TestClient(server.address)
        try client.send("set\n")
        #expect(try client.receiveTextToEnd() == "deadline")
        let other = try TestClient(server.address)
        try other.send("set\nlifted\n")
        #expect(try other.receiveText(4) == "open")
        #expect(server.server.openConnectionCount >= 1)
        try server.stop()
    }

    @Test("a reset by the client is reported and does no harm")
    func reset() throws {
        let reasons = Events<CloseReason>()
        let opened = Events<Void>()
        let server = try TestServer { _ in
            let handler = ScriptedHandler.lines { _, _ in opened.post(()) }
            handler.onClosed = { _, reason in reasons.post(reason) }
            return handler
        }
        var client: TestClient? = try TestClient(server.address)
        client?.resetOnClose()
        try client?.send("x\n")
        try opened.next()
        client = nil
        #expect(try reasons.next() == .failed(name: "ECONNRESET"))
        let next = try TestClient(server.address)
        try next.send("y\n")
        try opened.next()
        try server.stop()
    }

    @Test("a client that ends its side after its requests gets all answers; half a request is counted")
    func halfClose() throws {
        let reasons = Events<CloseReason>()
        let server = try TestServer { _ in
            let handler = ScriptedHandler.lines { line, connection in connection.send("\(line);") }
            handler.onClosed = { _, reason in reasons.post(reason) }
            return handler
        }
        let client = try TestClient(server.address)
        try client.send("1\n2\n3\nhal")
        client.endSending()
        #expect(try client.receiveTextToEnd() == "1;2;3;")
        #expect(try reasons.next() == .peerClosed(unconsumedBytes: 3))
        try server.stop()
    }

    @Test("an error reply arrives although the client goes on sending")
    func replyBeforeReset() throws {
        let reply = String(repeating: "e", count: 300_000)
        let server = try TestServer(configure: { $0.lingerTimeout = 5000 }) { _ in
            .lines { line, connection in
                connection.send(line == "bad" ? reply : "after the end")
                connection.closeAfterFlush()
            }
        }
        let client = try TestClient(server.address)
        try client.send("bad\n" + String(repeating: "garbage\n", count: 40_000))
        #expect(try client.receiveTextToEnd() == reply)
        client.endSending()
        try server.stop()
    }

    @Test("a handler may close from inside a request; later bytes do not reach it")
    func closeInside() throws {
        let reasons = Events<CloseReason>()
        let calls = Locked(0)
        let server = try TestServer { _ in
            let handler = ScriptedHandler.lines { _, connection in
                calls.withLock { $0 += 1 }
                connection.close()
                connection.send("never")
                connection.closeAfterFlush()
            }
            handler.onClosed = { _, reason in reasons.post(reason) }
            return handler
        }
        let client = try TestClient(server.address)
        try client.send("x\nhalf")
        #expect(try reasons.next() == .handler)
        #expect(calls.withLock { $0 } == 1)
        try server.stop()
    }
}
