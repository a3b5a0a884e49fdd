import EventLoop
import Personas
import RecommendationService
import Telemetry
import WireProtocol

/// What one loop owns: the parser and the recommender that its connections share. Lives on the loop's thread.
final class LoopState: LoopContext {
    let parser = JSONParser()
    let counters: RequestCounters
    let facts: @Sendable () -> ServerFacts
    /// Shared by all loops, as it never changes; nil where the server was started without.
    let personas: PersonaStore?
    /// Replaced when another version of the index becomes current.
    private(set) var recommender: Recommender
    private(set) var indexSummary: WireProtocol.IndexSummary

    init(
        serving: ServingIndex, personas: PersonaStore?, counters: RequestCounters,
        facts: @escaping @Sendable () -> ServerFacts
    ) {
        self.personas = personas
        self.counters = counters
        self.facts = facts
        recommender = Recommender(serving)
        indexSummary = WireProtocol.IndexSummary(serving.index)
    }

    func makeHandler(for connection: Connection) -> any ConnectionHandler { ClientSession(self) }

    /// Between two requests, so no answer mixes versions. `handover` holds the old one afterwards.
    func replaceRecommender(by handover: RecommenderHandover) {
        recommender = handover.exchange(recommender)
        indexSummary = WireProtocol.IndexSummary(recommender.serving.index)
    }
}

/// What `info` tells of the whole server.
struct ServerFacts: Sendable {
    var uptimeSeconds: Int
    var threadCount: Int
    var connectionCount: Int
    var answeredCount: Int
    var failedCount: Int
    var isDraining: Bool
}
