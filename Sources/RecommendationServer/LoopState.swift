import EventLoop
import ServiceMethods
import Telemetry
import WireProtocol

/// What one loop owns and its connections share. Lives on the loop's thread.
final class LoopState: LoopContext {
    let responder: FrameResponder

    let room = ReplyRoom()

    /// Sessions that owe answers, by their connections' ids.
    private var waiting: [UInt64: ClientSession] = [:]

    init(_ responder: FrameResponder) { self.responder = responder }

    func makeHandler(for connection: Connection) -> any ConnectionHandler { ClientSession(self, connection) }

    func await(_ session: ClientSession) { waiting[session.connection.id] = session }
    func forget(_ session: ClientSession) { waiting[session.connection.id] = nil }
    func session(ofConnection id: UInt64) -> ClientSession? { waiting[id] }

    // MARK: Batches

    /// One turn of one of those that have a batch, between two looks at the network.
    private var batchSessions: [ClientSession] = []
    private var isBatchTurnPosted = false

    /// Without effect where it is among them already.
    func addToBatches(_ session: ClientSession) {
        if !batchSessions.contains(where: { $0 === session }) { batchSessions.append(session) }
        postBatchTurn(session.connection.loop.poster)
    }

    private func postBatchTurn(_ poster: LoopPoster) {
        guard !isBatchTurnPosted, !batchSessions.isEmpty else { return }
        isBatchTurnPosted = poster.post { loop in
            guard let state = loop.context as? LoopState else { return }
            let start = MonotonicClock.nanoseconds()
            state.takeBatchTurn(loop.poster)
            loop.didWork(nanoseconds: MonotonicClock.nanoseconds() - start)
        }
    }

    private func takeBatchTurn(_ poster: LoopPoster) {
        isBatchTurnPosted = false
        guard !batchSessions.isEmpty else { return }
        let session = batchSessions.removeFirst()
        if session.takeBatchTurn() { batchSessions.append(session) }
        postBatchTurn(poster)
    }

    /// Between two requests, so no answer mixes versions. `handover` holds the old one afterwards.
    func replaceRecommender(by handover: RecommenderHandover) {
        responder.context.exchange { old in handover.exchange(old) }
    }
}
