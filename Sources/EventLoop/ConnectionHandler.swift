/// The protocol side of one connection. Lives on its loop's thread, is called there only, and is released after
/// `closed`.
package protocol ConnectionHandler: AnyObject {
    /// All bytes that were received and not consumed, at least one.
    ///
    /// A handler processes whole messages while `connection.mayContinue`, and tells `connection.didHandleMessage` after each.
    /// Where it stops because it may not, it is called again with the rest once the output has drained and its turn has
    /// come. Bytes of an incomplete message are left and come again, longer, with the next ones.
    ///
    /// `Connection.readableSlack` bytes behind the end of `bytes` are readable memory of unspecified content.
    /// - Returns: how many bytes are done with, from the front.
    func received(_ bytes: RawSpan, on connection: Connection) -> Int

    /// The loop closes the connection after this call and after the output was flushed: the last chance to send.
    func willClose(_ connection: Connection, cause: OrderlyCloseCause)

    /// The last call.
    func closed(_ connection: Connection, reason: CloseReason)
}

extension ConnectionHandler {
    package func willClose(_ connection: Connection, cause: OrderlyCloseCause) {}
    package func closed(_ connection: Connection, reason: CloseReason) {}
}

/// Why the loop closes a connection that could still be told.
package enum OrderlyCloseCause: Sendable, Equatable {
    case shutdown
    case idle
    /// Half a message waited too long for its rest.
    case partialInput
    /// The time set by `Connection.setDeadline` is over.
    case deadline
    /// The handler left more than `maxUnconsumedBytes`.
    case inputLimit
    /// All connections together hold more than `bufferBudget`, and this one holds most.
    case bufferBudget
}

package enum CloseReason: Sendable, Equatable {
    /// The client closed its side, and everything it asked was answered.
    case peerClosed(unconsumedBytes: Int)
    case handler
    case orderly(OrderlyCloseCause)
    case writeStalled
    case outputLimit
    /// As `OrderlyCloseCause.bufferBudget`, but the client had too much to take still for another word.
    case gaveWay
    /// The grace time of a shutdown was over before the output was flushed.
    case graceOver
    case overConnectionLimit
    /// Reset by the client, or another error of the socket; `name` is like `ECONNRESET`.
    case failed(name: String)
}

/// What belongs to one loop: workspaces and whatever its handlers share. Made, used and released on the loop's thread.
package protocol LoopContext: AnyObject {
    func makeHandler(for connection: Connection) -> any ConnectionHandler
}
