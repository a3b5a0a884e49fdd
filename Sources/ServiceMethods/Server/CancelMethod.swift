import WireProtocol

/// `cancel`.
struct CancelParameters: MethodParameters {
    /// As `ReplyHead.canonicalId`.
    var id: [UInt8] = []

    static let declared = ParameterSet<Self>([
        Parameter("id", .requestId, required: "Name the request by its id.") { value, target throws(WireError) in
            target.id = try value.requestId()
        }
    ])
}

extension ServiceMethod {
    static let cancel = ServiceMethod(
        "cancel", cost: .constant, traits: [.notification, .alone], "No answer to an earlier request is wanted."
    ) {
        (parameters: CancelParameters, context, writer) in
        let ticket = context.caller.replies?.queue.waiting(id: parameters.id)
        if let ticket { context.caller.cancelled.append(ticket) }
        writer.cancelResult(wasWaiting: ticket != nil)
    }
}
