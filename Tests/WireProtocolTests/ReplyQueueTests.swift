import Synchronization
import Testing

@testable import WireProtocol

/// What tickets deliver, in the order in which they do, for the test to give to its queue.
private final class MadeUpTransport: ReplyTransport {
    private let deliveries = Mutex<[(ReplyNumber, ReplyWriting)]>([])
    let isGone = Mutex(false)

    func deliver(_ number: ReplyNumber, _ write: @escaping ReplyWriting) -> Bool {
        guard !isGone.withLock({ $0 }) else { return false }
        deliveries.withLock { $0.append((number, write)) }
        return true
    }

    func takeAll() -> [(ReplyNumber, ReplyWriting)] {
        deliveries.withLock { deliveries in
            defer { deliveries = [] }
            return deliveries
        }
    }
}

/// A connection without a socket, and a handler that puts off what it is told to.
private struct MadeUpConnection {
    var queue = ReplyQueue()
    let transport = MadeUpTransport()
    var sent: [String] = []

    mutating func putOff(_ id: String, deadline: UInt64? = nil) -> ReplyTicket {
        let ticket = queue.putOff(deadline: deadline, transport: transport)
        queue.setHead(ReplyHead(id: Array(id.utf8), isJSONRPC: false, method: 0, receivedAt: 0), of: ticket.number)
        return ticket
    }

    mutating func answerAtOnce(_ id: String) {
        if queue.mustHold { queue.hold(Array(id.utf8)) } else { sent.append(id) }
    }

    /// What the connection's thread does with what tickets have delivered.
    mutating func turn() {
        for (number, write) in transport.takeAll() {
            guard let head = queue.head(of: number) else { continue }
            queue.close(number, Self.frame { _ = write(&$0, head) }) { sent.append(Self.summary($0)) }
        }
    }

    mutating func end(_ ticket: ReplyTicket, _ end: ReplyEnd, _ error: WireError) throws {
        let head = try #require(queue.head(of: ticket.number))
        queue.end(ticket, end, Self.frame { $0.writeError(error, to: head) }) { sent.append(Self.summary($0)) }
    }

    static func frame(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = JSONWriter(appendingTo: &bytes)
        write(&writer)
        writer.finish(into: &bytes)
        return bytes
    }

    /// The id of a success, the id and reason of an error, the text of what was answered at once.
    static func summary(_ frame: [UInt8]) -> String {
        let text = String(decoding: frame.dropFirst(4), as: UTF8.self)
        guard let match = text.firstMatch(of: /^\{"id":([^,]+),/) else { return String(decoding: frame, as: UTF8.self) }
        let reason = text.firstMatch(of: /"reason":"([A-Z_]+)"/)
        return "\(match.1)" + (reason.map { " \($0.1)" } ?? "")
    }
}

extension ReplyTicket {
    @discardableResult
    fileprivate func answer() -> Bool {
        answer(meta: { _ in ReplyMeta(serverMicroseconds: 1, queueMicroseconds: 0, indexVersion: nil) }) { writer in
            writer.beginObject()
            writer.endObject()
        }
    }
}

struct ReplyQueueTests {
    @Test func aReplyThatWasPutOffIsTheSameAsOneAtOnce() throws {
        let ticket = ReplyHead(id: Array("\"a\"".utf8), isJSONRPC: true, method: 0, receivedAt: 0)
        let frame = MadeUpConnection.frame { writer in
            writer.beginReply(to: ticket)
            writer.beginObject()
            writer.endObject()
            writer.endReply(
                to: ticket, meta: ReplyMeta(serverMicroseconds: 1500, queueMicroseconds: 2, indexVersion: "v"))
        }
        #expect(
            String(decoding: frame.dropFirst(4), as: UTF8.self)
                == #"{"id":"a","jsonrpc":"2.0","result":{},"meta":{"serverMs":1.5,"queueMs":0.002,"indexVersion":"v","quality":"full"}}"#
        )
    }

    @Test func withoutOrderWhatIsReadyLeavesAtOnce() {
        var connection = MadeUpConnection()
        let (one, two) = (connection.putOff("1"), connection.putOff("2"))
        connection.answerAtOnce("3")
        two.answer()
        connection.turn()
        one.answer()
        connection.turn()
        #expect(connection.sent == ["3", "2", "1"])
        #expect(connection.queue.isEmpty && connection.queue.waitingCount == 0)
    }

    @Test func withOrderRepliesLeaveInTheOrderOfTheirRequests() {
        var connection = MadeUpConnection()
        connection.queue.isOrdered = true
        connection.answerAtOnce("0")
        let one = connection.putOff("1")
        connection.answerAtOnce("2")
        let three = connection.putOff("3")
        connection.answerAtOnce("4")
        #expect(connection.sent == ["0"])
        three.answer()
        connection.turn()
        #expect(connection.sent == ["0"] && connection.queue.heldBytes > 2)
        one.fail(WireError(.diskFull, "full"))
        connection.turn()
        #expect(connection.sent == ["0", "1 DISK_FULL", "2", "3", "4"])
        connection.answerAtOnce("5")
        #expect(connection.sent.last == "5" && connection.queue.heldBytes == 0)
    }

    /// Every order in which five tickets may be answered.
    @Test func whatIsKeptOfRequestsCountsUntilTheyAreAnswered() {
        for isOrdered in [false, true] {
            var connection = MadeUpConnection()
            connection.queue.isOrdered = isOrdered
            let (one, two, three) = (connection.putOff("1"), connection.putOff("2"), connection.putOff("3"))
            for ticket in [one, two, three] {
                connection.queue.keep(ProtocolLimits.outputPauseBytes / 2, for: ticket.number)
            }
            #expect(connection.queue.isFull)
            two.answer()
            connection.turn()
            #expect(connection.queue.heldBytes >= ProtocolLimits.outputPauseBytes / 2 * 2)
            one.answer()
            three.fail(WireError(.diskFull, "full"))
            connection.turn()
            #expect(connection.queue.heldBytes == 0 && connection.queue.isEmpty)
            let four = connection.putOff("4")
            connection.queue.keep(10, for: four.number)
            connection.queue.endAll()
            #expect(connection.queue.heldBytes == 0)
        }
    }

    @Test func anyOrderOfAnswersGivesTheOrderOfRequests() {
        for seed in 0..<120 {
            var connection = MadeUpConnection()
            connection.queue.isOrdered = true
            var open = (1...5).map { connection.putOff("\($0)") }
            var choice = seed
            while !open.isEmpty {
                open.remove(at: choice % open.count).answer()
                choice /= open.count + 1
                connection.turn()
            }
            #expect(connection.sent == ["1", "2", "3", "4", "5"])
        }
    }

    @Test func aCancelledRequestIsAnsweredOnceAndItsWorkerHearsOfIt() throws {
        var connection = MadeUpConnection()
        connection.queue.isOrdered = true
        let (one, two) = (connection.putOff("\"a\""), connection.putOff("2"))
        #expect(throws: Never.self) { try one.checkpoint(at: 5) }
        let found = try #require(connection.queue.waiting(id: Array("\"a\"".utf8)))
        #expect(found.number == one.number)
        #expect(connection.queue.waiting(id: Array("a".utf8)) == nil)
        try connection.end(found, .cancelled, .cancelledByClient)
        #expect(one.end == .cancelled && two.end == .none)
        #expect(throws: WireError.cancelledByClient) { try one.checkpoint(at: 5) }
        #expect(!one.answer(), "nobody waits")
        two.answer()
        connection.turn()
        #expect(connection.sent == ["\"a\" BY_CLIENT", "2"])
        #expect(connection.queue.waiting(id: Array("\"a\"".utf8)) == nil)
    }

    /// The answer was on its way when the cancellation came.
    @Test func anAnswerThatCrossesACancellationIsDropped() throws {
        var connection = MadeUpConnection()
        let one = connection.putOff("1")
        #expect(one.answer())
        try connection.end(one, .cancelled, .cancelledByClient)
        connection.turn()
        #expect(connection.sent == ["1 BY_CLIENT"])
    }

    @Test func aDeadlineIsSeenBetweenStagesAndByTheConnection() throws {
        var connection = MadeUpConnection()
        let (late, early) = (connection.putOff("1", deadline: 2000), connection.putOff("2", deadline: 1000))
        _ = connection.putOff("3")
        #expect(connection.queue.overdue(at: 999).isEmpty)
        #expect(connection.queue.overdue(at: 1000).map(\.number) == [early.number])
        #expect(throws: WireError.deadlinePassed) { try early.checkpoint(at: 1000) }
        #expect(throws: Never.self) { try late.checkpoint(at: 1999) }
        try connection.end(early, .expired, .deadlinePassed)
        #expect(throws: WireError.deadlinePassed) { try early.checkpoint(at: 0) }
        #expect(connection.sent == ["2 DEADLINE_EXCEEDED"])
        #expect(connection.queue.waitingCount == 2)
    }

    @Test func aConnectionThatClosesEndsItsTickets() {
        var connection = MadeUpConnection()
        let one = connection.putOff("1")
        connection.queue.endAll()
        #expect(one.end == .disconnected && !one.answer())
        #expect(connection.queue.isEmpty)
    }

    @Test func aConnectionOwesNoMoreThanItsLimits() {
        var connection = MadeUpConnection()
        connection.queue.isOrdered = true
        let first = connection.putOff("0")
        for number in 1..<ProtocolLimits.requestsInFlight { _ = connection.putOff("\(number)") }
        #expect(connection.queue.isFull)
        first.answer()
        connection.turn()
        #expect(!connection.queue.isFull)
        connection.queue.hold([UInt8](repeating: 32, count: ProtocolLimits.outputPauseBytes + 1))
        #expect(connection.queue.isFull)
    }

    /// What a client sent before it asked for order keeps its way.
    @Test func orderBeginsWithTheNextRequest() {
        var connection = MadeUpConnection()
        let (one, two) = (connection.putOff("1"), connection.putOff("2"))
        connection.queue.isOrdered = true
        let three = connection.putOff("3")
        three.answer()
        connection.turn()
        #expect(connection.sent.isEmpty)
        two.answer()
        connection.turn()
        one.answer()
        connection.turn()
        #expect(connection.sent == ["2", "1", "3"])
    }

    @Test func oneAnswerForATicket() {
        var connection = MadeUpConnection()
        let one = connection.putOff("1")
        one.answer()
        one.answer()
        connection.turn()
        #expect(connection.sent == ["1"])
        connection.transport.isGone.withLock { $0 = true }
        #expect(!connection.putOff("2").answer())
    }
}
