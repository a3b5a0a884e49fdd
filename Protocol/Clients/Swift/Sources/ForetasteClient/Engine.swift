import Dispatch

/// The pool, and when a request is sent again.
///
/// SAFETY: all state is touched on `queue` only, on which nothing waits; `options`, `addresses` and `queue` never change.
final class Engine: @unchecked Sendable {
    private let options: ClientOptions
    private let addresses: [ServerAddress]
    private let queue = DispatchQueue(label: "foretaste")
    private lazy var timers: Timers = Timers(queue: queue) { [weak self] in self?.timers.fire() }
    private var open: [Connection] = []
    /// Told to go, with answers still to come.
    private var leaving: [Connection] = []
    private var openings: [ObjectIdentifier: Opening] = [:]
    private var waiting = WaitingCalls()
    private var pausing: [ObjectIdentifier: Call] = [:]
    private var turn = 0
    private var isClosed = false

    init(_ options: ClientOptions) throws(InvalidRequest) {
        self.options = options
        var addresses: [ServerAddress] = []
        for server in options.servers { addresses.append(try ServerAddress(server)) }
        guard !addresses.isEmpty, options.connections > 0, options.retries >= 0 else {
            throw InvalidRequest("a client needs a server, a connection or more, and no fewer than 0 retries")
        }
        self.addresses = addresses
    }

    func run(_ work: @escaping @Sendable () -> Void) {
        queue.async(execute: work)
    }

    // A call's way.

    func begin(_ call: Call) {
        guard !call.isOver else { return }
        let text = "\(call.method): no answer within \(call.timeout)"
        call.timer = timers.schedule(after: call.timeout - call.spent) { [weak self] in
            self?.giveUp(call, TimedOut(description: text))
        }
        place(call)
    }

    func giveUp(_ call: Call, _ failure: any Error) {
        guard !call.isOver else { return }
        waiting.remove(call)
        let sent = call.sent
        finish(call, .failure(failure))
        guard let sent, sent.connection.failure == nil else { return }
        sent.connection.abandon(sent.id)
        // A dead peer says nothing to anybody: who waited long enough in vain spares others the wait.
        let silence = sent.connection.silence(since: sent.at)
        if silence >= options.silenceTimeout {
            ended(sent.connection, ConnectionFailed(.closed, "nothing came from the server for \(silence)"))
        }
    }

    func answered(_ call: Call, _ reply: Reply) {
        finish(call, .success(reply))
    }

    func failed(_ call: Call, _ failure: any Error) {
        guard !call.isOver else { return }
        call.sent = nil
        let pause = options.pause(before: call.attempt)
        guard !isClosed, call.attempt < options.retries, call.spent + pause < call.time,
            Self.maySendAgain(failure, call.isIdempotent)
        else { return finish(call, .failure(failure)) }
        pausing[ObjectIdentifier(call)] = call
        call.pause = timers.schedule(after: pause) { [weak self] in self?.tryAgain(call) }
    }

    private func tryAgain(_ call: Call) {
        pausing[ObjectIdentifier(call)] = nil
        do throws(InvalidRequest) {
            try call.prepareNextAttempt()
            place(call)
        } catch {
            finish(call, .failure(error))
        }
    }

    static func maySendAgain(_ failure: any Error, _ isIdempotent: Bool) -> Bool {
        switch failure {
        case let error as ServerError:
            // A deadline is the whole call's: where the server says that it is over, there is no time for another attempt.
            isIdempotent && error.retryable && error.reason != "DEADLINE_EXCEEDED"
        case let failed as ConnectionFailed where failed.kind == .connect || failed.kind == .closed:
            isIdempotent || failed.wasNotReceived
        default: false
        }
    }

    private func finish(_ call: Call, _ outcome: Result<Reply, any Error>) {
        timers.cancel(call.timer)
        timers.cancel(call.pause)
        pausing[ObjectIdentifier(call)] = nil
        call.finish(outcome)
    }

    private func place(_ call: Call) {
        guard !isClosed else { return finish(call, .failure(ConnectionFailed.clientClosed)) }
        let best = bestConnection()
        if (best?.inFlight ?? 1) > 0, open.count + openings.count < options.connections { add() }
        if let best { send(call, best) } else { waiting.append(call) }
    }

    private func send(_ call: Call, _ connection: Connection) {
        call.sent = (connection, connection.send(call), ContinuousClock.now)
    }

    // Connections.

    private func bestConnection() -> Connection? {
        open.lazy.filter(\.hasRoom).min { $0.inFlight < $1.inFlight }
    }

    func ended(_ connection: Connection, _ failure: any Error) {
        guard connection.failure == nil else { return }
        let everyone = connection.close(failure)
        open.removeAll { $0 === connection }
        leaving.removeAll { $0 === connection }
        for call in everyone { failed(call, failure) }
        changed()
    }

    func changed() {
        for connection in open where !connection.isUsable && connection.failure == nil { leaving.append(connection) }
        open.removeAll { !$0.isUsable }
        while let call = waiting.first {
            guard let best = bestConnection() else {
                // Nobody else would open a connection for those who wait.
                if open.isEmpty, openings.isEmpty, !isClosed { add() }
                return
            }
            waiting.remove(call)
            send(call, best)
        }
    }

    private func add() {
        let opening = Opening(options, addresses, from: turn)
        turn = (turn + 1) % addresses.count
        openings[ObjectIdentifier(opening)] = opening
        opening.begin(self, queue, timers) { [self] result in
            openings[ObjectIdentifier(opening)] = nil
            switch result {
            case .success(let connection):
                guard !isClosed else { return ended(connection, ConnectionFailed.clientClosed) }
                open.append(connection)
                changed()
            case .failure(let failure):
                guard open.isEmpty, openings.isEmpty else { return }
                for call in waiting.removeAll() { failed(call, failure) }
            }
        }
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        for opening in Array(openings.values) { opening.giveUp(ConnectionFailed.clientClosed) }
        for connection in open + leaving { ended(connection, ConnectionFailed.clientClosed) }
        for call in waiting.removeAll() + pausing.values { finish(call, .failure(ConnectionFailed.clientClosed)) }
    }
}

/// Calls without a connection, the one that waits longest first; one that gives up leaves at once.
struct WaitingCalls {
    private var byNumber: [Int: Call] = [:]
    private var numbers: [ObjectIdentifier: Int] = [:]
    private var firstNumber = 0
    private var nextNumber = 0

    var first: Call? { byNumber[firstNumber] }

    mutating func append(_ call: Call) {
        byNumber[nextNumber] = call
        numbers[ObjectIdentifier(call)] = nextNumber
        nextNumber += 1
    }

    mutating func remove(_ call: Call) {
        guard let number = numbers.removeValue(forKey: ObjectIdentifier(call)) else { return }
        byNumber[number] = nil
        while firstNumber < nextNumber, byNumber[firstNumber] == nil { firstNumber += 1 }
    }

    mutating func removeAll() -> [Call] {
        let everyone = byNumber.sorted { $0.key < $1.key }.map(\.value)
        self = WaitingCalls()
        return everyone
    }
}
