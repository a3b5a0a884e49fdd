import AnalyticsService
import Dispatch
import EventLoop
import HTTPServer
import LiveData
import LiveStore
import Personas
import RecommendationService
import ServiceMethods
import Synchronization
import Telemetry
import WireProtocol

/// What the loops, the watcher and the signals of one server share.
final class SharedState: Sendable {
    let threadCount: Int
    private let log: Log
    private let personas: PersonaStore?
    private let analytics: AnalyticsDesk?
    private let live: LiveCatalogue?
    private let keys: KeyGuard?
    private let rules: RuleDesk
    private let watch: RequestWatch
    private let startedAt = MonotonicClock.nanoseconds()
    private let counters: [RequestCounters]
    private let recommendations: [RecommendationCounters]
    /// Loops whose recommender has answered once.
    private let warmLoops = Atomic<Int>(0)
    /// Set before the loops run, where the server answers HTTP.
    private let http = Mutex<HTTPTransport?>(nil)
    private let isDraining = Atomic<Bool>(false)
    private let current: Mutex<ServingIndex>
    /// Set before the loops run.
    private let server = Mutex<TCPServer?>(nil)
    private let hangUpAction = Mutex<(@Sendable () -> Void)?>(nil)

    /// How long a stop waits, whoever asks for it.
    private let grace: Atomic<Int>

    init(
        serving: ServingIndex, personas: PersonaStore?, analytics: AnalyticsDesk? = nil,
        live: LiveCatalogue? = nil, keys: KeyGuard? = nil,
        threadCount: Int, graceMilliseconds: Int, slowMilliseconds: Int, log: Log
    ) {
        watch = RequestWatch(slowMilliseconds: slowMilliseconds, log: log)
        grace = Atomic(graceMilliseconds)
        self.log = log
        self.live = live
        self.personas = personas
        self.analytics = analytics
        self.keys = keys
        self.threadCount = threadCount
        rules = Self.makeRuleDesk(threadCount: threadCount)
        counters = (0..<threadCount).map { _ in RequestCounters() }
        recommendations = (0..<threadCount).map { _ in RecommendationCounters() }
        current = Mutex(serving)
    }

    var graceMilliseconds: Int { grace.load(ordering: .relaxed) }

    /// What needs no other thread's knowledge, for requests and stops from now on.
    func apply(graceMilliseconds: Int, slowMilliseconds: Int) {
        grace.store(graceMilliseconds, ordering: .relaxed)
        watch.setThreshold(milliseconds: slowMilliseconds)
    }

    /// Half as many threads as there are loops, which answer everybody else meanwhile.
    private static func makeRuleDesk(threadCount: Int) -> RuleDesk {
        let queue = DispatchQueue(label: "foretaste.rules", qos: .utility, attributes: .concurrent)
        return RuleDesk(workerCount: max(1, threadCount / 2)) { work in queue.async(execute: work) }
    }

    var serving: ServingIndex { current.withLock { $0 } }
    var answeredCount: Int { allCounters.reduce(0) { $0 + $1.answered } }
    var failedCount: Int { allCounters.reduce(0) { $0 + $1.failed } }

    var nonFiniteNumbers: Int { allCounters.reduce(0) { $0 + $1.nonFiniteNumbers } }

    /// Of the loops and of the threads that answer HTTP.
    private var allCounters: [RequestCounters] {
        counters + (http.withLock { $0 }?.counters.map(\.requests) ?? [])
    }

    /// Over all loops and threads, of each method that was asked.
    var methodFigures: [MethodFigures] {
        let counters = allCounters
        return MethodTable.names.all.enumerated().compactMap { method, name in
            var figures = MethodFigures(name: name)
            // Most methods are never asked, and a histogram has thousands of counts.
            for counters in counters where counters.answered(method: method) + counters.failed(method: method) > 0 {
                figures.answered += counters.answered(method: method)
                figures.failed += counters.failed(method: method)
                figures.latency.merge(counters.latency(method: method))
            }
            return figures.answered + figures.failed > 0 ? figures : nil
        }
    }

    func attach(_ http: HTTPTransport) { self.http.withLock { $0 = http } }
    func attach(_ server: TCPServer) { self.server.withLock { $0 = server } }

    func onHangUp(_ action: @escaping @Sendable () -> Void) { hangUpAction.withLock { $0 = action } }

    /// On the loop's thread, before its first connection.
    func makeLoopState(_ loop: ServerLoop) -> any LoopContext {
        let context = makeContext(recommendations[loop.index])
        context.warmUp()
        warmLoops.add(1, ordering: .relaxed)
        return LoopState(FrameResponder(context, counters: counters[loop.index]))
    }

    /// What one thread answers from.
    func makeContext(_ recommendations: RecommendationCounters) -> ServiceContext {
        ServiceContext(
            serving: serving, personas: personas, analytics: analytics, live: live?.store,
            liveHistories: live.map { StoreHistories($0) },
            rules: rules, keys: keys?.makeDesk(), drain: { [self] in drain() }, watch: watch,
            counters: recommendations, figures: { [self] withMethods in figures(withMethods: withMethods) },
            facts: { [self] in facts })
    }

    /// Each loop takes the new index between two requests, by one exchange of references: what a recommender allocates is made
    /// here, on the watcher's queue, and what the loop used before goes to `retire`, to be released there too.
    func replaceIndex(by serving: ServingIndex, retire: @escaping @Sendable (RecommenderHandover) -> Void) {
        adoptLiveData(serving)
        current.withLock { $0 = serving }
        http.withLock { $0 }?.replaceIndex(by: serving, retire: retire)
        guard let server = server.withLock({ $0 }) else { return }
        for loop in 0..<threadCount {
            let handover = RecommenderHandover(serving)
            // A loop that takes no posts any more has ended.
            server.post(toLoop: loop) { loop in
                (loop.context as? LoopState)?.replaceRecommender(by: handover)
                retire(handover)
            }
        }
    }

    /// What the new index has not consumed counts before anybody answers from it. Where that cannot be read, the index as it was
    /// built is better than the one before it; nothing that was acknowledged is lost, and it counts after the next start.
    private func adoptLiveData(_ serving: ServingIndex) {
        do throws(LiveStoreError) {
            try live?.adopt(serving)
        } catch {
            log.error("live data do not count beside the new index", ["error": .text("\(error)")])
        }
    }

    /// A stop that has begun goes its way: another signal neither hastens it nor takes answers from clients. Who cannot wait
    /// for the grace time has SIGKILL.
    func receive(_ signal: ServerSignal) {
        switch signal {
        case .terminate, .interrupt:
            guard !isDraining.load(ordering: .relaxed) else { return logFigures("still stopping") }
            shutDown(graceMilliseconds: graceMilliseconds)
        case .hangUp: hangUpAction.withLock { $0 }?()
        case .user1: logFigures("figures")
        case .user2: break
        }
    }

    /// - Parameter cutConnections: when the grace time was over.
    func logFigures(_ message: String, cutConnections: Int = 0) {
        let methods = methodFigures
        for method in methods { log.info("method", method.fields) }
        if nonFiniteNumbers > 0 {
            log.error("a bug: replies held numbers that are none", ["count": .integer(nonFiniteNumbers)])
        }
        let latency = methods.reduce(into: LatencyHistogram()) { $0.merge($1.latency) }
        let server = server.withLock { $0 }
        log.info(
            message,
            [
                "answered": .integer(answeredCount), "failed": .integer(failedCount),
                "p50Microseconds": .integer(Int(latency.percentile(50) / 1000)),
                "p99Microseconds": .integer(Int(latency.percentile(99) / 1000)),
                "connections": .integer(server?.openConnectionCount ?? 0),
                "bufferedBytes": .integer(server?.bufferedBytes ?? 0),
                "cutConnections": .integer(cutConnections), "wrongKeys": .integer(keys?.wrongCount ?? 0),
            ])
    }

    private func drain() {
        guard !isDraining.load(ordering: .relaxed) else { return }
        log.info("a client asks for a stop", [:])
        shutDown(graceMilliseconds: graceMilliseconds)
    }

    func shutDown(graceMilliseconds: Int) {
        isDraining.store(true, ordering: .relaxed)
        server.withLock { $0 }?.shutdown(graceMilliseconds: graceMilliseconds)
    }

    /// Starting until every loop's recommender has answered once.
    var health: ServerHealth {
        if isDraining.load(ordering: .relaxed) { return .draining }
        return warmLoops.load(ordering: .relaxed) < threadCount ? .starting : .ready
    }

    /// What `/metrics` tells.
    var metrics: ServerMetrics {
        let server = server.withLock { $0 }
        let http = http.withLock { $0 }
        let httpCounters = http?.counters ?? []
        return ServerMetrics(
            version: ServiceContext.serverVersion, health: health, summary: ServiceContext.summary(of: serving),
            transports: [
                ServerMetrics.Transport(
                    name: "tcp", requests: counters, connections: server?.openConnectionCount ?? 0,
                    bufferedBytes: server?.bufferedBytes ?? 0),
                ServerMetrics.Transport(
                    name: "http", requests: httpCounters.map(\.requests),
                    connections: http?.listener.connectionCount ?? 0, bufferedBytes: http?.listener.bufferedBytes ?? 0),
            ],
            recommendations: recommendations + httpCounters.map(\.recommendations),
            httpReplies: HTTPCounters.statuses.map { status in
                (status, httpCounters.reduce(0) { $0 + $1.replies(status: status) })
            },
            httpSlowCloses: http?.listener.slowCloses ?? 0, connectionEvents: server?.counters ?? [],
            wrongKeys: keys?.wrongCount, process: ProcessFacts.read(startedAtNanoseconds: startedAt))
    }

    /// What `info` tells. Of the process the system is asked, which takes some 20 us.
    private func figures(withMethods: Bool) -> ServerFigures {
        let server = server.withLock { $0 }
        let http = http.withLock { $0 }?.listener
        let process = ProcessFacts.read(startedAtNanoseconds: startedAt)
        let events = Dictionary(
            (server?.counters ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        return ServerFigures(
            memory: [
                ("residentBytes", process.residentBytes), ("peakResidentBytes", process.peakResidentBytes),
                ("bufferedBytes", (server?.bufferedBytes ?? 0) + (http?.bufferedBytes ?? 0)),
            ],
            clients: [
                ("connections", server?.openConnectionCount ?? 0), ("httpConnections", http?.connectionCount ?? 0),
                ("accepted", events["accepted"] ?? 0), ("wrongKeys", keys?.wrongCount ?? 0),
            ],
            methods: withMethods ? methodFigures.map(\.summary) : [])
    }

    private var facts: ServerFacts {
        ServerFacts(
            uptimeSeconds: Int((MonotonicClock.nanoseconds() - startedAt) / 1_000_000_000), threadCount: threadCount,
            connectionCount: (server.withLock { $0 }?.openConnectionCount ?? 0)
                + (http.withLock { $0 }?.listener.connectionCount ?? 0), answeredCount: answeredCount,
            failedCount: failedCount, isDraining: isDraining.load(ordering: .relaxed))
    }
}

/// What became of the requests of one method.
struct MethodFigures: Sendable {
    let name: String
    var answered = 0
    var failed = 0
    /// Of those answered.
    var latency = LatencyHistogram()

    var summary: MethodSummary {
        MethodSummary(
            name: name, answered: answered, failed: failed, p50Microseconds: Int(latency.percentile(50) / 1000),
            p99Microseconds: Int(latency.percentile(99) / 1000))
    }

    var fields: LogFields {
        [
            "name": "\(name)", "answered": .integer(answered), "failed": .integer(failed),
            "p50Microseconds": .integer(Int(latency.percentile(50) / 1000)),
            "p99Microseconds": .integer(Int(latency.percentile(99) / 1000)),
        ]
    }
}
