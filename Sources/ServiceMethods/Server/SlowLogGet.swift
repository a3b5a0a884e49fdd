import WireProtocol

/// `slowlog.get`.
struct SlowLogParameters: MethodParameters {
    var count = ProtocolLimits.defaultCount

    static let declared = ParameterSet<Self>([
        .count(in: 1...RequestWatch.capacity, default: ProtocolLimits.defaultCount) { $0.count = $1 }
    ])
}

extension ServiceMethod {
    static let slowLogGet = ServiceMethod(
        "slowlog.get", role: .admin, cost: .constant, "The latest requests that took long."
    ) {
        (parameters: SlowLogParameters, context, writer) in
        let (requests, total) = context.watch?.latest(parameters.count) ?? ([], 0)
        writer.beginSlowLog(thresholdMilliseconds: Double(context.watch?.threshold ?? 0) / 1e6, total: total)
        for request in requests {
            writer.slowRequest(
                time: request.time, method: MethodTable.all[request.method].name,
                milliseconds: Double(request.microseconds) / 1000,
                queueMilliseconds: Double(request.queueMicroseconds) / 1000, requestBytes: request.requestBytes,
                client: request.client, traceparent: request.traceparent)
        }
        writer.endSlowLog()
    }
}
