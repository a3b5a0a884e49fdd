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
        let shown: ShownKey
        do throws(WireError) {
            shown = try unsafe desk.show(key.bytes, at: WallClock.milliseconds())
        } catch {
            throw caller.fail(error)
        }
        switch shown {
        case .granted(let grant):
            caller.grant(grant)
            result(.granted(grant), &writer)
        case .later(let inquiry): ask(inquiry, try waitForKey(), result)
        }
    }

    /// Whatever deadline the client sets: it must not shorten what a wrong key waits.
    private func waitForKey() throws(WireError) -> ReplyTicket {
        let longest = UInt64(ProtocolLimits.deadlineMilliseconds.upperBound) * 1_000_000
        let ticket = try putOff(deadline: MonotonicClock.nanoseconds() + longest)
        caller.wait(for: ticket)
        return ticket
    }

    private func ask(_ inquiry: KeyInquiry, _ ticket: ReplyTicket, _ result: @escaping AccessWriting) {
        let (caller, indexVersion) = (caller, indexVersion)
        // The client may be gone before the key's turn comes.
        inquiry.begin(isWanted: { ticket.end == .none }) { grant in
            guard let grant else { return Self.refuse(caller, ticket) }
            ticket.answer(indexVersion: indexVersion) { writer in
                caller.grant(grant)
                result(.granted(grant), &writer)
            }
        }
    }

    private static func refuse(_ caller: Caller, _ ticket: ReplyTicket) {
        ticket.deliver { writer, head in
            let error = caller.fail(.wrongKey)
            writer.writeError(error, to: head)
            return .failure(error)
        }
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
