import AccessKeys
import Telemetry
import WireProtocol

/// `auth`. Borrowed: valid while the request is lent.
struct AuthParameters: MethodParameters {
    var key = WireString.empty

    static let declared = ParameterSet<Self>([
        .name("key", maximumBytes: ProtocolLimits.keyBytes, required: "Send the key, or the browser token (key).") {
            $0.key = $1
        }
    ])
}

extension ServiceMethod {
    static let auth = ServiceMethod(
        "auth", cost: .constant, traits: [.alone, .keyless], "Shows a key: what it allows is allowed from now on."
    ) {
        (parameters: AuthParameters, context, writer) throws(WireError) in
        try context.authenticate(parameters.key, &writer) { access, writer in writer.authResult(access) }
    }
}

extension ServiceContext {
    typealias AccessWriting = @Sendable (_ access: Access, _ writer: inout JSONWriter) -> Void

    /// Gives the caller what the key allows, now where that can be told now. The answer to a wrong key is put off.
    /// - Parameter result: writes the value of `result`.
    func authenticate(
        _ key: WireString, _ writer: inout JSONWriter, result: @escaping AccessWriting
    ) throws(WireError) {
        guard let desk = keys else { return result(.open, &writer) }
        switch unsafe desk.ring.check(key.bytes, at: WallClock.milliseconds()) {
        case .granted(let grant):
            guard grant.filter.isEmpty else { throw caller.fail(.filteredToken) }
            caller.grant(grant)
            result(.granted(grant), &writer)
        case .refused(let id):
            desk.reportWrongKey(id)
            refuse(try waitForKey(), desk)
        case .mustVerify(let verification): verify(verification, try waitForKey(), desk, result)
        }
    }

    /// Whatever deadline the client sets: it must not shorten what a wrong key waits.
    private func waitForKey() throws(WireError) -> ReplyTicket {
        let longest = UInt64(ProtocolLimits.deadlineMilliseconds.upperBound) * 1_000_000
        let ticket = try putOff(deadline: MonotonicClock.nanoseconds() + longest)
        caller.wait(for: ticket)
        return ticket
    }

    private func verify(
        _ verification: KeyVerification, _ ticket: ReplyTicket, _ desk: KeyDesk, _ result: @escaping AccessWriting
    ) {
        let (caller, indexVersion) = (caller, indexVersion)
        desk.work {
            // The client may be gone by now.
            guard ticket.end == .none else { return }
            guard let grant = verification.run() else {
                desk.reportWrongKey(verification.id)
                return Self.refuse(caller, ticket, desk)
            }
            ticket.answer(indexVersion: indexVersion) { writer in
                caller.grant(grant)
                result(.granted(grant), &writer)
            }
        }
    }

    private func refuse(_ ticket: ReplyTicket, _ desk: KeyDesk) { Self.refuse(caller, ticket, desk) }

    private static func refuse(_ caller: Caller, _ ticket: ReplyTicket, _ desk: KeyDesk) {
        desk.afterDelay {
            ticket.deliver { writer, head in
                let error = caller.fail(.wrongKey)
                writer.writeError(error, to: head)
                return error.closesConnection ? .failureThatCloses : .failure
            }
        }
    }
}

extension WireError {
    /// The same for a key that there is not, one with a wrong secret, and one that has expired.
    fileprivate static var wrongKey: WireError { WireError(.keyInvalid, "This key allows nothing here.") }

    /// What a token's filter leaves out must not be shown, and this version cannot leave it out.
    fileprivate static var filteredToken: WireError {
        WireError(.keyInvalid, "The token has a filter, which this version cannot keep to: make one without.")
    }
}

extension JSONWriter {
    fileprivate mutating func authResult(_ access: Access) {
        beginObject()
        key("role")
        switch access {
        case .granted(let grant):
            string(grant.role.rawValue)
            key("keyId")
            string(grant.keyId)
            if let user = grant.userId {
                key("userId")
                unsafe user.withUnsafeBufferPointer { unsafe string($0) }
            }
            if let time = grant.expiresAt {
                key("expiresAt")
                integer(Int(time))
            }
        case .open, .none: string("admin" as StaticString)
        }
        endObject()
    }
}
