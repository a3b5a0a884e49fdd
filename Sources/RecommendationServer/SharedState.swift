import EventLoop
import Personas
import RecommendationService
import Synchronization
import Telemetry

/// What the loops, the watcher and the signals of one server share.
final class SharedState: Sendable {
    let threadCount: Int
    private let personas: PersonaStore?
    private let startedAt = MonotonicClock.nanoseconds()
    private let counters: [RequestCounters]
    private let isDraining = Atomic<Bool>(false)
    private let current: Mutex<ServingIndex>
    /// Set before the loops run.
    private let server = Mutex<TCPServer?>(nil)
    private let hangUpAction = Mutex<(@Sendable () -> Void)?>(nil)

    init(serving: ServingIndex, personas: PersonaStore?, threadCount: Int) {
        self.personas = personas
        self.threadCount = threadCount
        counters = (0..<threadCount).map { _ in RequestCounters() }
        current = Mutex(serving)
    }

    var serving: ServingIndex { current.withLock { $0 } }
    var answeredCount: Int { counters.reduce(0) { $0 + $1.answered } }
    var failedCount: Int { counters.reduce(0) { $0 + $1.failed } }

    /// Of answered requests, over all loops.
    var latency: LatencyHistogram {
        counters.reduce(into: LatencyHistogram()) { $0.merge($1.latency.snapshot()) }
    }

    func attach(_ server: TCPServer) { self.server.withLock { $0 = server } }

    func onHangUp(_ action: @escaping @Sendable () -> Void) { hangUpAction.withLock { $0 = action } }

    /// On the loop's thread, before its first connection.
    func makeLoopState(_ loop: ServerLoop) -> any LoopContext {
        LoopState(serving: serving, personas: personas, counters: counters[loop.index]) { [self] in facts }
    }

    /// Each loop takes the new index between two requests; the old one goes with its last loop.
    func replaceIndex(by serving: ServingIndex) {
        current.withLock { $0 = serving }
        guard let server = server.withLock({ $0 }) else { return }
        for loop in 0..<threadCount {
            // A loop that takes no posts any more has ended.
            server.post(toLoop: loop) { loop in (loop.context as? LoopState)?.replaceIndex(by: serving) }
        }
    }

    func receive(_ signal: ServerSignal, graceMilliseconds: Int) {
        switch signal {
        case .terminate, .interrupt: shutDown(graceMilliseconds: graceMilliseconds)
        case .hangUp: hangUpAction.withLock { $0 }?()
        }
    }

    func shutDown(graceMilliseconds: Int) {
        isDraining.store(true, ordering: .relaxed)
        server.withLock { $0 }?.shutdown(graceMilliseconds: graceMilliseconds)
    }

    private var facts: ServerFacts {
        ServerFacts(
            uptimeSeconds: Int((MonotonicClock.nanoseconds() - startedAt) / 1_000_000_000), threadCount: threadCount,
            connectionCount: server.withLock { $0 }?.openConnectionCount ?? 0, answeredCount: answeredCount,
            failedCount: failedCount, isDraining: isDraining.load(ordering: .relaxed))
    }
}
