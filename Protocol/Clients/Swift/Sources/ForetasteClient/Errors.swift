/// The request cannot be sent: an id that is no string, a value that is no JSON, too many bytes. Nothing was sent.
public struct InvalidRequest: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The call's time is over. The request may have acted.
public struct TimedOut: Error, CustomStringConvertible {
    public let description: String
}

/// No connection, none any more, or what answers does not speak this protocol.
public struct ConnectionFailed: Error, CustomStringConvertible {
    public enum Kind: Sendable {
        /// No server could be reached.
        case connect
        /// The connection ended before the answer; the request may have acted.
        case closed
        /// What came is not of this protocol.
        case `protocol`
        /// This client was closed.
        case clientClosed
    }

    public let kind: Kind
    public let description: String
    /// The server never had the request, so that even one that may act once only can be sent again.
    public let wasNotReceived: Bool

    init(_ kind: Kind, _ description: String, wasNotReceived: Bool = false) {
        self.kind = kind
        self.description = description
        self.wasNotReceived = wasNotReceived
    }

    static let clientClosed = ConnectionFailed(.clientClosed, "this client is closed", wasNotReceived: true)
}

/// The server's answer is an error. Decide on `reason`, and on `status` where the reason is one you do not know.
public struct ServerError: Error, CustomStringConvertible {
    public let code: Int
    public let status: String
    public let reason: String
    /// English, for people.
    public let message: String
    public let retryable: Bool
    public let details: [String: JSONValue]

    init(_ error: JSONValue) {
        code = error["code"]?.integer ?? 0
        status = error["status"]?.string ?? ""
        reason = error["reason"]?.string ?? ""
        message = error["message"]?.string ?? ""
        retryable = error["retryable"]?.bool ?? false
        details = error["details"]?.object ?? [:]
    }

    /// The member at fault, such as params.recentItems[3].itemId.
    public var field: String? { details["field"]?.string }

    public var description: String {
        "\(reason): \(message)" + (field.map { " (\($0))" } ?? "")
    }
}
