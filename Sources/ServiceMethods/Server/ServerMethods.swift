import WireProtocol

/// `ping`. Borrowed: valid while the request is lent.
struct PingParameters: MethodParameters {
    var echo: WireString?

    static let declared = ParameterSet<Self>([
        .string("echo", maximumBytes: ProtocolLimits.echoBytes) { $0.echo = $1 }
    ])
}

extension ServiceMethod {
    static let ping = ServiceMethod("ping", cost: .constant, traits: .keyless, "Whether the server answers.") {
        (parameters: PingParameters, _, writer) in
        writer.pingResult(echo: parameters.echo)
    }

    static let health = ServiceMethod("health", cost: .constant, traits: .keyless, "Whether to send the server work.") {
        (_: NoParameters, context, writer) in
        writer.healthResult(context.facts().isDraining ? .draining : .ready)
    }

    static let info = ServiceMethod("info", cost: .constant, "The server and its index.") {
        (_: NoParameters, context, writer) in
        let facts = context.facts()
        writer.infoResult(
            server: ServerSummary(
                version: ServiceContext.serverVersion, uptimeSeconds: facts.uptimeSeconds, threads: facts.threadCount,
                connections: facts.connectionCount, requestsAnswered: facts.answeredCount,
                requestsFailed: facts.failedCount),
            index: context.indexSummary.atNow)
    }
}
