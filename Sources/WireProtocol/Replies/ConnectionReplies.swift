/// How many requests of all of one loop's connections may wait for their answers: each may be one message in the loop's mailbox.
/// One thread's.
package final class ReplyRoom {
    /// Half of what a mailbox takes.
    package static let limit = 32_768

    fileprivate var waitingCount = 0

    package init() {}
}

/// The replies of one connection, and what a handler may do with that of the request it is answering beside writing it. One
/// thread's.
package final class ConnectionReplies {
    package var queue = ReplyQueue()
    private let transport: any ReplyTransport
    private let room: ReplyRoom
    private var countedInRoom = 0
    private var deadline: UInt64 = 0
    /// The reply that the handler has put off.
    package private(set) var number: ReplyNumber?

    /// - Parameter room: shared by the connections of a loop.
    package init(transport: any ReplyTransport, room: ReplyRoom = ReplyRoom()) {
        self.transport = transport
        self.room = room
    }

    /// A request is given to its handler.
    /// - Parameter deadline: nanoseconds of the monotonic clock. Each request has one, so that none waits for ever.
    package func begin(deadline: UInt64) {
        self.deadline = deadline
        number = nil
    }

    /// By the handler: the answer comes by the ticket, and what the handler writes now is thrown away. Once for a request.
    /// - Parameter deadline: in place of the request's.
    package func putOff(deadline: UInt64? = nil) throws(WireError) -> ReplyTicket {
        precondition(number == nil, "a request has one answer")
        guard room.waitingCount + queue.waitingCount - countedInRoom < ReplyRoom.limit else {
            throw WireError(.rateLimit, "The server works on as many requests as it can; try again later.")
        }
        let ticket = queue.putOff(deadline: deadline ?? self.deadline, transport: transport)
        number = ticket.number
        return ticket
    }

    /// The handler has returned.
    /// - Parameter head: asked for where its answer comes later.
    /// - Returns: whether it does.
    package func end(head: () -> ReplyHead) -> Bool {
        guard let number else { return false }
        queue.setHead(head(), of: number)
        return true
    }

    /// The handler has failed: the error is the answer, and a ticket that it has taken is void.
    package func abandon() {
        if let number { queue.drop(number) }
        number = nil
    }

    /// To be called after each change of the queue.
    package func account() {
        room.waitingCount += queue.waitingCount - countedInRoom
        countedInRoom = queue.waitingCount
    }
}
