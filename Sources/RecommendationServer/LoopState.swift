import EventLoop
import ServiceMethods
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

    /// Between two requests, so no answer mixes versions. `handover` holds the old one afterwards.
    func replaceRecommender(by handover: RecommenderHandover) {
        responder.context.exchange { old in handover.exchange(old) }
    }
}
