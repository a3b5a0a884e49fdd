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
}
