package import AnalyticsService
package import LiveStore
package import Personas
import RecommendationIndex
package import RecommendationService
import Telemetry
package import WireProtocol

/// What `health` and `info` tell of the whole server.
package struct ServerFacts: Sendable {
    package var uptimeSeconds: Int
    package var threadCount: Int
    package var connectionCount: Int
    package var answeredCount: Int
    package var failedCount: Int
    package var isDraining: Bool

    package init(
        uptimeSeconds: Int = 0, threadCount: Int = 1, connectionCount: Int = 0, answeredCount: Int = 0,
        failedCount: Int = 0, isDraining: Bool = false
    ) {
        self.uptimeSeconds = uptimeSeconds
        self.threadCount = threadCount
        self.connectionCount = connectionCount
        self.answeredCount = answeredCount
        self.failedCount = failedCount
        self.isDraining = isDraining
    }
}

/// What handlers answer from. One loop's: it owns the recommender's workspaces.
package final class ServiceContext {
    package static let serverVersion = "0.1.0"

    package let facts: @Sendable () -> ServerFacts
    /// Nil where nobody counts; told whether those of methods are wanted.
    let figures: (@Sendable (Bool) -> ServerFigures)?
    /// Milliseconds since 1970-01-01T00:00:00Z.
    let now: @Sendable () -> Int64
    let counters: RecommendationCounters
    private let liveHistories: (any LiveHistories)?
    /// Nil where who runs this cannot be stopped by a client.
    let drain: (@Sendable () -> Void)?
    /// Nil where the server asks nobody for a key.
    package let keys: KeyDesk?
    /// Nil where nobody looks after the server.
    package let watch: RequestWatch?
    /// Who looks over filters that take long; nil: they are looked over here.
    package let rules: RuleDesk?
    private let store: PersonaStore?
    /// Of the index and the overlay that they were found for last.
    private var forgotten: (indexVersion: String, generation: UInt64, personas: [Int])?
    /// Nil where the server was started without an analysis.
    package let analytics: AnalyticsDesk?
    /// Nil where the server takes no live data.
    let live: LiveDataStore?
    package private(set) var recommender: Recommender
    package private(set) var indexSummary: IndexSummary

    /// - Parameters:
    ///   - personas: shared by all loops, as it never changes; nil where the server was started without.
    ///   - analytics: shared by all loops; nil where the server was started without.
    ///   - live: shared by all loops; nil where the server was started without.
    ///   - liveHistories: this loop's; nil: what people do is not told.
    ///   - counters: written by the thread that owns the context.
    ///   - rules: shared by all loops; nil: a request waits for nothing, however long its filter takes.
    ///   - keys: nil to ask nobody for one.
    ///   - drain: begins to stop the server.
    ///   - watch: shared by all loops.
    ///   - figures: from any thread, as `facts`.
    package init(
        serving: ServingIndex, personas: PersonaStore?, analytics: AnalyticsDesk? = nil, live: LiveDataStore? = nil,
        liveHistories: (any LiveHistories)? = nil, rules: RuleDesk? = nil, keys: KeyDesk? = nil,
        drain: (@Sendable () -> Void)? = nil, watch: RequestWatch? = nil,
        counters: RecommendationCounters = RecommendationCounters(),
        figures: (@Sendable (Bool) -> ServerFigures)? = nil, facts: @escaping @Sendable () -> ServerFacts,
        now: @escaping @Sendable () -> Int64 = { WallClock.milliseconds() }
    ) {
        self.now = now
        store = personas
        self.analytics = analytics
        self.live = live
        self.liveHistories = liveHistories
        self.facts = facts
        self.figures = figures
        self.drain = drain
        self.keys = keys
        self.counters = counters
        self.rules = rules
        self.watch = watch
        recommender = Recommender(serving)
        recommender.liveHistories = liveHistories
        recommender.filters.desk = rules
        indexSummary = IndexSummary(serving.index)
    }

    /// Takes what `change` gives for the recommender that was used: between two requests, so no answer mixes versions.
    package func exchange(_ change: (Recommender) -> Recommender) {
        recommender = change(recommender)
        recommender.liveHistories = liveHistories
        recommender.filters.desk = rules
        indexSummary = IndexSummary(recommender.serving.index)
    }

    // MARK: The request that is being answered

    package private(set) var caller = Caller(replies: nil)
    /// Its deadline, in nanoseconds of the monotonic clock; nil where the client sets none.
    package private(set) var deadline: UInt64?
    /// Its members that nobody used.
    package private(set) var ignored: [IgnoredMember] = []
    /// For handlers of methods with the trait `partial`, which set it where the deadline has come before they were done.
    package var quality = ReplyQuality.full
    /// Of its `params`, for methods with the trait `readsText`. Borrowed: valid while the request is lent.
    package var parametersText = WireString.empty

    /// It is answered again, once what it waited for is there.
    private var isRepeated = false

    /// - Parameter lent: what the request has waited for; nil where it has waited for nothing.
    package func begin(_ caller: Caller, deadline: UInt64?, lent: [RuleResult]? = nil) {
        self.caller = caller
        self.deadline = deadline
        isRepeated = lent != nil
        recommender.filters.begin(lent: lent ?? [], mayWait: caller.replies != nil)
        quality = .full
        if !ignored.isEmpty { ignored = [] }
    }

    /// Whether its deadline has come: to be asked between the stages of an answer.
    package var isOverdue: Bool { deadline.map { MonotonicClock.nanoseconds() >= $0 } ?? false }

    /// The answer comes by the ticket, from any thread; what the handler writes now is thrown away. For what must wait, such as
    /// for a write that is on the disk.
    /// - Parameter deadline: nanoseconds of the monotonic clock; nil for the request's own.
    package func putOff(deadline: UInt64? = nil) throws(WireError) -> ReplyTicket {
        precondition(!isRepeated, "an answer that waited for a filter waits for nothing else")
        guard let replies = caller.replies else {
            throw WireError(.invalidRequest, "The answer of this method comes later, and nothing here can wait for it.")
        }
        return try replies.putOff(deadline: deadline)
    }

    /// Members that nobody knows: told in `meta`, or refused where the client wants that.
    func ignore(_ members: [IgnoredMember]) throws(WireError) {
        if caller.refusesUnknownMembers, let first = members.first { throw first.refusal }
        ignored = members
    }

    /// The version of the index that answers.
    package var indexVersion: String? { indexSummary.version }

    package var asksForKeys: Bool { keys != nil }

    /// What `hello` and `info` tell of an index, with its age now.
    package static func summary(of serving: ServingIndex) -> WireProtocol.IndexSummary {
        WireProtocol.IndexSummary(serving.index).atNow
    }

    /// Answers once for nobody, so that the first client does not wait for pages of the index to be read.
    package func warmUp() {
        _ = recommender.popular(
            .popular, segment: nil, userId: nil, options: RecommendationOptions(count: ProtocolLimits.defaultCount))
    }

    var serving: ServingIndex { recommender.serving }

    /// The catalogue as this request sees it.
    package var view: CatalogView { recommender.view }

    /// Before each request: what was published until now holds for it.
    func beginRequest() { recommender.refresh(now: now()) }

    /// The same for a page that is made of several answers, none of which waits.
    package func beginPage() {
        begin(Caller(replies: nil), deadline: nil)
        beginRequest()
    }

    func segments() throws(WireError) -> SegmentsView {
        guard let segments = view.segments else {
            throw WireError(.noSegments, "This index knows no segments: build it with --segments.")
        }
        return segments
    }

    /// Users of the personas who asked to be forgotten, ascending.
    func erasedPersonas() -> [Int] {
        guard let store, let overlay = view.overlay, !overlay.erased.isEmpty else { return [] }
        let (version, generation) = (serving.index.version, recommender.viewGeneration)
        if let forgotten, forgotten.indexVersion == version, forgotten.generation == generation {
            return forgotten.personas
        }
        let personas = overlay.erased.ids.compactMap { store.user($0) }.sorted()
        forgotten = (version, generation, personas)
        return personas
    }

    func personas() throws(WireError) -> PersonaStore {
        guard let store else {
            throw WireError(
                .noPersonas,
                "This server has no personas: make them with 'foretaste segment personas' and start the server with "
                    + "--personas DIR.")
        }
        return store
    }
}
