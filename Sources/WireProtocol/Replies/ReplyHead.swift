/// Who a reply is for: what its frame repeats of the request.
package struct ReplyHead: Sendable, Equatable {
    /// The JSON text of the request's id, byte for byte.
    package let id: [UInt8]
    package let isJSONRPC: Bool

    package init(id: [UInt8], isJSONRPC: Bool) {
        self.id = id
        self.isJSONRPC = isJSONRPC
    }

    package init(_ request: borrowing Request) {
        id = unsafe Array(request.id.source.bytes)
        isJSONRPC = request.isJSONRPC
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
    package mutating func endReply(to head: ReplyHead, meta: ReplyMeta) {
        if !finishReply(meta) { writeError(.replyTooLarge, to: head) }
    }

    /// A whole frame.
    package mutating func writeError(_ error: WireError, to head: ReplyHead) {
        begin(head)
        finishError(error)
    }

    private mutating func begin(_ head: ReplyHead) {
        beginFrame()
        beginObject()
        key("id")
        unsafe head.id.withUnsafeBufferPointer { unsafe json($0) }
        if head.isJSONRPC { version() }
    }
}
