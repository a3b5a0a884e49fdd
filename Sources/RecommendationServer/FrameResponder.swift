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

    /// Writes one reply, or none where it comes later.
    /// - Parameter replies: those of the connection; nil where no handler may put its answer off.
    package func answer(
        _ payload: RawSpan, _ times: RequestTimes, _ writer: inout JSONWriter, replies: ConnectionReplies? = nil
    ) -> FrameOutcome {
        var outcome = FrameOutcome.answered
        context.replies = replies
        do throws(RefusedRequest) {
            try parser.withRequest(in: payload) { request in
                do throws(WireError) {
                    let dispatcher = Dispatcher(context: context, times: times, methods: methods)
                    guard try dispatcher.answer(request, &writer) else {
                        outcome = .putOff
                        return
                    }
                    counters.countAnswer(
                        method: request.method, nanoseconds: times.sinceReceipt,
                        nonFiniteNumbers: writer.nonFiniteCount)
                } catch {
                    counters.countFailure(method: request.method)
                    writer.writeError(error, to: request)
                    if error.closesConnection { outcome = .answeredAndCloses }
                }
            }
        } catch {
            counters.countFailure()
            writer.writeRefusal(error)
            if error.error.closesConnection { outcome = .answeredAndCloses }
        }
        return outcome
    }

    /// Of a request whose answer came later.
    func countLater(_ head: ReplyHead, _ reply: LateReply, nonFiniteNumbers: Int) {
        if reply == .success {
            let times = RequestTimes(receivedAt: head.receivedAt, startedAt: head.receivedAt)
            counters.countAnswer(
                method: head.method, nanoseconds: times.sinceReceipt, nonFiniteNumbers: nonFiniteNumbers)
        } else {
            counters.countFailure(method: head.method)
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
