import RecommendationService
package import ServiceMethods
package import WireProtocol

/// Answers the payloads of frames, one after the other. Knows no socket: connections of the event loop hand it bytes, and so do tests.
/// One thread's.
package final class FrameResponder {
    private let parser = JSONParser()
    package let context: ServiceContext
    package let counters: RequestCounters

    private let methods: [ServiceMethod]

    /// - Parameter methods: by their numbers in `MethodTable`, for tests that put others in their places.
    package init(
        _ context: ServiceContext, counters: RequestCounters, methods: [ServiceMethod] = MethodTable.all
    ) {
        self.context = context
        self.counters = counters
        self.methods = methods
    }

    /// Writes one reply, or none where it comes later or none is wanted.
    package func answer(
        _ payload: RawSpan, _ times: RequestTimes, _ writer: inout JSONWriter, for caller: Caller
    ) -> FrameOutcome {
        var outcome = FrameOutcome.answered
        do throws(RefusedRequest) {
            try parser.withRequest(in: payload, needsId: !caller.isBatch) { request in
                outcome = answer(request, payload, times, &writer, for: caller)
            }
        } catch {
            counters.countFailure(error.error.reason)
            writer.writeRefusal(error)
            if error.error.closesConnection { outcome = .answeredAndCloses }
        }
        return outcome
    }

    /// As `answer`, where the answer is this error whatever is asked.
    func refuse(_ payload: RawSpan, _ error: WireError, _ writer: inout JSONWriter, for caller: Caller) {
        do throws(RefusedRequest) {
            try parser.withRequest(in: payload, needsId: !caller.isBatch) { request in
                counters.countFailure(error.reason, method: request.method)
                writer.writeError(error, to: request)
            }
        } catch {
            counters.countFailure(error.error.reason)
            writer.writeRefusal(error)
        }
    }

    private func answer(
        _ request: borrowing Request, _ payload: RawSpan, _ times: RequestTimes, _ writer: inout JSONWriter,
        for caller: Caller
    ) -> FrameOutcome {
        if methods[request.method].traits.contains(.readsText) {
            context.parametersText = parser.parametersText(of: request)
        }
        if !caller.isBatch { counters.countQueue(nanoseconds: times.queueNanoseconds) }
        let start = writer.position
        let isSilent = request.id == nil && !caller.isBatch
        var outcome = FrameOutcome.answered
        do throws(WireError) {
            let dispatcher = Dispatcher(context: context, caller: caller, times: times)
            switch try dispatcher.answer(request, by: methods[request.method], &writer) {
            case .written: break
            case .putOff: return .putOff
            case .waits(let evaluation):
                try wait(for: evaluation, payload, try dispatcher.wait(request), caller)
                return .putOff
            }
            let nanoseconds = times.sinceReceipt
            counters.countAnswer(
                method: request.method, nanoseconds: nanoseconds, nonFiniteNumbers: writer.nonFiniteCount)
            context.watch?.answered(
                request.method, nanoseconds: nanoseconds, queueNanoseconds: times.queueNanoseconds,
                requestBytes: payload.byteCount, client: caller.clientName, traceparent: request.traceparent)
        } catch {
            counters.countFailure(error.reason, method: request.method)
            context.watch?.failed(
                request.method, error, client: caller.clientName, traceparent: request.traceparent)
            writer.writeError(error, to: request)
            if error.closesConnection { outcome = .answeredAndCloses }
        }
        if isSilent { writer.takeBack(to: start) }
        return outcome
    }

    /// It is answered from its bytes, which are kept so long.
    private func wait(
        for evaluation: RuleEvaluation, _ payload: RawSpan, _ ticket: ReplyTicket, _ caller: Caller
    ) throws(WireError) {
        let kept = unsafe payload.withUnsafeBytes { unsafe Array($0) }
        caller.replies?.queue.keep(kept.count, for: ticket.number)
        let asker = caller.replies.map { ObjectIdentifier($0) }
        let waiting = WaitingRequest(ticket, context.rules, asker: asker) {
            [self] found, head, writer throws(WireError) in
            try answerAgain(kept, head, lent: found, &writer, for: caller)
        }
        do throws(WireError) {
            try waiting.wait(for: evaluation)
        } catch {
            caller.replies?.abandon()
            throw error
        }
    }

    private func answerAgain(
        _ payload: [UInt8], _ head: ReplyHead, lent: [RuleResult], _ writer: inout JSONWriter, for caller: Caller
    ) throws(WireError) -> RuleEvaluation? {
        let dispatcher = Dispatcher(context: context, caller: caller, times: RequestTimes(of: head))
        var missing: RuleEvaluation?
        var failure: WireError?
        do throws(RefusedRequest) {
            try parser.withRequest(in: unsafe payload.span.bytes, needsId: !caller.isBatch) { request in
                do throws(WireError) {
                    missing = try dispatcher.answerAgain(
                        request, by: methods[request.method], lent: lent, &writer)
                } catch {
                    failure = error
                }
            }
        } catch {
            // It was read before.
            failure = error.error
        }
        if let failure { throw failure }
        return missing
    }

    /// Of a request whose answer came later.
    func countLater(_ head: ReplyHead, _ reply: LateReply, nonFiniteNumbers: Int) {
        switch reply {
        case .success:
            let times = RequestTimes(receivedAt: head.receivedAt, startedAt: head.receivedAt)
            let nanoseconds = times.sinceReceipt
            counters.countAnswer(method: head.method, nanoseconds: nanoseconds, nonFiniteNumbers: nonFiniteNumbers)
            context.watch?.answered(
                head.method, nanoseconds: nanoseconds, queueNanoseconds: UInt64(head.queueMicroseconds) * 1000,
                requestBytes: nil, client: nil, traceparent: nil)
        case .failure(let error):
            counters.countFailure(error.reason, method: head.method)
            context.watch?.failed(head.method, error, client: nil, traceparent: nil)
        case .notYet: break
        }
    }
}

/// What became of a frame.
package enum FrameOutcome: Sendable {
    case answered
    /// The connection ends after the answer.
    case answeredAndCloses
    /// The answer comes later.
    case putOff
}
