import EventLoop
import ServiceMethods
import Telemetry
import WireProtocol

/// Batches of this connection: one is worked on at a time, and the next while answers of the one before are waited for.
extension ClientSession {
    /// The handler has left one.
    func takeBatch() {
        guard let batch = caller.batch else { return }
        caller.batch = nil
        guard let head = replies.queue.head(of: batch.ticket.number) else { return }
        let transport = BatchTransport(
            poster: connection.loop.poster, connectionID: connection.id, number: batch.ticket.number)
        batches.append(
            BatchRun(batch, receivedAt: head.receivedAt, from: caller, transport: transport, room: loop.room))
        loop.addToBatches(self)
    }

    /// - Returns: whether there is more to do.
    func takeBatchTurn() -> Bool {
        guard let run = batches.first(where: { !$0.hasBegunAll }) else { return false }
        run.takeTurn(loop.responder)
        batchChanged(run)
        return batches.contains { !$0.hasBegunAll }
    }

    /// What a ticket of one of a batch's requests has brought.
    func deliver(_ reply: ReplyNumber, _ write: ReplyWriting, toBatch number: ReplyNumber) {
        guard let run = run(of: number) else { return }
        run.deliver(reply, write, loop.responder)
        batchChanged(run)
    }

    func run(of number: ReplyNumber) -> BatchRun? { batches.first { $0.ticket.number == number } }

    /// Its time is over: it is answered with what there is.
    func endBatch(_ run: BatchRun) {
        run.end(loop.responder)
        batchChanged(run)
    }

    /// Nobody waits for it any more.
    func abandonBatch(_ number: ReplyNumber) {
        run(of: number)?.abandon()
        batches.removeAll { $0.ticket.number == number }
    }

    private func batchChanged(_ run: BatchRun) {
        guard run.isDone else { return repliesChanged() }
        batches.removeAll { $0 === run }
        deliver(run.ticket.number, run.answer(indexVersion: loop.responder.context.indexVersion))
    }
}
