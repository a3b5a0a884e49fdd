/// The client's side: a request's frame, and a look at a reply.
extension JSONWriter {
    /// A whole frame. `parameters` is the JSON text of one object; it is not checked.
    package mutating func writeRequest(
        id: Int, method: String, parameters: String? = nil, deadlineMilliseconds: Int? = nil
    ) -> Bool {
        beginFrame()
        beginObject()
        key("id")
        integer(id)
        key("method")
        string(method)
        if var parameters {
            key("params")
            parameters.withUTF8 { unsafe json($0) }
        }
        optional("deadlineMs", deadlineMilliseconds)
        endObject()
        return endFrame()
    }
}

/// What a reply says, for a program that shows it as it came.
package enum ReplyOutcome: Equatable, Sendable {
    case success
    /// `reason` as sent: newer servers have reasons that this version does not know.
    case failure(code: Int, reason: String, message: String)
    /// Answers no request, such as `server.goingAway`: to be ignored.
    case notice
    /// Not a reply of this protocol.
    case malformed
}

extension JSONParser {
    package func replyOutcome(in payload: RawSpan) -> ReplyOutcome {
        guard case .document(let root) = parse(payload), root.kind == .object else { return .malformed }
        var members = root.children
        var hasId = false
        while let (name, value) = members.next() {
            if name.equals("result") { return .success }
            if name.equals("error") { return failure(value) }
            if name.equals("id") { hasId = true }
        }
        return hasId ? .malformed : .notice
    }

    private func failure(_ error: JSONValue) -> ReplyOutcome {
        var code: Int?
        var reason: String?
        var message = ""
        var members = error.children
        while let (name, value) = members.next() {
            if name.equals("code") { code = value.integer }
            if name.equals("reason") { reason = value.string?.string }
            if name.equals("message") { message = value.string?.string ?? "" }
        }
        guard let code, let reason else { return .malformed }
        return .failure(code: code, reason: reason, message: message)
    }
}
