/// `hello`. Borrowed: valid while the request is lent.
package struct HelloParameters {
    /// The client's name and version, for the server's log.
    package var client: WireString?
    /// Replies leave in the order of their requests from now on.
    package var isOrdered = false

    package init(_ request: borrowing Request) throws(WireError) {
        var reader = request.members
        while let (name, value) = reader.next() {
            switch name {
            case .protocolVersion: try Self.check(value)
            case .client: client = try value.name(maximumBytes: ProtocolLimits.clientNameBytes)
            case .ordered: isOrdered = try value.boolean()
            default: throw value.unsupported(name, in: .hello)
            }
        }
    }

    private static func check(_ version: FieldValue) throws(WireError) {
        let known = ProtocolLimits.protocolVersion
        guard try version.integer(in: 1...Int(Int32.max)) != known else { return }
        throw WireError(
            .protocolUnsupported, "This server speaks protocol version \(known).", field: "params.protocolVersion",
            minimum: known, maximum: known)
    }
}

/// `ping`. Borrowed: valid while the request is lent.
package struct PingParameters {
    package var echo: WireString?

    package init(_ request: borrowing Request) throws(WireError) {
        var reader = request.members
        while let (name, value) = reader.next() {
            guard name == .echo else { throw value.unsupported(name, in: .ping) }
            echo = try value.string(maximumBytes: ProtocolLimits.echoBytes)
        }
    }
}

extension Request {
    /// For methods that take no parameters.
    package borrowing func refuseParameters() throws(WireError) {
        var reader = members
        while let (name, value) = reader.next() { throw value.unsupported(name, in: method) }
    }
}
