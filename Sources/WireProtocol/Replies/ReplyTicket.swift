// A request whose answer comes later, for instance once a write is on the disk:
//
//     handler ── puts its answer off, returns ──▶ (other thread: stages, `checkpoint` between them) ──▶ ticket.answer | ticket.fail
//                                                                                                            │ transport
//     ReplyQueue of the connection  ◀──────────────────── on the connection's own thread ◀───────────────────┘
//
// A ticket owns all that it needs: the request and its bytes are gone when the handler has returned.

internal import Synchronization

/// Why nobody waits for an answer any more.
package enum ReplyEnd: UInt8, Sendable {
    case none
    /// By the client, with the request's id.
    case cancelled
    /// The deadline came.
    case expired
    /// The connection has closed.
    case disconnected
}

/// Set by the thread that owns the connection, seen by the one that works on the answer.
final class ReplyEndFlag: Sendable {
    private let value = Atomic<UInt8>(ReplyEnd.none.rawValue)

    var end: ReplyEnd {
        get { ReplyEnd(rawValue: value.load(ordering: .relaxed)) ?? .none }
        set { value.store(newValue.rawValue, ordering: .relaxed) }
    }
}

/// A reply's place among those of its connection.
package struct ReplyNumber: Sendable, Hashable {
    let value: UInt64
}

/// Writes one whole frame to whom it is for; on the thread that owns the connection.
package typealias ReplyWriting = @Sendable (_ writer: inout JSONWriter, _ head: ReplyHead) -> LateReply

/// What kind of frame was written.
package enum LateReply: Sendable {
    case success
    case failure(WireError)
    /// None: it comes later still, by the same ticket.
    case notYet
}

/// The way from a ticket to its connection.
package protocol ReplyTransport: Sendable {
    /// From any thread; `write` is called on the one that owns the connection. False where that is gone.
    func deliver(_ number: ReplyNumber, _ write: @escaping ReplyWriting) -> Bool
}

/// The right to answer one request later, from any thread, once.
package struct ReplyTicket: Sendable {
    package let number: ReplyNumber
    /// Replies of the connection leave in the order of their requests.
    package let isOrdered: Bool
    /// Nanoseconds of the monotonic clock; nil where the client sets none.
    package let deadline: UInt64?
    let flag = ReplyEndFlag()
    private let transport: any ReplyTransport

    init(number: ReplyNumber, isOrdered: Bool, deadline: UInt64?, transport: any ReplyTransport) {
        self.number = number
        self.isOrdered = isOrdered
        self.deadline = deadline
        self.transport = transport
    }

    /// Whether the client has been answered otherwise, or is gone: work for it may stop.
    package var end: ReplyEnd { flag.end }

    /// To be called between the stages of an answer.
    /// - Parameter now: nanoseconds of the monotonic clock.
    package func checkpoint(at now: UInt64) throws(WireError) {
        switch end {
        case .cancelled, .disconnected: throw .cancelledByClient
        case .expired: throw .deadlinePassed
        case .none: if let deadline, now >= deadline { throw .deadlinePassed }
        }
    }

    /// - Parameters:
    ///   - meta: asked for when the reply is written.
    ///   - result: writes the value of `result`, on the thread that owns the connection.
    /// - Returns: false where nobody waits any more.
    @discardableResult
    package func answer(
        meta: @escaping @Sendable (ReplyHead) -> ReplyMeta, result: @escaping @Sendable (inout JSONWriter) -> Void
    ) -> Bool {
        deliver { writer, head in
            writer.beginReply(to: head)
            result(&writer)
            return writer.endReply(to: head, meta: meta(head))
        }
    }

    /// - Returns: false where nobody waits any more.
    @discardableResult
    package func fail(_ error: WireError) -> Bool {
        deliver { writer, head in
            writer.writeError(error, to: head)
            return .failure(error)
        }
    }

    /// For whoever decides on the connection's own thread what the answer is.
    /// - Returns: false where nobody waits any more.
    @discardableResult
    package func deliver(_ write: @escaping ReplyWriting) -> Bool {
        end == .none && transport.deliver(number, write)
    }
}

extension WireError {
    package static var cancelledByClient: WireError { WireError(.byClient, "The client has cancelled the request.") }
    package static var deadlinePassed: WireError {
        WireError(.deadlineExceeded, "The deadline passed before there was an answer.")
    }
}
