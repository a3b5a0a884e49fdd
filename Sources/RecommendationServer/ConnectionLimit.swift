import WireProtocol

/// What the client beyond the connection limit is told before it is closed.
enum ConnectionLimit {
    static let message: [UInt8] = {
        var frame: [UInt8] = []
        var writer = JSONWriter(appendingTo: &frame)
        writer.writeConnectionError(
            WireError(
                .tooManyConnections, "The server has as many connections as it takes; try again later.",
                closesConnection: true))
        writer.finish(into: &frame)
        return frame
    }()
}
