import HTTPServer
import ServiceMethods
import Synchronization
import Telemetry
import WireProtocol

/// The answer of one request, or of its batch, that a handler has put off. One thread's: it is asked again whenever its request's
/// waker was used, and then does what there is to do.
final class HTTPLateReply {
    private let replies: ConnectionReplies
    private let mailbox: HTTPMailbox
    private let waker: HTTPWaker
    private let batch: BatchRun?
    /// What its elements' tickets bring.
    private let elements: HTTPMailbox

    /// - Parameters:
    ///   - replies: of this request alone, whose tickets bring their answers to `mailbox`.
    ///   - caller: what a handler has left there.
    init(
        _ replies: ConnectionReplies, _ mailbox: HTTPMailbox, _ caller: Caller, _ waker: HTTPWaker, room: ReplyRoom,
        receivedAt: UInt64
    ) {
        self.replies = replies
        self.mailbox = mailbox
        self.waker = waker
        let elements = HTTPMailbox(waker)
        self.elements = elements
        batch = caller.batch.map { batch in
            BatchRun(batch, receivedAt: receivedAt, from: caller, transport: elements, room: room)
        }
        replies.account()
        if batch != nil { waker.wake() }
    }

    /// Nobody waits any more: whoever works on it hears of that.
    deinit {
        batch?.abandon()
        replies.queue.endAll()
        replies.account()
    }

    /// When to look again at the latest.
    var deadline: UInt64 { replies.queue.earliestDeadline ?? 0 }

    /// Nil: not yet.
    func answer(_ frames: FrameResponder) -> HTTPReply? {
        if let batch { return answer(batch, frames) }
        for (number, write) in mailbox.takeAll() {
            if let reply = reply(number, frames, write) { return reply }
        }
        for ticket in replies.queue.overdue(at: MonotonicClock.nanoseconds()) {
            guard let head = replies.queue.head(of: ticket.number) else { continue }
            replies.queue.end(ticket, .expired, []) { _ in }
            frames.countLater(head, .failure(.deadlinePassed), nonFiniteNumbers: 0)
            return .error(.deadlinePassed)
        }
        return nil
    }

    /// A turn of it: other clients have theirs before the next.
    private func answer(_ batch: BatchRun, _ frames: FrameResponder) -> HTTPReply? {
        for (number, write) in elements.takeAll() { batch.deliver(number, write, frames) }
        if let deadline = batch.ticket.deadline, MonotonicClock.nanoseconds() >= deadline { batch.end(frames) }
        if !batch.hasBegunAll { batch.takeTurn(frames) }
        guard batch.isDone else {
            if !batch.hasBegunAll { waker.wake() }
            return nil
        }
        return reply(batch.ticket.number, frames, batch.answer(indexVersion: frames.context.indexVersion))
    }

    private func reply(_ number: ReplyNumber, _ frames: FrameResponder, _ write: ReplyWriting) -> HTTPReply? {
        guard let head = replies.queue.head(of: number) else { return nil }
        var outcome = LateReply.success
        var nonFiniteNumbers = 0
        let reply = HTTPReply.json(200) { writer in
            outcome = write(&writer, head)
            nonFiniteNumbers = writer.nonFiniteCount
        }
        if case .notYet = outcome { return nil }
        replies.queue.close(number, []) { _ in }
        frames.countLater(head, outcome, nonFiniteNumbers: nonFiniteNumbers)
        if case .failure(let error) = outcome { return .error(error) }
        return reply
    }
}

/// Where tickets bring their answers, from any thread.
final class HTTPMailbox: ReplyTransport {
    private let arrived = Mutex<[(number: ReplyNumber, write: ReplyWriting)]>([])
    private let waker: HTTPWaker

    init(_ waker: HTTPWaker) { self.waker = waker }

    func deliver(_ number: ReplyNumber, _ write: @escaping ReplyWriting) -> Bool {
        arrived.withLock { $0.append((number, write)) }
        waker.wake()
        return true
    }

    func takeAll() -> [(number: ReplyNumber, write: ReplyWriting)] {
        arrived.withLock { arrived in
            defer { arrived = [] }
            return arrived
        }
    }
}
