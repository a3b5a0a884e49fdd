import Dispatch
import Testing

@testable import EventLoop

/// A clock that only moves when a message is handled.
final class ManualClock: Sendable {
    private let nanoseconds = Locked<UInt64>(1_000_000_000_000)

    @Sendable func read() -> UInt64 { nanoseconds.withLock { $0 } }

    func advance(milliseconds: Double) { nanoseconds.withLock { $0 += UInt64(milliseconds * 1e6) } }

    /// Lines that begin with `c` take 80 ms, others 0.1 ms; what is recorded can be held up at the first.
    func handler(_ record: TurnTests.Record) -> ScriptedHandler {
        .lines(clock: read) { [self] line, connection in
            advance(milliseconds: line.hasPrefix("c") ? 80 : 0.1)
            record.handle(line, connection)
        }
    }
}

@Suite("Who makes others wait least goes first")
struct FairTurnTests {
    /// A server whose loop is held up, so that what clients send meanwhile is there at once.
    private struct HeldServer {
        let record = TurnTests.Record(holdsAt: "hold")
        let clock = ManualClock()
        let server: TestServer
        let holder: TestClient

        init() throws {
            let (record, clock) = (record, clock)
            server = try TestServer(
                configure: { $0.clock = clock.read }, handler: { _ in clock.handler(record) })
            holder = try TestClient(server.address)
        }

        func clients(_ count: Int, asking line: String? = nil) throws -> [TestClient] {
            let clients = try (0..<count).map { _ in try TestClient(server.address) }
            if let line { for client in clients { try ask(line, client) } }
            return clients
        }

        func ask(_ line: String, _ client: TestClient) throws {
            try client.send(line + "\n")
            #expect(try client.receiveText(line.utf8.count + 1) == line + "\n")
        }

        /// Lines that were handled after all of `others` had sent theirs, up to that of `polite`.
        func linesBefore(_ polite: TestClient, others: () throws -> Void) throws -> [String] {
            try holder.send("hold\n")
            try record.started.next()
            try others()
            try polite.send("polite\n")
            record.go.signal()
            #expect(try polite.receiveText(7) == "polite\n")
            let lines = record.lines.withLock { $0 }
            let hold = try #require(lines.lastIndex(of: "hold"))
            return Array(lines[(hold + 1)...].prefix { $0 != "polite" })
        }
    }

    @Test("a client that asks for little goes before eight that ask for much, each one request at a time")
    func beforeThoseThatWait() throws {
        let held = try HeldServer()
        let polite = try #require(try held.clients(1, asking: "polite").first)
        let costly = try held.clients(8, asking: "costly")
        for _ in 1...3 {
            let before = try held.linesBefore(polite) {
                for client in costly { try client.send("costly\n") }
            }
            #expect(before.isEmpty, "\(before)")
            for client in costly { #expect(try client.receiveText(7) == "costly\n") }
        }
        try held.server.stop(graceMilliseconds: 0)
    }

    @Test("nor do those go before it that come anew for each costly request")
    func beforeNewcomers() throws {
        let held = try HeldServer()
        let polite = try #require(try held.clients(1, asking: "polite").first)
        held.clock.advance(milliseconds: 20_000)
        // The first turn of newcomers that ask for much shows what they are; from then on they are known.
        for _ in 1...3 {
            let costly = try held.clients(8)
            let before = try held.linesBefore(polite) {
                for client in costly { try client.send("costly\n") }
            }
            #expect(before.count <= 2, "\(before)")
        }
        try held.server.stop(graceMilliseconds: 0)
    }

    @Test("what is asked for in between does not hide a costly request")
    func dearestMessage() {
        var budget = TurnBudget(messages: 128, nanoseconds: 200_000)
        budget.renew(at: 0)
        budget.didHandleMessage(at: 80_000_000)
        for message in 1...20 { budget.didHandleMessage(at: 80_000_000 + UInt64(message)) }
        #expect(budget.dearestNanoseconds > 1_000_000)
        for message in 21...60 { budget.didHandleMessage(at: 80_000_000 + UInt64(message)) }
        #expect(budget.dearestNanoseconds < 1_000_000)
    }

    @Test("a delay counts half after a second, and a thousand short turns less than a long one")
    func delays() {
        let start: UInt64 = 86_400_000_000_000
        let long = CausedDelay(nanoseconds: 100_000_000, at: start)
        let halfLater = CausedDelay(nanoseconds: 70_710_678, at: start + 1_000_000_000)
        #expect(abs(long.rank - halfLater.rank) < 1e-6)
        var short = CausedDelay(nanoseconds: 0, at: start)
        for _ in 1...1000 { short.add(100_000, at: start) }
        #expect(short.rank < long.rank - 9)
        var sum = CausedDelay(nanoseconds: 3_000_000, at: start)
        sum.add(4_000_000, at: start)
        #expect(abs(sum.rank - CausedDelay(nanoseconds: 5_000_000, at: start).rank) < 1e-6)
        var again = long
        again.add(0, at: start + 3_600_000_000_000)
        #expect(again.rank.isFinite && again.rank > long.rank)
    }

    @Test("the queue gives what a sorted list gives, and the oldest where turns are short")
    func queue() {
        var queue = FairQueue<Int>(at: 0)
        #expect(queue.isEmpty && queue.rank == nil && queue.removeNext() == nil)
        var waiting: [(rank: Double, element: Int)] = []
        // The first turn is given by age, and is so long that no other is.
        queue.append(-1, rank: 1e3)
        #expect(queue.removeNext() == -1)
        queue.didServe(nanoseconds: 1 << 60, until: 0)
        var state: UInt64 = 7
        for element in 0..<2000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let rank = Double(state >> 60)
            queue.append(element, rank: rank)
            waiting.append((rank, element))
            guard element % 3 == 0 else { continue }
            let least = waiting.indices.min {
                (waiting[$0].rank, waiting[$0].element) < (waiting[$1].rank, waiting[$1].element)
            }
            #expect(queue.removeNext() == least.map { waiting.remove(at: $0).element })
            queue.didServe(nanoseconds: 0, until: 0)
        }
        waiting.sort { ($0.rank, $0.element) < ($1.rank, $1.element) }
        for expected in waiting { #expect(queue.removeNext() == expected.element) }
        #expect(queue.isEmpty)
    }

    @Test("whoever comes does not keep what waits from its turn")
    func age() {
        var queue = FairQueue<Int>(at: 0)
        queue.append(0, rank: 1e9)
        var turns = 0
        for element in 1...1000 {
            queue.append(element, rank: 60)
            turns += 1
            if queue.removeNext() == 0 { break }
            queue.didServe(nanoseconds: 100_000, until: UInt64(turns) * 100_000)
        }
        #expect(turns <= 2)
    }
}
