import ServiceMethods
import Telemetry
import WireProtocol

/// Answers one request: the deadline, the method, the envelope around its result.
struct Dispatcher {
    let context: ServiceContext
    let times: RequestTimes
    let methods: [ServiceMethod]

    /// Writes a whole frame, or none where the handler has put its answer off. What throws leaves nothing behind in the output.
    /// - Returns: whether the answer is written.
    func answer(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) -> Bool {
        try checkDeadline(request)
        try checkId(request)
        context.replies?.begin(deadline: deadline(of: request))
        writer.beginReply(to: request)
        do throws(WireError) {
            try methods[request.method].answer(request, context, &writer)
        } catch {
            context.replies?.abandon()
            writer.abandonReply()
            throw error
        }
        if let replies = context.replies,
            replies.end(request, receivedAt: times.receivedAt, queueMicroseconds: times.queueMicroseconds)
        {
            writer.abandonReply()
            return false
        }
        writer.endReply(
            to: request,
            meta: ReplyMeta(
                serverMicroseconds: Int(times.sinceReceipt / 1000), queueMicroseconds: times.queueMicroseconds,
                indexVersion: context.indexSummary.version))
        return true
    }

    /// Nobody waits for ever: a request without a deadline has the longest there is.
    private func deadline(of request: borrowing Request) -> UInt64 {
        let milliseconds = request.deadlineMilliseconds ?? ProtocolLimits.deadlineMilliseconds.upperBound
        return times.receivedAt + UInt64(milliseconds) * 1_000_000
    }

    /// Two requests that wait under one id could not be told apart. Without cost while none waits.
    private func checkId(_ request: borrowing Request) throws(WireError) {
        guard let replies = context.replies, replies.queue.waitingCount > 0 else { return }
        guard replies.queue.waiting(id: request.id.canonical) != nil else { return }
        throw WireError(
            .duplicateId, "A request with this id still waits for its answer on this connection: give each its own id.",
            field: "id")
    }

    /// Requests that were pipelined behind others may come too late; one that has begun is short beside a deadline.
    private func checkDeadline(_ request: borrowing Request) throws(WireError) {
        guard let limit = request.deadlineMilliseconds else { return }
        if times.sinceReceipt / 1_000_000 >= UInt64(limit) {
            throw WireError(.deadlineExceeded, "The deadline of \(limit) ms passed before the request's turn came.")
        }
    }
}
