import EventLoop
import Telemetry
import WireProtocol

/// One client's connection: frames in, replies out, in order. A request is answered inside the call that delivers it, so
/// at most one is ever in flight and the limit of requests in flight holds by construction.
final class ClientSession: ConnectionHandler {
    private let loop: LoopState
    private var decoder = FrameDecoder()

    init(_ loop: LoopState) { self.loop = loop }

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
                loop.responder.counters.countFailure()
                write(on: connection) { writer in writer.writeConnectionError(error) }
                connection.closeAfterFlush()
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
        case .shutdown: write(on: connection) { writer in writer.writeGoingAway() }
        case .idle, .deadline: break
        case .bufferBudget:
            let error = WireError(
                .buffersFull,
                "The server's buffers are full, and this connection held most: send frames whole, and read replies.")
            write(on: connection) { writer in writer.writeConnectionError(error) }
        case .partialInput, .inputLimit:
            let error = WireError(
                .invalidRequest, "The rest of a frame did not arrive in time.", closesConnection: true)
            write(on: connection) { writer in writer.writeConnectionError(error) }
        }
    }

    private func answer(_ payload: RawSpan, _ times: RequestTimes, on connection: Connection) {
        var closes = false
        write(on: connection) { writer in
            closes = loop.responder.answer(payload, times, &writer)
        }
        if closes { connection.closeAfterFlush() }
    }

    private func write(on connection: Connection, _ body: (inout JSONWriter) -> Void) {
        connection.send { output in
            var writer = JSONWriter(appendingTo: &output)
            body(&writer)
            writer.finish(into: &output)
        }
    }
}
