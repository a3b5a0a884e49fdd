/// The `id` of a request as it was sent (`"17"` with its quotes and escapes, or `17`), so that a reply can repeat its bytes.
/// Borrowed: valid while its request is lent.
package struct RequestID {
    let source: WireString
    let value: JSONValue

    /// A copy of the JSON text.
    package var text: String { source.string }

    /// The same for every way of writing the id.
    package var canonical: [UInt8] { value.canonicalId ?? [] }
}

/// A request that is well formed and names a known method. Lent by `JSONParser.withRequest`; everything in it is borrowed.
package struct Request: ~Copyable {
    /// Nil for one that wants no answer, and for an element of a batch that has none.
    package let id: RequestID?
    /// Its number among the names that it was looked up in.
    package let method: Int
    /// From receipt; nil where the client sets none.
    package let deadlineMilliseconds: Int?
    /// As sent: check it against W3C Trace Context before use.
    package let traceparent: WireString?
    /// The request said `"jsonrpc":"2.0"`, so the reply must too.
    package let isJSONRPC: Bool
    /// Its object has members that the protocol does not know.
    package let hasUnknownMembers: Bool
    let root: JSONValue
    let parameters: JSONValue?
    /// The place of `params` among the members of the root.
    let parametersOrdinal: Int?

    /// The members of `params`; none where it is absent. Whoever reads them is told of the first that nobody knows.
    package var members: ParameterReader {
        ParameterReader(parameters, path: FieldPath(base: "params"), skipsUnknown: false)
    }

    /// The same, where members that nobody knows are passed over.
    package var knownMembers: ParameterReader {
        ParameterReader(parameters, path: FieldPath(base: "params"), skipsUnknown: true)
    }
}

extension Request {
    /// Whether some member of this name below `params`, at whatever depth, is a string with other bytes than these.
    package borrowing func names(memberOtherThan bytes: [UInt8], _ name: StaticString) -> Bool {
        parameters.map { Self.names($0, bytes, name) } ?? false
    }

    private static func names(_ value: JSONValue, _ bytes: [UInt8], _ name: StaticString) -> Bool {
        var children = value.children
        while let (childName, child) = children.next() {
            if childName.equals(name), let text = child.string, unsafe !text.bytes.elementsEqual(bytes) { return true }
            if child.kind == .object || child.kind == .array, names(child, bytes, name) { return true }
        }
        return false
    }
}

/// A request that is answered with an error before any method sees it.
package struct RefusedRequest: Error, Sendable {
    package let error: WireError
    /// The JSON text of the request's id; nil where it has none or none that can be trusted: the reply's `id` is then `null`.
    package let id: String?
    package let isJSONRPC: Bool
}

extension JSONParser {
    /// Parses a frame's payload, looks its method up and lends the request to `body`. Allocates only for an error.
    /// - Parameter needsId: false for an element of a batch, whose place tells which one it is.
    package func withRequest(
        in payload: RawSpan, methods: MethodNames, needsId: Bool = true, _ body: (borrowing Request) -> Void
    ) throws(RefusedRequest) {
        switch parse(payload) {
        case .document(let root):
            var envelope = RequestEnvelope()
            envelope.read(root)
            body(try envelope.request(self, methods, root, needsId: needsId))
        case .refused(let error): throw RefusedRequest(error: error, id: nil, isJSONRPC: false)
        case .ruleBroken(let error, let root, let duplicateName):
            var envelope = RequestEnvelope()
            envelope.read(root)
            // A repeated "id" says nothing about which one is meant.
            if duplicateName?.equals("id") == true { envelope.forgetId() }
            throw envelope.refusal(envelope.isObject ? error : RequestEnvelope.notAnObject, self)
        }
    }
}

/// The members of a request's object, before they are checked.
private struct RequestEnvelope {
    private(set) var isObject = false
    private var id: (value: JSONValue, ordinal: Int)?
    private var method: JSONValue?
    private var parameters: JSONValue?
    private var deadline: JSONValue?
    private var traceparent: JSONValue?
    private var version: JSONValue?
    private var parametersOrdinal: Int?
    private var hasUnknownMembers = false

    /// Unknown members are ignored, and `null` is the same as absent.
    mutating func read(_ root: JSONValue) {
        isObject = root.kind == .object
        guard isObject else { return }
        var members = root.children
        var ordinal = -1
        while let (name, value) = members.next() {
            ordinal += 1
            if value.kind == .null { continue }
            switch name.count {
            case 2 where name.equals("id"): id = (value, ordinal)
            case 6 where name.equals("method"): method = value
            case 6 where name.equals("params"): (parameters, parametersOrdinal) = (value, ordinal)
            case 7 where name.equals("jsonrpc"): version = value
            case 10 where name.equals("deadlineMs"): deadline = value
            case 11 where name.equals("traceparent"): traceparent = value
            default: hasUnknownMembers = true
            }
        }
    }

    mutating func forgetId() { id = nil }

    static var notAnObject: WireError {
        WireError(
            .invalidRequest, "The frame holds JSON that is not an object; a request is one object.",
            closesConnection: true)
    }

    func request(
        _ parser: JSONParser, _ methods: MethodNames, _ root: JSONValue, needsId: Bool
    ) throws(RefusedRequest) -> Request {
        do throws(WireError) {
            let id = try checkedId(methods, needsId: needsId)
            try checkEnvelope()
            let method = try methods.number(of: try methodName())
            return Request(
                id: id.map { RequestID(source: parser.sourceOfRootMember($0.ordinal), value: $0.value) },
                method: method,
                deadlineMilliseconds: try deadline.map { value throws(WireError) in
                    try field("deadlineMs", value).integer(in: ProtocolLimits.deadlineMilliseconds)
                },
                traceparent: try traceparent.map { value throws(WireError) in
                    try field("traceparent", value).string(maximumBytes: ProtocolLimits.traceparentBytes)
                },
                isJSONRPC: version != nil, hasUnknownMembers: hasUnknownMembers, root: root, parameters: parameters,
                parametersOrdinal: parametersOrdinal)
        } catch {
            throw refusal(error, parser)
        }
    }

    func refusal(_ error: WireError, _ parser: JSONParser) -> RefusedRequest {
        RefusedRequest(
            error: error, id: requestId(parser)?.text, isJSONRPC: isObject && version?.string?.equals("2.0") == true)
    }

    private func requestId(_ parser: JSONParser) -> RequestID? {
        guard let id, isUsable(id.value) else { return nil }
        return RequestID(source: parser.sourceOfRootMember(id.ordinal), value: id.value)
    }

    private func isUsable(_ id: JSONValue) -> Bool {
        id.kind == .integer || (id.string.map { $0.count <= ProtocolLimits.requestIdBytes } ?? false)
    }

    private func checkedId(
        _ methods: MethodNames, needsId: Bool
    ) throws(WireError) -> (value: JSONValue, ordinal: Int)? {
        guard isObject else { throw Self.notAnObject }
        guard let id else {
            if !needsId || method?.string.map({ methods.isNotification($0) }) == true { return nil }
            throw WireError(
                .invalidRequest, "The request has no id, and its method is not one that goes without an answer.",
                field: "id")
        }
        guard isUsable(id.value) else {
            throw WireError(
                .invalidRequest,
                "An id is an integer of 64 bits or a string of at most \(ProtocolLimits.requestIdBytes) bytes.",
                field: "id")
        }
        return id
    }

    private func checkEnvelope() throws(WireError) {
        if let version, version.string?.equals("2.0") != true {
            throw WireError(.invalidRequest, "jsonrpc, where it is sent, is \"2.0\".", field: "jsonrpc")
        }
        if let parameters, parameters.kind != .object {
            throw WireError(.invalidRequest, "params is an object with named members.", field: "params")
        }
    }

    private func methodName() throws(WireError) -> WireString {
        guard let name = method?.string, !name.isEmpty, name.count <= ProtocolLimits.methodBytes else {
            throw WireError(
                .invalidRequest, "A request names its method by a string of 1 to \(ProtocolLimits.methodBytes) bytes.",
                field: "method")
        }
        return name
    }

    private func field(_ name: StaticString, _ value: JSONValue) -> FieldValue {
        FieldValue(value, path: FieldPath(base: name), skipsUnknown: true)
    }
}
