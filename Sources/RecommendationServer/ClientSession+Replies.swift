import EventLoop
import ServiceMethods
import Telemetry
import WireProtocol

/// Replies that come after the call that brought their request.
extension ClientSession {
    /// What a ticket has brought. Without effect where its request has been answered otherwise.
    func deliver(_ number: ReplyNumber, _ write: ReplyWriting) {
        guard let head = replies.queue.head(of: number) else { return }
        var outcome = LateReply.success
        let reply = Self.frame { writer in outcome = write(&writer, head) }
        if case .notYet = outcome { return }
        loop.responder.countLater(head, outcome, nonFiniteNumbers: reply.nonFiniteCount)
        accessMayHaveChanged()
        replies.queue.close(number, head.isSilent ? [] : reply.frame) { send($0) }
        if case .failure(let error) = outcome, error.closesConnection { closeAfterReplies() } else { repliesChanged() }
    }

    /// Requests that the client wants no answer to any more are answered so, in place of their tickets.
    func endCancelled() {
        let tickets = caller.cancelled
        caller.cancelled = []
        for ticket in tickets { end(ticket, .cancelled, .cancelledByClient) }
    }

    private func end(_ ticket: ReplyTicket, _ end: ReplyEnd, _ error: WireError) {
        guard let head = replies.queue.head(of: ticket.number) else { return }
        abandonBatch(ticket.number)
        let reply = Self.frame { $0.writeError(error, to: head) }
        loop.responder.countLater(head, .failure(error), nonFiniteNumbers: reply.nonFiniteCount)
        replies.queue.end(ticket, end, head.isSilent ? [] : reply.frame) { send($0) }
        repliesChanged()
    }

    private static func frame(_ write: (inout JSONWriter) -> Void) -> (frame: [UInt8], nonFiniteCount: Int) {
        var bytes: [UInt8] = []
        var writer = JSONWriter(appendingTo: &bytes)
        write(&writer)
        let nonFiniteCount = writer.nonFiniteCount
        writer.finish(into: &bytes)
        return (bytes, nonFiniteCount)
    }

    private func send(_ frame: [UInt8]) { connection.send { $0 += frame } }

    /// An answer was put off: the loop finds this session again when it comes.
    func didPutOff() {
        loop.await(self)
        if let deadline = replies.queue.newestDeadline { wake(at: deadline) }
        takeBatch()
    }

    /// Tells the connection what it owes, and closes it where that had to wait for the last reply.
    func repliesChanged() {
        let queue = replies.queue
        replies.account()
        if queue.isEmpty { loop.forget(self) }
        let batchBytes = batches.reduce(0) { $0 + $1.heldBytes }
        connection.setOwedAnswers(
            queue.waitingCount,
            holdsInput: queue.isFull || batchBytes > ProtocolLimits.outputPauseBytes || caller.waitsForKey
                || closesAfterReplies,
            heldBytes: queue.heldBytes + batchBytes)
        if queue.heldBytes > ProtocolLimits.outputBufferBytes { return connection.close() }
        if closesAfterReplies && queue.isEmpty { connection.closeAfterFlush() }
    }

    /// Takes nothing more from the client, and closes once it has the replies that it is owed.
    func closeAfterReplies() {
        closesAfterReplies = true
        repliesChanged()
    }

    /// Nobody takes the replies any more: whoever works on one hears of it.
    func forgetReplies() {
        for run in batches { run.abandon() }
        batches = []
        replies.queue.endAll()
        replies.account()
        loop.forget(self)
        connection.setOwedAnswers(0, holdsInput: false)
    }

    // MARK: Deadlines

    /// The loop's clock may be late, so a timer may be early: whoever it wakes sets it again for those that still wait.
    private func wake(at deadline: UInt64) {
        if let current = deadlineTimer {
            guard deadline < current.nanoseconds else { return }
            current.timer.cancel()
            deadlineTimer = nil
        }
        let now = MonotonicClock.nanoseconds()
        let milliseconds = Int((max(deadline, now) - now) / 1_000_000) + 1
        do {
            let timer = try connection.loop.after(milliseconds: milliseconds) { [weak self] in self?.endOverdue() }
            deadlineTimer = (timer, deadline)
        } catch {
            connection.loop.log.error("no timer for a deadline", ["error": .text("\(error)")])
        }
    }

    private func endOverdue() {
        deadlineTimer = nil
        for ticket in replies.queue.overdue(at: MonotonicClock.nanoseconds()) {
            if let run = run(of: ticket.number) { endBatch(run) } else { end(ticket, .expired, .deadlinePassed) }
        }
        if let deadline = replies.queue.earliestDeadline { wake(at: deadline) }
    }
}

/// From any thread back to the session's loop.
struct SessionTransport: ReplyTransport {
    let poster: LoopPoster
    let connectionID: UInt64

    func deliver(_ number: ReplyNumber, _ write: @escaping ReplyWriting) -> Bool {
        poster.post { [connectionID] loop in
            (loop.context as? LoopState)?.session(ofConnection: connectionID)?.deliver(number, write)
        }
    }
}
