package import AccessKeys
import Telemetry
package import WireProtocol

/// What a caller may ask.
package enum Access: Sendable {
    /// Everything: the server asks nobody for a key.
    case open
    /// Nothing but what needs no key: none was shown that counts.
    case none
    case granted(Grant)
}

extension Access {
    fileprivate var filter: KeyFilter? {
        guard case .granted(let grant) = self, !grant.filter.isEmpty else { return nil }
        return KeyFilter(
            text: String(decoding: grant.filter, as: UTF8.self),
            userId: grant.userId.map { String(decoding: $0, as: UTF8.self) })
    }
}

/// What a token restricts its owner to.
package struct KeyFilter: Sendable {
    package let text: String
    /// Whom `user` means in it.
    package let userId: String?
}

/// Who asks: a connection, or something like one. What a handler may do with it beside writing its answer. The transport owns
/// it, and does what a handler has left here once the handler has returned.
// SAFETY: used on the thread of its connection alone; what tickets bring runs there too (`ReplyTransport`).
package final class Caller: @unchecked Sendable {
    /// Wrong and missing keys that end a connection.
    package static let failureLimit = 3

    /// Nil where no answer can come later.
    package let replies: ConnectionReplies?
    /// An element of a batch is answered: some methods stand alone only.
    package let isBatch: Bool
    package private(set) var access: Access { didSet { keyFilter = access.filter } }
    /// What the key's owner may be shown of; nil: everything.
    package private(set) var keyFilter: KeyFilter?
    private var failures = 0
    /// `hello` asked for `strictParams`: members that nobody knows are refused.
    package var refusesUnknownMembers = false
    /// As `hello` named it.
    package var clientName: String?
    /// Requests that the client wants no answer to any more.
    package var cancelled: [ReplyTicket] = []
    /// A batch whose answer was put off.
    package var batch: RequestBatch?
    /// Of the key that is being checked.
    private var pendingKey: ReplyTicket?

    package init(replies: ConnectionReplies?, access: Access = .open, isBatch: Bool = false) {
        self.replies = replies
        self.access = access
        keyFilter = access.filter
        self.isBatch = isBatch
    }

    /// For the elements of a batch of this one.
    /// - Parameter replies: theirs.
    package func forBatch(replies: ConnectionReplies?) -> Caller {
        let caller = Caller(replies: replies, access: access, isBatch: true)
        caller.refusesUnknownMembers = refusesUnknownMembers
        return caller
    }

    /// A key is being checked: what the client sends behind it waits, as it may depend on it.
    package var waitsForKey: Bool { pendingKey.map { $0.end == .none } ?? false }

    func wait(for ticket: ReplyTicket) { pendingKey = ticket }

    func grant(_ grant: Grant) {
        pendingKey = nil
        failures = 0
        access = .granted(grant)
    }

    /// - Returns: the same error, which ends the connection where it is one too many.
    func fail(_ error: WireError) -> WireError {
        pendingKey = nil
        failures += 1
        var error = error
        error.closesConnection = failures >= Self.failureLimit
        return error
    }
}

// MARK: What a caller may ask

extension Caller {
    package func check(_ method: ServiceMethod, _ request: borrowing Request) throws(WireError) {
        switch access {
        case .open: return
        case .none:
            guard !method.traits.contains(.keyless) else { return }
            throw fail(
                WireError(
                    .keyMissing,
                    "This server asks for a key: send it with auth, or with hello (key), before other requests."))
        case .granted(let grant): try check(grant, method, request)
        }
    }

    /// For what is no method, such as a page of a transport's own.
    /// - Parameter subject: what is asked for.
    package func check(_ role: MethodRole, for subject: String) throws(WireError) {
        switch access {
        case .open: return
        case .none: throw fail(WireError(.keyMissing, "This server asks for a key."))
        case .granted(let grant):
            try checkValidity(grant)
            guard grant.userId == nil else { throw WireError(.role, "A browser token may not ask for \(subject).") }
            try check(grant, role, subject, field: nil)
        }
    }

    private func checkValidity(_ grant: Grant) throws(WireError) {
        guard grant.isRevoked || grant.hasExpired(at: WallClock.milliseconds()) else { return }
        access = .none
        throw fail(WireError(.keyInvalid, "The key of this connection has been revoked, or its time is over."))
    }

    private func check(
        _ grant: Grant, _ role: MethodRole, _ subject: String, field: String?
    ) throws(WireError) {
        guard grant.role < role.neededRole else { return }
        throw WireError(
            .role, "A key of the role \(grant.role.rawValue) may not ask \(subject): it needs \(role.rawValue).",
            field: field)
    }

    private func check(
        _ grant: Grant, _ method: ServiceMethod, _ request: borrowing Request
    ) throws(WireError) {
        try checkValidity(grant)
        if method.traits.contains(.keyless) { return }
        guard let user = grant.userId else {
            return try check(grant, method.role, "\(method.name)", field: "method")
        }
        guard method.traits.contains(.browser) else {
            throw WireError(.role, "A browser token may not ask \(method.name).", field: "method")
        }
        if request.names(memberOtherThan: user, "userId") {
            throw WireError(.role, "A browser token asks for its own user alone.", field: "params.userId")
        }
    }
}

extension MethodRole {
    var neededRole: AccessRole {
        switch self {
        case .read: .read
        case .write: .write
        case .admin: .admin
        }
    }
}

/// The requests of a batch, copied.
package struct RequestBatch: Sendable {
    /// The right to answer the batch.
    package let ticket: ReplyTicket
    /// Nanoseconds of the monotonic clock: what has not begun by then is not begun; nil where the client sets none.
    package let deadline: UInt64?
    /// Their texts, one behind the other.
    package let bytes: [UInt8]
    /// Where each ends.
    package let ends: [Int]
}
