import EventLoop
import ServiceMethods
import Telemetry
import WireProtocol

// A batch is answered in turns, as a connection is: one for each look at the network, shared by all that have a batch.
//
//     batch ─▶ texts of its requests ─▶ turn: 0.2 ms, at least one request ─▶ turn ... ─▶ results in the order of requests ─▶ one reply
//                                                     └─ answers that come later ─────────────▲

/// The requests of one batch, and what has become of them. One loop's.
final class BatchRun {
    /// As a turn of a connection (decision 0033).
    private static let turnNanoseconds: UInt64 = 200_000
    /// Where less room is left for answers, none is begun: an error has room in it for certain.
    private static let leastRoom = 64 << 10

    let ticket: ReplyTicket
    private let batch: RequestBatch
    private let receivedAt: UInt64
    private let caller: Caller
    private let replies: ConnectionReplies
    /// Frames, in the order of requests; empty where there is none yet.
    private var frames: [[UInt8]]
    private var frameBytes = 0
    private var begunCount = 0
    private var answeredCount = 0
    /// Which request an answer that comes later is of.
    private var places: [ReplyNumber: Int] = [:]
    /// The deadline has come.
    private var isOver = false
    private var isPartial = false

    /// - Parameters:
    ///   - receivedAt: when the batch had arrived.
    ///   - caller: who has sent it.
    ///   - transport: for answers that come later.
    init(
        _ batch: RequestBatch, receivedAt: UInt64, from caller: Caller, transport: any ReplyTransport, room: ReplyRoom
    ) {
        self.batch = batch
        self.receivedAt = receivedAt
        ticket = batch.ticket
        replies = ConnectionReplies(transport: transport, room: room)
        self.caller = caller.forBatch(replies: replies)
        frames = Array(repeating: [], count: batch.ends.count)
    }

    /// What it keeps.
    var heldBytes: Int { batch.bytes.count + frameBytes + replies.queue.heldBytes }
    var hasBegunAll: Bool { begunCount == frames.count }
    var isDone: Bool { answeredCount == frames.count }

    func takeTurn(_ responder: FrameResponder) {
        let start = MonotonicClock.nanoseconds()
        var now = start
        while !hasBegunAll {
            if let deadline = batch.deadline, now >= deadline { end(responder) }
            begin(responder, at: now)
            begunCount += 1
            now = MonotonicClock.nanoseconds()
            if now - start >= Self.turnNanoseconds { break }
        }
        replies.account()
    }

    private func begin(_ responder: FrameResponder, at now: UInt64) {
        let bytes = batch.bytes
        let start = begunCount == 0 ? 0 : batch.ends[begunCount - 1]
        let text = unsafe bytes.span.bytes.extracting(start..<batch.ends[begunCount])
        let room = ProtocolLimits.batchResultBytes - frameBytes
        var frame: [UInt8] = []
        var writer = JSONWriter(appendingTo: &frame, maximumPayloadBytes: max(room, Self.leastRoom))
        var outcome = FrameOutcome.answered
        if isOver {
            responder.refuse(text, .deadlinePassed, &writer, for: caller)
        } else if room < Self.leastRoom {
            responder.refuse(text, .batchTooLarge, &writer, for: caller)
        } else {
            outcome = responder.answer(
                text, RequestTimes(receivedAt: receivedAt, startedAt: now), &writer, for: caller)
        }
        writer.finish(into: &frame)
        if outcome == .putOff, let number = replies.number {
            places[number] = begunCount
        } else {
            take(frame, at: begunCount)
        }
    }

    private func take(_ frame: [UInt8], at place: Int) {
        frames[place] = frame
        frameBytes += frame.count
        answeredCount += 1
    }

    /// What a ticket of one of its requests has brought.
    func deliver(_ number: ReplyNumber, _ write: ReplyWriting, _ responder: FrameResponder) {
        guard let place = places[number], let head = replies.queue.head(of: number) else { return }
        var outcome = LateReply.success
        var frame: [UInt8] = []
        let room = max(ProtocolLimits.batchResultBytes - frameBytes, Self.leastRoom)
        var writer = JSONWriter(appendingTo: &frame, maximumPayloadBytes: room)
        outcome = write(&writer, head)
        if case .notYet = outcome { return }
        places[number] = nil
        responder.countLater(head, outcome, nonFiniteNumbers: writer.nonFiniteCount)
        writer.finish(into: &frame)
        replies.queue.close(number, []) { _ in }
        replies.account()
        take(frame, at: place)
    }

    /// The deadline has come: what waits is answered so now, and what has not begun in its turn.
    func end(_ responder: FrameResponder) {
        guard !isOver else { return }
        isOver = true
        isPartial = !isDone
        // Every ticket has a deadline, so this is all that wait.
        for ticket in replies.queue.overdue(at: .max) {
            guard let place = places.removeValue(forKey: ticket.number),
                let head = replies.queue.head(of: ticket.number)
            else { continue }
            var frame: [UInt8] = []
            var writer = JSONWriter(appendingTo: &frame)
            writer.writeError(.deadlinePassed, to: head)
            writer.finish(into: &frame)
            responder.countLater(head, .failure(.deadlinePassed), nonFiniteNumbers: 0)
            replies.queue.end(ticket, .expired, []) { _ in }
            take(frame, at: place)
        }
        replies.account()
    }

    /// The whole answer, once all is answered.
    func answer(indexVersion: String?) -> ReplyWriting {
        let (frames, quality) = (frames, isPartial ? ReplyQuality.partial : .full)
        return { writer, head in
            writer.beginReply(to: head)
            writer.batchResult(frames)
            let now = MonotonicClock.nanoseconds()
            return writer.endReply(
                to: head,
                meta: ReplyMeta(
                    serverMicroseconds: Int((now - min(head.receivedAt, now)) / 1000),
                    queueMicroseconds: head.queueMicroseconds, indexVersion: indexVersion, quality: quality))
        }
    }

    /// Nobody waits for it any more.
    func abandon() {
        replies.queue.endAll()
        replies.account()
        places = [:]
    }
}

/// From any thread back to a batch.
struct BatchTransport: ReplyTransport {
    let poster: LoopPoster
    let connectionID: UInt64
    /// The batch's own.
    let number: ReplyNumber

    func deliver(_ reply: ReplyNumber, _ write: @escaping ReplyWriting) -> Bool {
        poster.post { [connectionID, number] loop in
            (loop.context as? LoopState)?.session(ofConnection: connectionID)?.deliver(reply, write, toBatch: number)
        }
    }
}

extension WireError {
    fileprivate static var batchTooLarge: WireError {
        WireError(
            .replyTooLarge, "The answers before this one fill the batch's reply; send this request in another batch.",
            maximum: ProtocolLimits.batchResultBytes)
    }
}
