internal import Synchronization

/// What the bodies and replies of all connections hold. From any thread.
final class HTTPBuffers: Sendable {
    let limitBytes: Int
    private let held = Atomic<Int>(0)

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    var heldBytes: Int { held.load(ordering: .relaxed) }

    /// False where that would be too much: nothing is taken then.
    func take(_ count: Int) -> Bool {
        if held.add(count, ordering: .relaxed).newValue <= limitBytes { return true }
        give(count)
        return false
    }

    func give(_ count: Int) { held.subtract(count, ordering: .relaxed) }
}

/// One request on its way, from its headers to the last byte of its answer. Its thread's.
final class HTTPExchange {
    /// What the library's next call for it means: it has one function for everything.
    enum Phase {
        /// The headers are there; also after a wait for what they decide.
        case head
        /// A piece of the body; without bytes: its end.
        case body
        /// A wait for the answer is over.
        case answer
    }

    let answering: any HTTPAnswering
    let waker: HTTPWaker
    var phase = Phase.head
    /// When the wait ends at the latest; nil where it does not wait.
    var waitsUntil: UInt64?
    private(set) var body: [UInt8] = []
    /// Of the body.
    var bodyLimit = 0
    /// What the listener refuses the request for, once its body is over.
    var refusal: HTTPRefusal?
    /// What the application refuses it for.
    var refused: HTTPReply?
    /// What may be thrown away of a refused body, so that the connection can go on.
    static let discardBytes = 64 << 10
    /// Bytes that were thrown away, as the request is refused.
    private var discardedBytes = 0
    private var heldBytes = 0
    private let buffers: HTTPBuffers

    init(_ answering: any HTTPAnswering, _ waker: HTTPWaker, _ buffers: HTTPBuffers) {
        self.answering = answering
        self.waker = waker
        self.buffers = buffers
    }

    deinit { if heldBytes > 0 { buffers.give(heldBytes) } }

    var isRefused: Bool { refusal != nil || refused != nil }

    /// False where the client goes on sending what nobody wants.
    func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if isRefused {
            discardedBytes += bytes.count
            return discardedBytes <= max(bodyLimit, Self.discardBytes)
        }
        if body.count + bytes.count > bodyLimit {
            drop(.bodyTooLarge(limit: bodyLimit))
        } else if !hold(bytes.count) {
            drop(.buffersFull)
        } else {
            unsafe body.append(contentsOf: bytes)
        }
        return true
    }

    /// The body is the application's from now on; what it takes stays counted until the reply.
    func takeBody() -> [UInt8] {
        let taken = body
        body = []
        return taken
    }

    /// The answer is kept until the client has taken it. It is sent even where that is too much: it is there already.
    func holdReply(_ count: Int) {
        body = []
        buffers.give(heldBytes)
        heldBytes = 0
        _ = hold(count)
    }

    private func hold(_ count: Int) -> Bool {
        guard buffers.take(count) else { return false }
        heldBytes += count
        return true
    }

    private func drop(_ refusal: HTTPRefusal) {
        self.refusal = refusal
        body = []
        buffers.give(heldBytes)
        heldBytes = 0
    }
}
