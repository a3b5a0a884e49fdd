/// Why a question could not be put to a server.
package struct ServerConnectionError: Error, CustomStringConvertible {
    package let description: String
    /// Of a refusal by the server, such as of a key.
    package let reason: String?

    package init(description: String, reason: String? = nil) {
        self.description = description
        self.reason = reason
    }
}

/// A blocking connection to a server, for questions that end by one deadline. Closed when it goes out of scope.
package struct ServerConnection: ~Copyable {
    /// The protocol's limit for one reply.
    private static let replyByteLimit = 16 << 20

    private let channel: ClientChannel
    private var deadline: Deadline
    private let inbox = Inbox()

    /// What has come and was not asked for yet.
    private final class Inbox {
        var bytes: [UInt8] = []
    }

    /// - Parameter timeoutSeconds: how long all of it may take: connecting, sending, and every wait for bytes. (Looking up a name
    ///   takes what the system's resolver takes.)
    package init(
        host: String, port: UInt16, timeoutSeconds: Int, tls: TLSReach? = nil
    ) throws(ServerConnectionError) {
        deadline = Deadline(seconds: timeoutSeconds)
        channel = try ClientChannel(host: host, port: port, tls: tls, deadline: deadline)
    }

    init(_ channel: ClientChannel, deadline: Deadline) {
        self.channel = channel
        self.deadline = deadline
    }

    /// Whether the server has not closed it meanwhile. Says so at once.
    package var isOpen: Bool {
        get throws(ServerConnectionError) {
            // A notice may stand before the end.
            var count = -1
            while count != inbox.bytes.count {
                count = inbox.bytes.count
                guard try channel.receive(into: &inbox.bytes, waits: false) else { return false }
            }
            return true
        }
    }

    /// Begins the time anew, for the next question.
    package mutating func restartClock() { deadline = Deadline(seconds: deadline.seconds) }

    /// Says that nothing more will be sent; replies can still be read.
    package func finishSending() { channel.finishSending() }

    /// All that comes until the server closes. What ends the wait is the deadline: nil then.
    package func receiveUntilClose() throws(ServerConnectionError) -> [UInt8]? {
        defer { inbox.bytes = [] }
        while !deadline.isOver {
            deadline.limitWaits(of: channel.descriptor)
            guard try channel.receive(into: &inbox.bytes, waits: true) else { return inbox.bytes }
            guard inbox.bytes.count <= Self.replyByteLimit else {
                throw ServerConnectionError(description: "\(channel.server) sends more than a reply may be")
            }
        }
        return nil
    }

    /// The JSON text of the next frame that comes.
    package func receiveFrame() throws(ServerConnectionError) -> [UInt8] {
        let header = try receive(4)
        let replyLength = header.reduce(0) { $0 << 8 | Int($1) }
        guard replyLength > 0, replyLength <= Self.replyByteLimit else {
            throw ServerConnectionError(
                description:
                    "\(channel.server) does not speak this protocol: a frame of \(replyLength) bytes was announced"
            )
        }
        return try receive(replyLength)
    }

    package func send(_ bytes: [UInt8]) throws(ServerConnectionError) {
        try channel.send(bytes, deadline: deadline)
    }

    /// Bytes that come one by one do not put the end off.
    private func receive(_ count: Int) throws(ServerConnectionError) -> [UInt8] {
        while inbox.bytes.count < count {
            guard !deadline.isOver else { throw deadline.failure(channel.server) }
            deadline.limitWaits(of: channel.descriptor)
            let isOpen = try channel.receive(into: &inbox.bytes, waits: true)
            guard isOpen || inbox.bytes.count >= count else {
                throw ServerConnectionError(
                    description: "no answer from \(channel.server): the server closed the connection")
            }
        }
        let bytes = Array(inbox.bytes.prefix(count))
        inbox.bytes.removeFirst(count)
        return bytes
    }
}
