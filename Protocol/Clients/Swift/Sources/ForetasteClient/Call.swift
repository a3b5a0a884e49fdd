/// What came back for a request. `meta` has serverMs, queueMs, indexVersion, quality; more may come.
public struct Reply: Sendable {
    public let result: JSONValue
    public let meta: JSONValue
}

/// A request from its caller's point of view.
///
/// SAFETY: after its initialiser it is touched on the engine's queue only.
final class Call: @unchecked Sendable {
    let method: String
    let isIdempotent: Bool
    let timeout: Duration
    let deadlineMs: Int?
    private let params: JSONValue
    private let traceparent: String?
    private let begin = ContinuousClock.now
    private(set) var body: [UInt8]
    private(set) var attempt = 0
    private(set) var isOver = false
    private var continuation: CheckedContinuation<Reply, any Error>?
    /// Known before there is somebody to tell: a task that was cancelled before its call began.
    private var early: Result<Reply, any Error>?
    var timer: Timers.Token?
    var pause: Timers.Token?
    /// Where it is in flight.
    var sent: (connection: Connection, id: Int, at: ContinuousClock.Instant)?

    init(_ method: String, _ params: JSONValue, _ options: CallOptions, _ client: ClientOptions) throws(InvalidRequest)
    {
        self.method = method
        self.params = params
        deadlineMs = options.deadlineMs
        traceparent = options.traceparent
        timeout = options.timeout ?? client.timeout
        isIdempotent = options.idempotent ?? MethodTraits.table[method]?.isIdempotent ?? false
        body = try RequestFrame.body(method, params, deadlineMs: options.deadlineMs, traceparent: options.traceparent)
    }

    var spent: Duration { ContinuousClock.now - begin }

    /// What all its attempts may take together.
    var time: Duration { deadlineMs.map { min(timeout, .milliseconds($0)) } ?? timeout }

    func prepareNextAttempt() throws(InvalidRequest) {
        attempt += 1
        guard let deadlineMs else { return }
        // What is left of the deadline goes with it.
        let left = max(1, deadlineMs - spent.wholeMilliseconds - 1)
        body = try RequestFrame.body(method, params, deadlineMs: left, traceparent: traceparent)
    }

    func wait(_ continuation: CheckedContinuation<Reply, any Error>) {
        if let early {
            continuation.resume(with: early)
        } else {
            self.continuation = continuation
        }
    }

    func finish(_ outcome: Result<Reply, any Error>) {
        guard !isOver else { return }
        isOver = true
        sent = nil
        if let continuation {
            continuation.resume(with: outcome)
        } else {
            early = outcome
        }
        continuation = nil
    }
}
