import Dispatch

/// How a connection is made: the next server, or the one after it, each once.
///
/// SAFETY: after its initialiser it is touched on the engine's queue only.
final class Opening: @unchecked Sendable {
    private let options: ClientOptions
    private let addresses: [ServerAddress]
    private let first: Int
    private var failures: [any Error] = []
    private var connection: Connection?
    private var timer: Timers.Token?
    private var timers: Timers?
    /// Which attempt is under way: what an earlier one still brings is let go.
    private var attempt = 0
    private var onEnd: ((Result<Connection, any Error>) -> Void)?

    init(_ options: ClientOptions, _ addresses: [ServerAddress], from first: Int) {
        self.options = options
        self.addresses = addresses
        self.first = first
    }

    func begin(
        _ engine: Engine, _ queue: DispatchQueue, _ timers: Timers,
        _ onEnd: @escaping (Result<Connection, any Error>) -> Void
    ) {
        self.onEnd = onEnd
        self.timers = timers
        attemptNext(engine, queue)
    }

    func giveUp(_ failure: any Error) {
        let connection = connection
        end(.failure(failure))
        _ = connection?.close(failure)
    }

    private func end(_ result: Result<Connection, any Error>) {
        timers?.cancel(timer)
        attempt += 1
        connection = nil
        let tell = onEnd
        onEnd = nil
        tell?(result)
    }

    private func attemptNext(_ engine: Engine, _ queue: DispatchQueue) {
        attempt += 1
        let (attempt, limit, tls) = (attempt, options.connectTimeout, options.tls)
        let address = addresses[(first + failures.count) % addresses.count]
        timer = timers?.schedule(after: limit) { [weak self] in
            let failure = ConnectionFailed(
                .connect, "cannot connect to \(address): no answer within \(limit)", wasNotReceived: true)
            self?.settle(attempt, failure, engine, queue)
        }
        // Looking up a name, connecting and reading certificates wait, so not here.
        DispatchQueue.global().async {
            let result = Result { () throws(ConnectionFailed) in
                let stage = try TLSStage.make(tls, host: address.host)
                return (try SystemSocket.connect(to: address, timeout: limit), stage)
            }
            queue.async { self.connected(result, attempt, engine, queue) }
        }
    }

    private func connected(
        _ result: Result<(SystemSocket, TLSStage?), ConnectionFailed>, _ attempt: Int, _ engine: Engine,
        _ queue: DispatchQueue
    ) {
        guard attempt == self.attempt else { return }
        do {
            let (socket, tls) = try result.get()
            let made = Connection(engine, socket, tls, queue: queue)
            connection = made
            made.open(greeting: try greeting()) { [self] failure in settle(attempt, failure, engine, queue) }
        } catch {
            settle(attempt, error, engine, queue)
        }
    }

    /// Key, name and strictness travel in `hello`, before anything else; without them there is nothing to say.
    private func greeting() throws(InvalidRequest) -> [UInt8]? {
        var params: [String: JSONValue] = [:]
        params["key"] = options.key.map(JSONValue.string)
        params["client"] = options.name.map(JSONValue.string)
        if options.strict { params["strictParams"] = true }
        return params.isEmpty
            ? nil : try RequestFrame.body("hello", .object(params), deadlineMs: nil, traceparent: nil)
    }

    private func settle(_ attempt: Int, _ failure: (any Error)?, _ engine: Engine, _ queue: DispatchQueue) {
        guard attempt == self.attempt else { return }
        timers?.cancel(timer)
        guard let failure else {
            guard let connection else { return }
            return end(.success(connection))
        }
        let made = connection
        connection = nil
        self.attempt += 1
        _ = made?.close(failure)
        failures.append(Self.notReceived(failure))
        let isFinal = (failure as? ServerError).map { !$0.retryable } ?? (failure is InvalidRequest)
        if !isFinal, failures.count < addresses.count { return attemptNext(engine, queue) }
        let text = failures.map { "\($0)" }.joined(separator: "; ")
        let told = ConnectionFailed(.connect, text, wasNotReceived: true)
        end(.failure(isFinal || failures.count == 1 ? failures[failures.count - 1] : told))
    }

    /// Before a connection is open no request was on it.
    private static func notReceived(_ failure: any Error) -> any Error {
        guard let failed = failure as? ConnectionFailed else { return failure }
        return ConnectionFailed(failed.kind, failed.description, wasNotReceived: true)
    }
}
