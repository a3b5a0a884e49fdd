// Routes, and the methods behind them, for one thread of the HTTP listener.
//
//     path ──▶ HTTPRoute ──▶ origin? method? type? ──▶ key ──▶ parameters ──▶ Dispatcher ──▶ {"result":...,"meta":...}
//              (HTTPVisit: one a request)                                              (replaced routes: the result alone)

import HTTPServer
import ServiceMethods
import WireProtocol

/// What all threads of the listener share.
struct HTTPServiceFacts: Sendable {
    var crossOrigin = CrossOrigin([])
    var hasDashboard = false
    let health: @Sendable () -> ServerHealth
    let metrics: @Sendable () -> [UInt8]
}

/// One thread's.
final class HTTPService: HTTPApplication {
    let facts: HTTPServiceFacts
    let responder: HTTPMethodResponder
    let counters: HTTPCounters
    private let handovers: RecommenderMailbox

    /// - Parameter methods: by their numbers in `MethodTable`, for tests that put others in their places.
    init(
        _ facts: HTTPServiceFacts, _ context: ServiceContext, counters: HTTPCounters, handovers: RecommenderMailbox,
        methods: [ServiceMethod] = MethodTable.all
    ) {
        self.facts = facts
        self.counters = counters
        self.handovers = handovers
        responder = HTTPMethodResponder(context, counters: counters.requests, methods: methods)
    }

    /// Nil where the server asks nobody for a key.
    var keys: KeyDesk? { responder.context.keys }

    func makeAnswer(_ waker: HTTPWaker) -> any HTTPAnswering { HTTPVisit(self, waker) }

    /// Takes a new index, between two requests.
    func rest() {
        while let handover = handovers.take() {
            responder.context.exchange { old in handover.recommender.exchange(old) }
            handover.retire()
        }
    }
}
