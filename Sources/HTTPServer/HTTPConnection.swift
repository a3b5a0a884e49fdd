/// One client's connection, between and during its requests. Its thread's.
final class HTTPConnection {
    enum Phase {
        /// Waits for a request, or for the rest of its headers.
        case head
        case body
        /// For its answer: nothing is expected of the client.
        case waiting
        case reply
    }

    let descriptor: Int32
    private(set) var phase = Phase.head
    /// Milliseconds of the thread's clock.
    private(set) var since: UInt64
    /// Where the thread's table holds it.
    var place = 0

    init(descriptor: Int32, now: UInt64) {
        self.descriptor = descriptor
        since = now
    }

    func enter(_ phase: Phase, now: UInt64) {
        self.phase = phase
        since = now
    }
}
