import ServiceMethods
import Synchronization
import Telemetry

/// One HTTP thread's counts; written by it, read from anywhere.
final class HTTPCounters: Sendable {
    /// Every status that this server sends itself.
    static let statuses = [200, 204, 303, 400, 401, 403, 404, 405, 409, 411, 413, 415, 429, 499, 500, 503, 504]

    let requests = RequestCounters()
    let recommendations = RecommendationCounters()
    private let replies = CounterBlock(names: HTTPCounters.statuses.map { "\($0)" })

    func count(status: Int) {
        if let place = Self.statuses.firstIndex(of: status) { replies.add(at: place) }
    }

    func replies(status: Int) -> Int { Self.statuses.firstIndex(of: status).map { replies.value(at: $0) } ?? 0 }
}

/// What the watcher hands to one HTTP thread. The only lock between them.
final class RecommenderMailbox: Sendable {
    struct Delivery: Sendable {
        let recommender: RecommenderHandover
        /// Once the thread has exchanged it.
        let retire: @Sendable () -> Void
    }

    private let waiting = Mutex<[Delivery]>([])
    private let isEmpty = Atomic<Bool>(true)

    func put(_ delivery: Delivery) {
        waiting.withLock { waiting in
            waiting.append(delivery)
            isEmpty.store(false, ordering: .releasing)
        }
    }

    /// The oldest; nil where none waits, which costs a load.
    func take() -> Delivery? {
        guard !isEmpty.load(ordering: .acquiring) else { return nil }
        return waiting.withLock { waiting in
            let first = waiting.isEmpty ? nil : waiting.removeFirst()
            isEmpty.store(waiting.isEmpty, ordering: .releasing)
            return first
        }
    }
}
