import WireProtocol

extension ServiceMethod {
    static let serverDrain = ServiceMethod(
        "server.drain", role: .admin, cost: .constant, traits: .alone,
        "Stop the server once its clients have their answers."
    ) {
        (_: NoParameters, context, writer) in
        context.drain?()
        writer.drainResult(isDraining: context.drain != nil)
    }
}
