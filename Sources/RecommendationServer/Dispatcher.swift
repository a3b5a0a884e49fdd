import RecommendationService
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

/// What became of a request.
enum DispatchOutcome {
    case written
    /// Its handler has taken a ticket.
    case putOff
    /// For a filter that has yet to be looked over.
    case waits(RuleEvaluation)
}

/// Answers one request: the deadline, the method, the envelope around its result.
struct Dispatcher {
    let context: ServiceContext
    let caller: Caller
    let times: RequestTimes
    var form = ReplyForm.frame

    /// Writes a whole frame or body, or none where the answer comes later. What throws leaves nothing behind in the output.
    func answer(
        _ request: borrowing Request, by method: ServiceMethod, _ writer: inout JSONWriter
    ) throws(WireError) -> DispatchOutcome {
        try caller.check(method, request)
        try checkDeadline(request)
        try checkId(request)
        if caller.isBatch, method.traits.contains(.alone) {
            throw WireError(.invalidRequest, "\(method.name) stands in no batch: send it alone.", field: "method")
        }
        begin(request)
        do throws(WireError) {
            try write(method, request, &writer)
        } catch {
            caller.replies?.abandon()
            throw error
        }
        if caller.replies?.end(head: { head(request) }) == true {
            writer.abandonReply()
            return .putOff
        }
        if let missing = context.recommender.filters.takeMissing() {
            writer.abandonReply()
            return .waits(missing)
        }
        try finish(method, request, &writer)
        return .written
    }

    /// Answers a request that has waited, from the beginning.
    /// - Parameter lent: what it has waited for.
    /// - Returns: what it waits for still; nil: a whole frame or body is written.
    func answerAgain(
        _ request: borrowing Request, by method: ServiceMethod, lent: [RuleResult], _ writer: inout JSONWriter
    ) throws(WireError) -> RuleEvaluation? {
        try caller.check(method, request)
        try checkDeadline(request)
        context.begin(caller, deadline: deadline(request), lent: lent)
        try write(method, request, &writer)
        if let missing = context.recommender.filters.takeMissing() {
            writer.abandonReply()
            return missing
        }
        try finish(method, request, &writer)
        return nil
    }

    /// The answer comes once something is there that the request waits for.
    func wait(_ request: borrowing Request) throws(WireError) -> ReplyTicket {
        let ticket = try context.putOff()
        _ = caller.replies?.end(head: { head(request) })
        return ticket
    }

    /// The reply up to the end of its result.
    private func write(
        _ method: ServiceMethod, _ request: borrowing Request, _ writer: inout JSONWriter
    ) throws(WireError) {
        beginReply(request, &writer)
        do throws(WireError) {
            try method.answer(request, context, &writer)
        } catch {
            writer.abandonReply()
            throw error
        }
    }

    private func finish(
        _ method: ServiceMethod, _ request: borrowing Request, _ writer: inout JSONWriter
    ) throws(WireError) {
        if context.isOverdue, !method.traits.contains(.partial) {
            writer.abandonReply()
            throw .deadlinePassed
        }
        try endReply(request, &writer)
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
        let deadline = deadline(request)
        context.begin(caller, deadline: deadline)
        let longest = UInt64(ProtocolLimits.deadlineMilliseconds.upperBound) * 1_000_000
        caller.replies?.begin(deadline: deadline ?? times.receivedAt + longest)
    }

    private func deadline(_ request: borrowing Request) -> UInt64? {
        request.deadlineMilliseconds.map { times.receivedAt + UInt64($0) * 1_000_000 }
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
