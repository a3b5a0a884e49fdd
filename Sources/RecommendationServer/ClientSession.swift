import EventLoop
import ServiceMethods
import Telemetry
import WireProtocol

/// One client's connection: frames in, replies out. A request is answered inside the call that delivers it, or, where its
/// handler has put that off, when its ticket brings the answer.
final class ClientSession: ConnectionHandler {
    let loop: LoopState
    /// Holds this session until after `closed`.
    unowned let connection: Connection
    let replies: ConnectionReplies
    let caller: Caller
    /// In the order in which they came.
    var batches: [BatchRun] = []
    /// Nothing more is taken from the client, and the connection closes with the last reply that it is owed.
    var closesAfterReplies = false
    /// Ends requests whose deadline has come; one at a time, for the earliest.
    var deadlineTimer: (timer: LoopTimer, nanoseconds: UInt64)?
    private var decoder = FrameDecoder()
    /// Has yet to show a key.
    private var isLimited = false

    init(_ loop: LoopState, _ connection: Connection) {
        self.loop = loop
        self.connection = connection
        replies = ConnectionReplies(
            transport: SessionTransport(poster: connection.loop.poster, connectionID: connection.id), room: loop.room)
        caller = Caller(replies: replies, access: loop.responder.context.asksForKeys ? .none : .open)
        limitUntilAuthenticated()
    }

    /// Who has shown no key may send little, for a short time.
    private func limitUntilAuthenticated() {
        guard case .none = caller.access else { return }
        isLimited = true
        decoder.maximumPayloadBytes = ProtocolLimits.frameBytesBeforeAuthentication
        connection.setDeadline(afterMilliseconds: ProtocolLimits.unauthenticatedSeconds * 1000)
    }

    /// After each answer.
    func accessMayHaveChanged() {
        guard isLimited, case .granted = caller.access else { return }
        isLimited = false
        decoder.maximumPayloadBytes = ProtocolLimits.frameBytesIn
        connection.setDeadline(afterMilliseconds: nil)
    }

    func received(_ bytes: RawSpan, on connection: Connection) -> Int {
        var now = connection.calledAt
        var offset = 0
        while connection.mayContinue {
            switch decoder.next(in: bytes, from: offset) {
            case .needsMoreBytes: return offset
            case .frame(let payload):
                offset = payload.upperBound
                let times = RequestTimes(
                    receivedAt: connection.arrivalTime(ofMessageEndingAt: offset), startedAt: now)
                answer(bytes.extracting(payload), times, on: connection)
                now = MonotonicClock.nanoseconds()
                connection.didHandleMessage(at: now)
                if !connection.acceptsOutput { return bytes.byteCount }
            case .refused(let error):
                loop.responder.counters.countFailure(error.reason)
                write(on: connection) { writer in writer.writeConnectionError(error) }
                closeAfterReplies()
                return bytes.byteCount
            case .http:
                connection.send { output in output += FrameDecoder.httpReply }
                connection.closeAfterFlush()
                return bytes.byteCount
            }
        }
        return offset
    }

    func willClose(_ connection: Connection, cause: OrderlyCloseCause) {
        switch cause {
        case .shutdown: write(on: connection, isReply: false) { writer in writer.writeGoingAway() }
        case .idle: break
        case .deadline:
            let error = WireError(
                .keyMissing,
                "This server asks for a key, and none came within \(ProtocolLimits.unauthenticatedSeconds) s.",
                closesConnection: true)
            write(on: connection, isReply: false) { writer in writer.writeConnectionError(error) }
        case .bufferBudget:
            forgetReplies()
            let error = WireError(
                .buffersFull,
                "The server's buffers are full, and this connection held most: send frames whole, and read replies.")
            write(on: connection, isReply: false) { writer in writer.writeConnectionError(error) }
        case .partialInput, .inputLimit:
            let error = WireError(
                .invalidRequest, "The rest of a frame did not arrive in time.", closesConnection: true)
            write(on: connection, isReply: false) { writer in writer.writeConnectionError(error) }
        }
    }

    func closed(_ connection: Connection, reason: CloseReason) {
        forgetReplies()
        deadlineTimer?.timer.cancel()
        deadlineTimer = nil
    }

    private func answer(_ payload: RawSpan, _ times: RequestTimes, on connection: Connection) {
        var outcome = FrameOutcome.answered
        write(on: connection) { writer in
            outcome = loop.responder.answer(payload, times, &writer, for: caller)
        }
        accessMayHaveChanged()
        if outcome == .putOff { didPutOff() }
        if !caller.cancelled.isEmpty { endCancelled() }
        if !replies.queue.isEmpty { repliesChanged() }
        if outcome == .answeredAndCloses { closeAfterReplies() }
    }

    /// What is written goes out, or waits where replies before it do and the client wants them in order.
    /// - Parameter isReply: false for what is said as the connection closes, which waits for nothing.
    private func write(on connection: Connection, isReply: Bool = true, _ body: (inout JSONWriter) -> Void) {
        let mustHold = isReply && replies.queue.mustHold
        connection.send { output in
            let start = output.count
            var writer = JSONWriter(appendingTo: &output)
            body(&writer)
            writer.finish(into: &output)
            guard mustHold, output.count > start else { return }
            replies.queue.hold(Array(output[start...]))
            output.removeSubrange(start...)
        }
    }
}
