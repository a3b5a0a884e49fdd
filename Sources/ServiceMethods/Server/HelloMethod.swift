import WireProtocol

/// `hello`. Borrowed: valid while the request is lent.
struct HelloParameters: MethodParameters {
    /// The client's name and version, for the server's log.
    var client: WireString?
    /// Replies leave in the order of their requests from now on.
    var isOrdered = false
    /// Members that nobody knows are refused from now on.
    var isStrict = false
    /// As `auth` takes it.
    var key: WireString?

    static let declared = ParameterSet<Self>([
        .integer("protocolVersion", in: 1...Int(Int32.max), default: ProtocolLimits.protocolVersion) {
            $0.version = $1
        },
        .name("client", maximumBytes: ProtocolLimits.clientNameBytes) { $0.client = $1 },
        .boolean("ordered", default: false) { $0.isOrdered = $1 },
        .boolean("strictParams", default: false) { $0.isStrict = $1 },
        .name("key", maximumBytes: ProtocolLimits.keyBytes) { $0.key = $1 },
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
        "hello", cost: .constant, traits: [.alone, .keyless],
        "Limits and methods of the server; shows a key; sets the order of replies."
    ) {
        (parameters: HelloParameters, context, writer) throws(WireError) in
        if parameters.isStrict, let first = context.ignored.first { throw first.refusal }
        let caller = context.caller
        caller.replies?.queue.isOrdered = parameters.isOrdered
        caller.refusesUnknownMembers = parameters.isStrict
        if let client = parameters.client { caller.clientName = client.string }
        let (isOrdered, isStrict) = (parameters.isOrdered, parameters.isStrict)
        let index = context.indexSummary
        let result: ServiceContext.AccessWriting = { access, writer in
            // What is served is for those who have a key.
            let isAllowed = if case .none = access { false } else { true }
            writer.helloResult(
                serverVersion: ServiceContext.serverVersion, isOrdered: isOrdered, isStrict: isStrict,
                methods: MethodTable.all.lazy.map(\.name), index: isAllowed ? index.atNow : nil)
        }
        guard let key = parameters.key else { return result(caller.access, &writer) }
        try context.authenticate(key, &writer, result: result)
    }
}
