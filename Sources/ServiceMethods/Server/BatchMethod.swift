import WireProtocol

/// `batch`. Borrowed: valid while the request is lent.
struct BatchParameters: MethodParameters {
    var count = 0
    /// The place of `requests` among the members of `params`.
    fileprivate var ordinal = 0

    private static let request = "List the requests (requests), 1 to \(ProtocolLimits.batchRequests) objects."

    static let declared = ParameterSet<Self>([
        Parameter("requests", .requests(maximumCount: ProtocolLimits.batchRequests), required: request) {
            value, target throws(WireError) in
            var elements = try value.elements(maximumCount: ProtocolLimits.batchRequests)
            while let element = try elements.next() {
                guard element.isObject else { throw element.error("A request is an object.") }
                target.count += 1
            }
            target.ordinal = value.ordinal
        }
    ])

    func check() throws(WireError) {
        if count == 0 { throw WireError(.badField, Self.request, field: "params.requests") }
    }

    /// Copies the requests out of the text of `params`.
    fileprivate func copied(from text: WireString) -> (bytes: [UInt8], ends: [Int]) {
        var members = ChildTexts(text)
        var list = WireString.empty
        for _ in 0...ordinal { list = members.next() ?? .empty }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(list.count)
        var ends: [Int] = []
        var elements = ChildTexts(list)
        while let element = elements.next() {
            unsafe bytes += element.bytes
            ends.append(bytes.count)
        }
        return (bytes, ends)
    }
}

extension ServiceMethod {
    /// The transport answers the requests, turn by turn: a handler would hold up everybody else for as long as they all take.
    static let batch = ServiceMethod(
        "batch", cost: .scan, traits: [.partial, .alone, .readsText], "Many requests in one, each with its own answer."
    ) {
        (parameters: BatchParameters, context, _) throws(WireError) in
        let (bytes, ends) = parameters.copied(from: context.parametersText)
        guard ends.count == parameters.count else {
            throw WireError(.bug, "The server lost a request of the batch.")
        }
        context.caller.batch = RequestBatch(
            ticket: try context.putOff(), deadline: context.deadline, bytes: bytes, ends: ends)
    }
}
