import Dispatch

/// One connection: requests out, replies to those who wait for them.
///
///     a request's life:  send ─▶ pending ─▶ answered
///                                   └────▶ abandoned (its caller gave up) ─▶ answered, to nobody
///
/// SAFETY: after its initialiser it is touched on the engine's queue only.
final class Connection: @unchecked Sendable {
    /// What a server works on at a time for a connection; more would only wait in its socket.
    static let inFlightLimit = 128
    private static let chunkBytes = 1 << 16
    /// So many chunks are read before other connections have their turn.
    private static let chunksPerTurn = 16

    private let engine: Engine
    private let socket: SystemSocket
    private let tls: TLSStage?
    private let readSource: any DispatchSourceRead
    private let writeSource: any DispatchSourceWrite
    private var isWriteSuspended = true
    private var chunk = [UInt8](repeating: 0, count: chunkBytes)
    private var outgoing: [UInt8] = []
    private var outgoingPosition = 0
    private var decoder = ReplyDecoder()
    private var pending: [Int: Call] = [:]
    private var abandoned: Set<Int> = []
    private var lastID = 0
    private var lastReceived = ContinuousClock.now
    private var greeting: [UInt8]?
    private var greetingID: Int?
    /// Where `hello` said that the server knows how.
    private var canCancel = false
    /// Told once, when the connection is good for requests or will never be.
    private var onOpen: (((any Error)?) -> Void)?
    private(set) var isGoingAway = false
    private(set) var failure: (any Error)?

    init(_ engine: Engine, _ socket: SystemSocket, _ tls: TLSStage?, queue: DispatchQueue) {
        self.engine = engine
        self.socket = socket
        self.tls = tls
        readSource = DispatchSource.makeReadSource(fileDescriptor: socket.descriptor, queue: queue)
        writeSource = DispatchSource.makeWriteSource(fileDescriptor: socket.descriptor, queue: queue)
        // The descriptor stays open until both sources have let it go.
        readSource.setCancelHandler { withExtendedLifetime(socket) {} }
        writeSource.setCancelHandler { withExtendedLifetime(socket) {} }
        readSource.setEventHandler { [weak self] in self?.readable() }
        writeSource.setEventHandler { [weak self] in self?.writable() }
        readSource.activate()
    }

    /// Handshake and `hello`, where there is something to say.
    func open(greeting: [UInt8]?, _ onOpen: @escaping ((any Error)?) -> Void) {
        self.greeting = greeting
        self.onOpen = onOpen
        if tls == nil { greet() } else { advanceHandshake() }
    }

    var inFlight: Int { pending.count + abandoned.count }
    var isUsable: Bool { failure == nil && !isGoingAway }
    var hasRoom: Bool { isUsable && inFlight < Self.inFlightLimit }

    func send(_ call: Call) -> Int {
        lastID += 1
        pending[lastID] = call
        let id = lastID
        transmit(RequestFrame.frame(id: id, body: call.body))
        return id
    }

    /// Its caller waits no more. It keeps its place until the reply, which may tell that it was cancelled.
    func abandon(_ id: Int) {
        guard pending.removeValue(forKey: id) != nil else { return }
        abandoned.insert(id)
        if canCancel { transmit(RequestFrame.cancellation(of: id)) }
    }

    /// How long nothing has come, since this moment at the earliest.
    func silence(since moment: ContinuousClock.Instant) -> Duration {
        ContinuousClock.now - max(moment, lastReceived)
    }

    /// Those whose requests it had, in the order of sending.
    func close(_ reason: any Error) -> [Call] {
        guard failure == nil else { return [] }
        failure = reason
        let everyone = pending.sorted { $0.key < $1.key }.map(\.value)
        pending.removeAll()
        abandoned.removeAll()
        socket.shutDown()
        readSource.cancel()
        // A source that is suspended cannot be let go.
        if isWriteSuspended { writeSource.resume() }
        isWriteSuspended = false
        writeSource.cancel()
        opened(reason)
        return everyone
    }

    private func opened(_ failure: (any Error)?) {
        let tell = onOpen
        onOpen = nil
        tell?(failure)
    }

    private func greet() {
        guard let greeting else { return opened(nil) }
        lastID += 1
        greetingID = lastID
        transmit(RequestFrame.frame(id: lastID, body: greeting))
    }

    private func advanceHandshake() {
        guard let tls else { return }
        do throws(ConnectionFailed) {
            let isDone = try tls.handshake()
            write(tls.takeOutgoing())
            if isDone { greet() }
        } catch {
            // The alert that says why.
            write(tls.takeOutgoing())
            engine.ended(self, error)
        }
    }

    // Bytes out.

    private func transmit(_ bytes: [UInt8]) {
        guard let tls else { return write(bytes) }
        do throws(ConnectionFailed) {
            try tls.encrypt(bytes)
            write(tls.takeOutgoing())
        } catch {
            fail(error)
        }
    }

    private func write(_ bytes: [UInt8]) {
        guard failure == nil, !bytes.isEmpty else { return }
        let wasWaiting = outgoingPosition < outgoing.count
        outgoing += bytes
        if !wasWaiting { flush() }
    }

    private func writable() {
        guard failure == nil else { return }
        flush()
    }

    private func flush() {
        while outgoingPosition < outgoing.count {
            switch socket.write(outgoing[outgoingPosition...]) {
            case .bytes(let count): outgoingPosition += count
            case .wouldBlock:
                if isWriteSuspended { writeSource.resume() }
                isWriteSuspended = false
                return
            case .end, .failed:
                // What the server still said is read first; then the end is seen there too.
                outgoingPosition = outgoing.count
            }
        }
        outgoing.removeAll(keepingCapacity: outgoing.capacity <= Self.chunkBytes)
        outgoingPosition = 0
        if !isWriteSuspended { writeSource.suspend() }
        isWriteSuspended = true
    }

    // Bytes in.

    private func readable() {
        for _ in 0..<Self.chunksPerTurn where failure == nil {
            switch socket.read(into: &chunk) {
            case .bytes(let count): received(chunk[..<count])
            case .wouldBlock: return
            case .end: ended(nil)
            case .failed(let text): ended(text)
            }
        }
    }

    private func ended(_ problem: String?) {
        // A server that said it stops has answered all it received, where it ended in good order.
        let wasNotReceived = problem == nil && isGoingAway && !decoder.isWithinFrame
        let text = problem.map { "the connection broke: \($0)" } ?? "the server closed the connection"
        engine.ended(self, ConnectionFailed(.closed, text, wasNotReceived: wasNotReceived))
    }

    private func received(_ bytes: ArraySlice<UInt8>) {
        lastReceived = ContinuousClock.now
        do {
            if let tls {
                decoder.append(try tls.decrypt(bytes))
                write(tls.takeOutgoing())
                if !tls.isEstablished { advanceHandshake() }
                if failure != nil { return }
                // Records that came with the end of the handshake.
                decoder.append(try tls.decrypt([]))
            } else {
                decoder.append(bytes)
            }
            while failure == nil, let reply = try decoder.next() { try take(reply) }
        } catch {
            engine.ended(self, error)
        }
        engine.changed()
    }

    private func fail(_ error: ConnectionFailed) {
        // Not at once: who sends is in the middle of its own work.
        engine.run { [self] in engine.ended(self, error) }
    }

    /// Throws what ends the connection.
    private func take(_ reply: JSONValue) throws {
        let error = Self.present(reply["error"])
        let result = Self.present(reply["result"])
        guard reply["error"] != nil || reply["result"] != nil else {
            // A notice. Those of later versions mean nothing to this client.
            isGoingAway = isGoingAway || reply["method"] == "server.goingAway"
            return
        }
        if let error, error.object == nil { throw foreign("the server's error is no JSON object") }
        // About the connection, which the server closes: none of its requests has an answer.
        if let error, (reply["id"] ?? .null) == .null { throw ServerError(error) }
        guard case .integer(let id)? = reply["id"] else {
            throw foreign("the server answers no request of this client")
        }
        if id == greetingID {
            greetingID = nil
            if let error { throw ServerError(error) }
            canCancel = result?["methods"]?.array?.contains("cancel") ?? false
            return opened(nil)
        }
        if abandoned.remove(id) != nil { return }
        guard let call = pending[id] else { throw foreign("the server answers no request of this client: id \(id)") }
        if let error {
            pending[id] = nil
            engine.failed(call, ServerError(error))
        } else if let result, result.object != nil {
            pending[id] = nil
            engine.answered(call, Reply(result: result, meta: reply["meta"] ?? .object([:])))
        } else {
            throw foreign("the server's result is no JSON object")
        }
    }

    /// A member that is null is absent.
    private static func present(_ member: JSONValue?) -> JSONValue? {
        if case .null? = member { nil } else { member }
    }

    private func foreign(_ text: String) -> ConnectionFailed {
        ConnectionFailed(.protocol, text)
    }
}
