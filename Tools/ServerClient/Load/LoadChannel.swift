import WireProtocol

/// One connection of a load, with a number of requests on their way. Replies may come in any order.
final class LoadChannel {
    struct Request {
        let line: Int
        let dueAt: UInt64
        let sentAt: UInt64
    }

    let channel: ClientChannel
    private let depth: Int
    private var inFlight: [Int: Request] = [:]
    private var nextId = 1
    private var received: [UInt8] = []
    private var outgoing: [UInt8] = []
    private(set) var isOpen = true

    init(_ channel: ClientChannel, depth: Int) {
        self.channel = channel
        self.depth = depth
    }

    var hasRoom: Bool { isOpen && inFlight.count < depth }
    var waitingCount: Int { inFlight.count }

    /// Puts a request behind those that `flush` sends.
    func add(_ tail: [UInt8], _ request: Request) {
        let head = Array(#"{"id":\#(nextId)"#.utf8)
        let count = UInt32(head.count + tail.count)
        for shift in [24, 16, 8, 0] as [UInt32] { outgoing.append(UInt8(truncatingIfNeeded: count >> shift)) }
        outgoing += head
        outgoing += tail
        inFlight[nextId] = request
        nextId += 1
    }

    func flush() throws(ServerConnectionError) {
        guard !outgoing.isEmpty else { return }
        try channel.send(outgoing, deadline: nil)
        outgoing.removeAll(keepingCapacity: true)
    }

    /// Takes what has come.
    ///
    /// - Parameter take: gets each request that was answered, and its reply.
    func receive(_ take: (Request, ArraySlice<UInt8>) -> Void) throws(ServerConnectionError) {
        isOpen = try channel.receive(into: &received, waits: false)
        var offset = 0
        while received.count - offset >= 4 {
            let length = received[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= ProtocolLimits.frameBytesOut else {
                throw ServerConnectionError(
                    description:
                        "\(channel.server) does not speak this protocol: a frame of \(length) bytes was announced")
            }
            guard received.count - offset - 4 >= length else { break }
            let payload = received[offset + 4..<offset + 4 + length]
            // A notice, or an error of the connection, is no answer to a request.
            if let id = Self.id(of: payload), let request = inFlight.removeValue(forKey: id) { take(request, payload) }
            offset += 4 + length
        }
        received.removeFirst(offset)
    }

    private static let idStart = Array(#"{"id":"#.utf8)

    private static func id(of payload: ArraySlice<UInt8>) -> Int? {
        guard payload.starts(with: idStart) else { return nil }
        return payload.dropFirst(idStart.count).prefix { (48...57).contains($0) }.reduce(0) {
            $0.multipliedReportingOverflow(by: 10).partialValue &+ Int($1 - 48)
        }
    }
}
