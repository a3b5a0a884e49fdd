import ServiceMethods
import Telemetry
import WireProtocol

/// What stands around a result.
enum ReplyForm {
    /// A frame with an envelope that names the request.
    case frame
    /// `{"result":...,"meta":...}`
    case body
    /// Nothing.
    case value
}

/// Answers one request: the deadline, the method, the envelope around its result.
struct Dispatcher {
    let context: ServiceContext
    let caller: Caller
    let times: RequestTimes
    var form = ReplyForm.frame

    /// Writes a whole frame or body, or none where the handler has put its answer off. What throws leaves nothing behind in the output.
    /// - Returns: whether the answer is written.
    func answer(
        _ request: borrowing Request, by method: ServiceMethod, _ writer: inout JSONWriter
    ) throws(WireError) -> Bool {
        try caller.check(method, request)
        try checkDeadline(request)
        try checkId(request)
        if caller.isBatch, method.traits.contains(.alone) {
            throw WireError(.invalidRequest, "\(method.name) stands in no batch: send it alone.", field: "method")
        }
        begin(request)
        beginReply(request, &writer)
        do throws(WireError) {
            try method.answer(request, context, &writer)
        } catch {
            caller.replies?.abandon()
            writer.abandonReply()
            throw error
        }
        if caller.replies?.end(head: { head(request) }) == true {
            writer.abandonReply()
            return false
        }
        if context.isOverdue, !method.traits.contains(.partial) {
            writer.abandonReply()
            throw .deadlinePassed
        }
        try endReply(request, &writer)
        return true
    }

    private func beginReply(_ request: borrowing Request, _ writer: inout JSONWriter) {
        switch form {
        case .frame: writer.beginReply(to: request)
        case .body: writer.beginResult()
        case .value: writer.beginValue()
        }
    }

    private func endReply(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        let meta = ReplyMeta(
            serverMicroseconds: Int(times.sinceReceipt / 1000), queueMicroseconds: times.queueMicroseconds,
            indexVersion: context.indexSummary.version, quality: context.quality, ignored: context.ignored)
        switch form {
        case .frame: writer.endReply(to: request, meta: meta)
        case .body: try writer.endResult(meta: meta)
        case .value: try writer.endValue()
        }
    }

    /// Who waits for an answer that was put off waits no longer than the longest deadline there is.
    private func begin(_ request: borrowing Request) {
        func time(_ milliseconds: Int) -> UInt64 { times.receivedAt + UInt64(milliseconds) * 1_000_000 }
        let deadline = request.deadlineMilliseconds.map { time($0) }
        context.begin(caller, deadline: deadline)
        caller.replies?.begin(deadline: deadline ?? time(ProtocolLimits.deadlineMilliseconds.upperBound))
    }

    private func head(_ request: borrowing Request) -> ReplyHead {
        guard form == .frame else {
            return ReplyHead(
                id: [], isJSONRPC: false, method: request.method, receivedAt: times.receivedAt,
                queueMicroseconds: times.queueMicroseconds, ignored: context.ignored)
        }
        return ReplyHead(
            request, receivedAt: times.receivedAt, queueMicroseconds: times.queueMicroseconds, ignored: context.ignored,
            isSilent: request.id == nil && !caller.isBatch)
    }

    /// Two requests that wait under one id could not be told apart. Without cost while none waits.
    private func checkId(_ request: borrowing Request) throws(WireError) {
        guard let replies = caller.replies, replies.queue.waitingCount > 0, !caller.isBatch else { return }
        let id: RequestID? = request.id
        guard let id, replies.queue.waiting(id: id.canonical) != nil else { return }
        throw WireError(
            .duplicateId, "A request with this id still waits for its answer on this connection: give each its own id.",
            field: "id")
    }

    /// Requests that were pipelined behind others may come too late. Who says nothing of it is told that there is too much to do before
    /// what waits grows without end; a batch waits for itself.
    private func checkDeadline(_ request: borrowing Request) throws(WireError) {
        guard let limit = request.deadlineMilliseconds else {
            guard !caller.isBatch, times.queueMicroseconds / 1_000_000 >= ProtocolLimits.queueSeconds else { return }
            throw WireError(
                .rateLimit,
                "The request waited \(ProtocolLimits.queueSeconds) s for its turn, so it was not begun: ask for less at a time, or later."
            )
        }
        if times.sinceReceipt / 1_000_000 >= UInt64(limit) {
            throw WireError(.deadlineExceeded, "The deadline of \(limit) ms passed before the request's turn came.")
        }
    }
}
