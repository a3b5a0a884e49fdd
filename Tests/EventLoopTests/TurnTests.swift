import Dispatch
import Telemetry
import Testing

@testable import EventLoop

@Suite("Connections take turns")
struct TurnTests {
    /// Lines in the order in which they were handled.
    final class Record: Sendable {
        let lines = Locked<[String]>([])
        let started = Events<Void>()
        let go = DispatchSemaphore(value: 0)
        private let held: String?

        /// - Parameter held: lines that wait for `go`; the first of all where there is none.
        init(holdsAt held: String? = nil) { self.held = held }

        func handler() -> ScriptedHandler { .lines { [self] line, connection in handle(line, connection) } }

        func handle(_ line: String, _ connection: Connection) {
            let isFirst = lines.withLock { lines in
                lines.append(line)
                return lines.count == 1
            }
            if held.map({ $0 == line }) ?? isFirst {
                started.post(())
                go.wait()
            }
            connection.send("\(line)\n")
        }
    }

    @Test("a client that asks once is served within two turns of one that pipelines a thousand")
    func lightBeforeHeavy() throws {
        let record = Record()
        let server = try TestServer(configure: { $0.turnMessages = 1 }) { _ in record.handler() }
        let light = try TestClient(server.address)
        let flooder = try TestClient(server.address)
        try flooder.send((0..<1000).map { "f\($0)\n" }.joined())
        try record.started.next()
        try light.send("light\n")
        record.go.signal()
        #expect(try light.receiveText(6) == "light\n")
        let place = try #require(record.lines.withLock { $0.firstIndex(of: "light") })
        #expect(place <= 2, "\(place) were served before")
        flooder.endSending()
        let answers = try flooder.receiveTextToEnd().split(separator: "\n")
        #expect(answers.elementsEqual((0..<1000).map { "f\($0)" }))
        light.endSending()
        try server.stop()
    }

    @Test("those that pipeline are served in turn, each in its own order")
    func roundRobin() throws {
        let record = Record()
        let clock = ManualClock()
        let server = try TestServer(
            configure: {
                $0.turnMessages = 2
                $0.clock = clock.read
            }, handler: { _ in clock.handler(record) })
        let clients = try (0..<5).map { _ in try TestClient(server.address) }
        try clients[0].send((0..<200).map { "0 \($0)\n" }.joined())
        try record.started.next()
        for (index, client) in clients.enumerated().dropFirst() {
            try client.send((0..<200).map { "\(index) \($0)\n" }.joined())
        }
        record.go.signal()
        for client in clients {
            client.endSending()
            _ = try client.receiveTextToEnd()
        }
        // From where all five are at work until the first has done: no two more than two turns apart.
        var counts = [Int](repeating: 0, count: 5)
        for line in record.lines.withLock({ $0 }).dropFirst(20) {
            let client = try #require(line.first?.wholeNumberValue)
            counts[client] += 1
            guard counts.allSatisfy({ $0 < 180 }) else { break }
            let spread = (counts.max() ?? 0) - (counts.min() ?? 0)
            #expect(spread <= 20, "\(counts)")
        }
        try server.stop()
    }

    @Test("a turn that is over by time gives way after one message")
    func turnByTime() throws {
        let record = Record()
        let server = try TestServer(configure: { $0.turnNanoseconds = 0 }) { _ in record.handler() }
        let light = try TestClient(server.address)
        let flooder = try TestClient(server.address)
        try flooder.send((0..<100).map { "f\($0)\n" }.joined())
        try record.started.next()
        try light.send("light\n")
        record.go.signal()
        #expect(try light.receiveText(6) == "light\n")
        #expect(try #require(record.lines.withLock { $0.firstIndex(of: "light") }) <= 2)
        flooder.endSending()
        #expect(try flooder.receiveTextToEnd().split(separator: "\n").count == 100)
        light.endSending()
        try server.stop()
    }

    @Test("a timer comes between the turns of a flood")
    func timerDuringFlood() throws {
        let record = Record()
        let fired = Locked(0)
        let server = try TestServer(configure: { $0.turnMessages = 1 }) { connection in
            let handler = record.handler()
            let answer = handler.onReceived
            handler.onReceived = { bytes, connection in
                let consumed = answer(bytes, connection)
                if fired.withLock({ $0 }) == 0, record.lines.withLock({ $0.count }) == 1 {
                    do {
                        try connection.loop.after(milliseconds: 0) {
                            fired.withLock { $0 = record.lines.withLock { $0.count } }
                        }
                    } catch { Issue.record(error) }
                }
                return consumed
            }
            return handler
        }
        let flooder = try TestClient(server.address)
        try flooder.send((0..<1000).map { "f\($0)\n" }.joined())
        try record.started.next()
        record.go.signal()
        flooder.endSending()
        #expect(try flooder.receiveTextToEnd().split(separator: "\n").count == 1000)
        let handled = fired.withLock { $0 }
        #expect((1...50).contains(handled), "the timer fired after \(handled) messages")
        try server.stop()
    }

    @Test("a message that waits keeps the time of its own last byte")
    func arrivalTimes() {
        var arrivals = ArrivalTimes()
        arrivals.didRead(upTo: 100, at: 1, keeps: false)
        #expect(arrivals.time(ofMessageEndingAt: 40) == 1)
        // Of the first read something waits; two more reads come.
        arrivals.keepLatest(upTo: 100)
        arrivals.didRead(upTo: 200, at: 2, keeps: true)
        arrivals.didRead(upTo: 250, at: 3, keeps: true)
        #expect(arrivals.time(ofMessageEndingAt: 100) == 1)
        #expect(arrivals.time(ofMessageEndingAt: 101) == 2, "its last byte came with the second read")
        #expect(arrivals.time(ofMessageEndingAt: 250) == 3)
        arrivals.forget()
        arrivals.didRead(upTo: 300, at: 9, keeps: false)
        #expect(arrivals.time(ofMessageEndingAt: 300) == 9)
        // More reads than it keeps: none counts as later than it was.
        arrivals.keepLatest(upTo: 300)
        for read in 1...100 { arrivals.didRead(upTo: 300 + read, at: 9 + UInt64(read), keeps: true) }
        for end in 301...400 { #expect(arrivals.time(ofMessageEndingAt: end) <= UInt64(end - 300) + 9) }
    }

    @Test("messages behind others arrived before their turn came, and are read ahead up to the limit")
    func arrivalsOfWaitingMessages() throws {
        let ages = Locked<[(arrived: UInt64, called: UInt64)]>([])
        let server = try TestServer(configure: { $0.turnMessages = 10 }) { _ in
            let handler = ScriptedHandler()
            handler.onReceived = { bytes, connection in
                var done = 0
                while connection.mayContinue, bytes.byteCount - done >= 8 {
                    done += 8
                    let arrived = connection.arrivalTime(ofMessageEndingAt: done)
                    ages.withLock { $0.append((arrived, connection.calledAt)) }
                    connection.didHandleMessage(at: MonotonicClock.nanoseconds())
                }
                return done
            }
            return handler
        }
        let client = try TestClient(server.address)
        try client.send([UInt8](repeating: 1, count: 8 * 5000))
        client.endSending()
        _ = try client.receiveToEnd()
        let all = ages.withLock { $0 }
        #expect(all.count == 5000)
        #expect(all.allSatisfy { $0.arrived <= $0.called })
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.arrived <= $1.arrived })
        try server.stop()
    }
}
