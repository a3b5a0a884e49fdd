import ServiceMethods
import Telemetry
import WireProtocol

/// Answers one request: the deadline, the method, the envelope around its result.
struct Dispatcher {
    let context: ServiceContext
    let times: RequestTimes

    /// Writes a whole frame. What throws leaves nothing behind in the output.
    func answer(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        try checkDeadline(request)
        writer.beginReply(to: request)
        do throws(WireError) {
            try MethodTable.all[request.method].answer(request, context, &writer)
        } catch {
            writer.abandonReply()
            throw error
        }
        writer.endReply(
            to: request,
            meta: ReplyMeta(
                serverMicroseconds: Int(times.sinceReceipt / 1000), queueMicroseconds: times.queueMicroseconds,
                indexVersion: context.indexSummary.version))
    }

    /// Requests that were pipelined behind others may come too late; one that has begun is short beside a deadline.
    private func checkDeadline(_ request: borrowing Request) throws(WireError) {
        guard let limit = request.deadlineMilliseconds else { return }
        if times.sinceReceipt / 1_000_000 >= UInt64(limit) {
            throw WireError(.deadlineExceeded, "The deadline of \(limit) ms passed before the request's turn came.")
        }
    }
}
