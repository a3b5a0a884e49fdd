import EventLoop
import HTTPServer
import RecommendationService
import ServiceMethods
import Telemetry

/// The HTTP listener of one server, and what its threads share with the rest of it.
final class HTTPTransport: Sendable {
    let listener: HTTPListener
    let counters: [HTTPCounters]
    /// What pages of other sites may do.
    let crossOrigin: CrossOrigin
    private let mailboxes: [RecommenderMailbox]

    init(
        _ settings: HTTPSettings, _ shared: SharedState, onlyLoopback: Bool, bufferBytes: Int, log: Log
    ) throws(ServerError) {
        let counters = (0..<settings.threadCount).map { _ in HTTPCounters() }
        let mailboxes = (0..<settings.threadCount).map { _ in RecommenderMailbox() }
        let crossOrigin = CrossOrigin(settings.origins)
        // The server keeps the listener, and the listener's threads the server's state: they end before it does.
        let facts = HTTPServiceFacts(
            crossOrigin: crossOrigin, hasDashboard: settings.hasDashboard,
            health: { [unowned shared] in shared.health },
            metrics: { [unowned shared] in shared.metrics.text })
        listener = try HTTPListener(
            HTTPConfiguration(
                listenAddress: settings.listenAddress, onlyLoopback: onlyLoopback, threadCount: settings.threadCount,
                connections: settings.connections, bufferBytes: bufferBytes), log: log
        ) { [unowned shared] thread in
            let context = shared.makeContext(counters[thread].recommendations)
            context.warmUp()
            return HTTPService(facts, context, counters: counters[thread], handovers: mailboxes[thread])
        }
        self.counters = counters
        self.crossOrigin = crossOrigin
        self.mailboxes = mailboxes
    }

    /// As the loops: each thread takes it between two requests.
    func replaceIndex(by serving: ServingIndex, retire: @escaping @Sendable (RecommenderHandover) -> Void) {
        for mailbox in mailboxes {
            let handover = RecommenderHandover(serving)
            mailbox.put(RecommenderMailbox.Delivery(recommender: handover) { retire(handover) })
        }
    }
}
