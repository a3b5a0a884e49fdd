import WireProtocol

/// `hello`. Borrowed: valid while the request is lent.
struct HelloParameters: MethodParameters {
    /// The client's name and version, for the server's log.
    var client: WireString?
    /// Replies leave in the order of their requests from now on.
    var isOrdered = false

    static let declared = ParameterSet<Self>([
        .integer("protocolVersion", in: 1...Int(Int32.max), default: ProtocolLimits.protocolVersion) {
            $0.version = $1
        },
        .name("client", maximumBytes: ProtocolLimits.clientNameBytes) { $0.client = $1 },
        .boolean("ordered", default: false) { $0.isOrdered = $1 },
    ])

    private var version = ProtocolLimits.protocolVersion

    func check() throws(WireError) {
        let known = ProtocolLimits.protocolVersion
        guard version != known else { return }
        throw WireError(
            .protocolUnsupported, "This server speaks protocol version \(known).", field: "params.protocolVersion",
            minimum: known, maximum: known)
    }
}

extension ServiceMethod {
    static let hello = ServiceMethod(
        "hello", cost: .constant, "Limits and methods of the server; sets the order of replies."
    ) {
        (parameters: HelloParameters, context, writer) in
        context.replies?.queue.isOrdered = parameters.isOrdered
        writer.helloResult(
            serverVersion: ServiceContext.serverVersion, isOrdered: parameters.isOrdered,
            methods: MethodTable.all.lazy.map(\.name), index: context.indexSummary.atNow)
    }
}
