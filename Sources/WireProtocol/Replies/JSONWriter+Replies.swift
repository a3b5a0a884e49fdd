/// How complete an answer is.
package enum ReplyQuality: Sendable {
    case full
    /// The deadline came first: what was ready is in the answer.
    case partial
}

/// The member `meta` of a successful reply.
package struct ReplyMeta: Sendable {
    /// From the whole request's receipt to this point.
    package var serverMicroseconds: Int
    /// The part of it that the request waited for its turn.
    package var queueMicroseconds: Int
    /// Nil while no index is open.
    package var indexVersion: String?
    package var quality: ReplyQuality
    /// Members of the request that nobody used.
    package var ignored: [IgnoredMember]

    package init(
        serverMicroseconds: Int, queueMicroseconds: Int, indexVersion: String?, quality: ReplyQuality = .full,
        ignored: [IgnoredMember] = []
    ) {
        self.serverMicroseconds = serverMicroseconds
        self.queueMicroseconds = queueMicroseconds
        self.indexVersion = indexVersion
        self.quality = quality
        self.ignored = ignored
    }
}

extension JSONWriter {
    /// Begins a reply's frame, up to where the result's value belongs: write one value, then `endReply`.
    package mutating func beginReply(to request: borrowing Request) {
        beginFrame()
        beginObject()
        writeId(of: request)
        if request.isJSONRPC { version() }
        key("result")
    }

    /// Takes back what `beginReply` began: the request is answered otherwise.
    package mutating func abandonReply() { abandonFrame() }

    /// A reply above the frame limit is replaced by the error `REPLY_TOO_LARGE`.
    package mutating func endReply(to request: borrowing Request, meta: ReplyMeta) {
        if !finishReply(meta) { writeError(.replyTooLarge, to: request) }
    }

    /// False where the reply is above the frame limit, and taken back.
    mutating func finishReply(_ meta: ReplyMeta) -> Bool {
        key("meta")
        beginObject()
        key("serverMs")
        thousandths(meta.serverMicroseconds)
        key("queueMs")
        thousandths(meta.queueMicroseconds)
        if let indexVersion = meta.indexVersion {
            key("indexVersion")
            string(indexVersion)
        }
        key("quality")
        string(meta.quality == .full ? "full" : "partial" as StaticString)
        if !meta.ignored.isEmpty { list(meta.ignored) }
        endObject()
        endObject()
        return endFrame()
    }

    private mutating func list(_ ignored: [IgnoredMember]) {
        key("ignored")
        beginArray()
        for member in ignored {
            beginObject()
            key("field")
            string(member.field)
            optional("nearest", member.nearest)
            endObject()
        }
        endArray()
    }

    private mutating func writeId(of request: borrowing Request) {
        key("id")
        let id: RequestID? = request.id
        guard let id else { return null() }
        unsafe json(id.source.bytes)
    }

    /// A whole frame.
    package mutating func writeError(_ error: WireError, to request: borrowing Request) {
        beginFrame()
        beginObject()
        writeId(of: request)
        if request.isJSONRPC { version() }
        finishError(error)
    }

    /// A whole frame.
    package mutating func writeRefusal(_ refusal: RefusedRequest) {
        beginFrame()
        beginObject()
        key("id")
        if var id = refusal.id {
            id.withUTF8 { unsafe json($0) }
        } else {
            null()
        }
        if refusal.isJSONRPC { version() }
        finishError(refusal.error)
    }

    /// A whole frame with `id: null`: an error of the connection, not of a request.
    package mutating func writeConnectionError(_ error: WireError) {
        writeRefusal(RefusedRequest(error: error, id: nil, isJSONRPC: false))
    }

    mutating func version() {
        key("jsonrpc")
        string("2.0" as StaticString)
    }

    mutating func finishError(_ error: WireError) {
        errorMember(error)
        endObject()
        let fits = endFrame()
        precondition(fits, "each text of an error is bounded, so their sum is far below the frame limit")
    }

    /// The member `error` of an object.
    package mutating func errorMember(_ error: WireError) {
        key("error")
        beginObject()
        key("code")
        integer(error.reason.code)
        key("status")
        string(error.reason.status)
        key("reason")
        string(error.reason.rawValue)
        key("message")
        bounded(error.message)
        key("retryable")
        boolean(error.reason.isRetryable)
        if error.hasDetails { details(error) }
        endObject()
    }

    private mutating func details(_ error: WireError) {
        key("details")
        beginObject()
        optional("field", error.field)
        optional("nearest", error.nearest)
        optional("minimum", error.minimum)
        optional("maximum", error.maximum)
        optional("incident", error.incident)
        endObject()
    }

    private mutating func optional(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        key(name)
        bounded(value)
    }

    /// Scalars of one text of an error. A name from a file may have any length.
    private static let textLimit = 1_024

    private mutating func bounded(_ text: String) {
        if text.utf8.count <= Self.textLimit { return string(text) }
        string(String(text.unicodeScalars.prefix(Self.textLimit)))
    }

    mutating func optional(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        key(name)
        integer(value)
    }
}

extension WireError {
    static var replyTooLarge: WireError {
        WireError(
            .replyTooLarge, "The answer is larger than a frame may be; ask for fewer items or fields.",
            maximum: ProtocolLimits.frameBytesOut)
    }
}
