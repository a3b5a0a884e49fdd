import EventLoop
import ServiceMethods

/// What one loop owns and its connections share. Lives on the loop's thread.
final class LoopState: LoopContext {
    let responder: FrameResponder

    init(_ context: ServiceContext, counters: RequestCounters) {
        responder = FrameResponder(context, counters: counters)
    }

    func makeHandler(for connection: Connection) -> any ConnectionHandler { ClientSession(self) }

    /// Between two requests, so no answer mixes versions. `handover` holds the old one afterwards.
    func replaceRecommender(by handover: RecommenderHandover) {
        responder.context.exchange { old in handover.exchange(old) }
    }
}
