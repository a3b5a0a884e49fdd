/// Who a reply is for: what its frame repeats of the request, and what it is counted under.
package struct ReplyHead: Sendable, Equatable {
    /// The JSON text of the request's id, byte for byte.
    package let id: [UInt8]
    /// The same for every way of writing the id: a string without its escapes.
    package let canonicalId: [UInt8]
    package let isJSONRPC: Bool
    package let method: Int
    /// Nanoseconds of the monotonic clock.
    package let receivedAt: UInt64
    /// What it waited for its turn.
    package let queueMicroseconds: Int
    package let ignored: [IgnoredMember]
    /// Nobody wants the answer: it is a notification.
    package let isSilent: Bool

    /// - Parameter canonicalId: nil where the id is written so.
    package init(
        id: [UInt8], canonicalId: [UInt8]? = nil, isJSONRPC: Bool, method: Int, receivedAt: UInt64,
        queueMicroseconds: Int = 0, ignored: [IgnoredMember] = [], isSilent: Bool = false
    ) {
        self.id = id
        self.canonicalId = canonicalId ?? id
        self.isJSONRPC = isJSONRPC
        self.method = method
        self.receivedAt = receivedAt
        self.queueMicroseconds = queueMicroseconds
        self.ignored = ignored
        self.isSilent = isSilent
    }

    package init(
        _ request: borrowing Request, receivedAt: UInt64, queueMicroseconds: Int, ignored: [IgnoredMember],
        isSilent: Bool
    ) {
        let id: RequestID? = request.id
        self.init(
            id: id.map { unsafe Array($0.source.bytes) } ?? Array("null".utf8), canonicalId: id?.canonical ?? [],
            isJSONRPC: request.isJSONRPC, method: request.method, receivedAt: receivedAt,
            queueMicroseconds: queueMicroseconds, ignored: ignored, isSilent: isSilent)
    }
}

/// Replies to requests whose bytes are gone.
extension JSONWriter {
    /// As `beginReply(to: Request)`.
    package mutating func beginReply(to head: ReplyHead) {
        begin(head)
        key("result")
    }

    /// As `endReply(to: Request, meta:)`.
    @discardableResult
    package mutating func endReply(to head: ReplyHead, meta: ReplyMeta) -> LateReply {
        var meta = meta
        meta.ignored = head.ignored
        if finishReply(meta) { return .success }
        writeError(.replyTooLarge, to: head)
        return .failure(.replyTooLarge)
    }

    /// A whole frame.
    package mutating func writeError(_ error: WireError, to head: ReplyHead) {
        begin(head)
        finishError(error)
    }

    private mutating func begin(_ head: ReplyHead) {
        beginFrame()
        beginObject()
        // Where a reply needs no id to find its request, as over HTTP, there is none.
        if !head.id.isEmpty {
            key("id")
            unsafe head.id.withUnsafeBufferPointer { unsafe json($0) }
        }
        if head.isJSONRPC { version() }
    }
}
