import LiveStore
import WireProtocol

struct EventsListParameters: MethodParameters {
    var userId: String?
    var sessionId: String?
    var count = LiveMethodLimits.defaultCount
    /// Only events that arrived before it.
    var before: UInt64?

    static let declared = ParameterSet<Self>([
        .identifier("userId") { $0.userId = $1.string },
        .identifier("sessionId") { $0.sessionId = $1.string },
        .count(in: LiveMethodLimits.count, default: LiveMethodLimits.defaultCount) { $0.count = $1 },
        Parameter("cursor", .name(maximumBytes: LiveMethodLimits.cursorBytes)) { value, target throws(WireError) in
            target.before = try Self.sequence(value)
        },
    ])

    func check() throws(WireError) {
        guard userId != nil, sessionId != nil else { return }
        throw WireError(.badField, "Name a user or a session, not both.", field: "params.sessionId")
    }

    static func sequence(_ value: FieldValue) throws(WireError) -> UInt64 {
        guard let number = UInt64(try value.name(maximumBytes: LiveMethodLimits.cursorBytes).string) else {
            throw value.error("A cursor is sent as it came with the page before.")
        }
        return number
    }
}

struct EventsDeleteParameters: MethodParameters {
    var eventIds: [String] = []

    static let declared = ParameterSet<Self>([
        .identifiers(
            "eventIds", maximumCount: LiveMethodLimits.elements,
            required: "Name the events (eventIds), 1 to 1000 of them."
        ) { target, ids in target.eventIds = ids.map(\.string) }
    ])

    func check() throws(WireError) {
        guard eventIds.isEmpty else { return }
        throw WireError(.badField, "Name at least one event.", field: "params.eventIds")
    }
}

extension ServiceMethod {
    static let eventsList = ServiceMethod(
        "events.list", cost: .list, "Events of a user, of a session or of all, the latest arrival first."
    ) { (parameters: EventsListParameters, context, writer) throws(WireError) in
        let actor = parameters.userId.map { LiveActor.user($0) } ?? parameters.sessionId.map { LiveActor.session($0) }
        let events = try context.reading { reader throws(LiveStoreError) in
            guard let actor else { return try reader.latestEvents(before: parameters.before, limit: parameters.count) }
            return try reader.events(of: actor, before: parameters.before, limit: parameters.count)
        }
        writer.beginObject()
        writer.key("events")
        writer.beginArray()
        for event in events { writer.event(event) }
        writer.endArray()
        if events.count == parameters.count, let last = events.last { writer.member("cursor", "\(last.sequence)") }
        writer.endObject()
    }

    static let eventsDelete = ServiceMethod("events.delete", role: .write, cost: .list, "Take events back.") {
        (parameters: EventsDeleteParameters, context, writer) throws(WireError) in
        try context.changing(.deleteEvents(.eventIds(parameters.eventIds))) { outcome, writer in
            guard case .elements(let outcomes) = outcome else { return }
            let missing = outcomes.count { $0 == .missing }
            writer.beginObject()
            writer.member("deleted", outcomes.count - missing)
            writer.member("missing", missing)
            writer.endObject()
        }
    }
}

extension JSONWriter {
    mutating func event(_ stored: StoredEvent) {
        beginObject()
        eventMembers(stored, withReceipt: true)
        endObject()
    }

    /// - Parameter withReceipt: when it arrived.
    mutating func eventMembers(_ stored: StoredEvent, withReceipt: Bool) {
        let event = stored.event
        member("eventId", event.eventId)
        member("type", event.type)
        member("userId", event.userId)
        member("sessionId", event.sessionId)
        member("itemId", event.itemId)
        member("value", event.value)
        member("time", Int64?(stored.time))
        if withReceipt { member("receivedTime", Int64?(stored.receivedTime)) }
        member("query", event.query)
        member("recommId", event.recommendationId)
        if !event.context.isEmpty {
            key("context")
            unsafe event.context.withUnsafeBufferPointer { unsafe json($0) }
        }
    }
}
