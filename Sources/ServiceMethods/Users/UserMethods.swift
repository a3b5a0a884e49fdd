import LiveStore
import WireProtocol

/// One change of a user as it was sent, copied from the request.
struct WireUserChange {
    var change = UserChange(userId: "")

    static let declared = ParameterSet<Self>([
        .identifier("userId", required: "A user has an id (userId).") { $0.change.userId = $1.string },
        Parameter("properties", .anyObject) { value, target throws(WireError) in
            target.change.properties = try ItemChange.Property.list(value)
        },
    ])

    init(_ value: FieldValue) throws(WireError) { try Self.declared.read(try value.object(), into: &self) }
}

struct UsersUpsertParameters: MethodParameters {
    var users = SentElements<UserChange>()

    static let declared = ParameterSet<Self>([
        Parameter(
            "users", .list(of: .object(WireUserChange.declared.descriptions), maximumCount: LiveMethodLimits.elements),
            required: "Send who is new or changed (users), 1 to 1000 of them."
        ) { value, target throws(WireError) in
            target.users = try SentElements(value) { element throws(WireError) in try WireUserChange(element).change }
        }
    ])

    func check() throws(WireError) {
        guard users.isEmpty else { return }
        throw WireError(.badField, "Send at least one user.", field: "params.users")
    }
}

struct UserParameters: MethodParameters {
    var userId = ""

    static let declared = ParameterSet<Self>([
        .identifier("userId", required: "Name the user (userId).") { $0.userId = $1.string }
    ])
}

struct UsersMergeParameters: MethodParameters {
    var from = ""
    var into = ""

    static let declared = ParameterSet<Self>([
        .identifier("fromUserId", required: "Name the visitor (fromUserId).") { $0.from = $1.string },
        .identifier("intoUserId", required: "Name the user whom the visitor turned out to be (intoUserId).") {
            $0.into = $1.string
        },
    ])
}

struct UsersExportParameters: MethodParameters {
    var userId = ""
    var count = LiveMethodLimits.defaultCount
    var before: UInt64?

    static let declared = ParameterSet<Self>([
        .identifier("userId", required: "Name the user (userId).") { $0.userId = $1.string },
        .count(in: LiveMethodLimits.count, default: LiveMethodLimits.defaultCount) { $0.count = $1 },
        Parameter("cursor", .name(maximumBytes: LiveMethodLimits.cursorBytes)) { value, target throws(WireError) in
            target.before = try EventsListParameters.sequence(value)
        },
    ])
}

extension ServiceMethod {
    static let usersUpsert = ServiceMethod(
        "users.upsert", role: .write, cost: .list, "New users, and properties of users that change."
    ) { (parameters: UsersUpsertParameters, context, writer) throws(WireError) in
        let sent = parameters.users
        try context.changing(.upsertUsers(sent.elements)) { outcome, writer in
            guard case .elements(let outcomes) = outcome else { return }
            let summary = sent.summary(outcomes)
            writer.beginObject()
            writer.member("stored", summary.storedCount)
            writer.refusals(summary.refused)
            writer.endObject()
        }
    }

    static let usersGet = ServiceMethod("users.get", cost: .constant, "What is kept of a user, but for the events.") {
        (parameters: UserParameters, context, writer) throws(WireError) in
        let facts = try context.reading { reader throws(LiveStoreError) in
            try UserFacts(parameters.userId, reader)
        }
        writer.beginObject()
        writer.userFacts(facts)
        writer.endObject()
    }

    static let usersList = ServiceMethod("users.list", cost: .list, "Users with properties of their own.") {
        (parameters: LivePageParameters, context, writer) throws(WireError) in
        let users = try context.reading { reader throws(LiveStoreError) in
            try reader.users(after: parameters.after, limit: parameters.count)
        }
        writer.beginObject()
        writer.key("users")
        writer.beginArray()
        for user in users {
            writer.beginObject()
            writer.member("userId", user.userId)
            writer.member("changedTime", Int64?(user.changedTime))
            writer.properties(user.properties)
            writer.endObject()
        }
        writer.endArray()
        if users.count == parameters.count, let last = users.last { writer.member("cursor", last.userId) }
        writer.endObject()
    }

    static let usersMerge = ServiceMethod(
        "users.merge", role: .write, cost: .list, "A visitor turns out to be a known user."
    ) { (parameters: UsersMergeParameters, context, writer) throws(WireError) in
        try context.changing(.mergeUsers(from: parameters.from, into: parameters.into)) { outcome, writer in
            guard case .merged(let into, let movedCount) = outcome else { return }
            writer.beginObject()
            writer.member("userId", into)
            writer.member("moved", movedCount)
            writer.endObject()
        }
    }

    static let usersExport = ServiceMethod(
        "users.export", role: .admin, cost: .list, "Everything that is kept of a person."
    ) {
        (parameters: UsersExportParameters, context, writer) throws(WireError) in
        let (facts, events) = try context.reading { reader throws(LiveStoreError) in
            (
                try UserFacts(parameters.userId, reader),
                try reader.events(of: .user(parameters.userId), before: parameters.before, limit: parameters.count)
            )
        }
        writer.beginObject()
        writer.userFacts(facts)
        writer.key("events")
        writer.beginArray()
        for event in events { writer.event(event) }
        writer.endArray()
        if events.count == parameters.count, let last = events.last { writer.member("cursor", "\(last.sequence)") }
        writer.endObject()
    }
}

/// What is kept of a person, but for the events.
private struct UserFacts {
    var userId: String
    var user: LiveUser?
    var mergedIds: [String]
    var erasure: Erasure?

    init(_ id: String, _ reader: LiveStoreReader) throws(LiveStoreError) {
        userId = try reader.leadingUser(of: id)
        user = try reader.user(userId)
        mergedIds = try reader.mergedUsers(into: userId)
        erasure = try reader.erasure(of: id)
    }
}

extension JSONWriter {
    fileprivate mutating func userFacts(_ facts: UserFacts) {
        member("userId", facts.userId)
        member("changedTime", facts.user?.changedTime)
        properties(facts.user?.properties ?? [])
        key("mergedIds")
        beginArray()
        for id in facts.mergedIds { string(id) }
        endArray()
        member("erasedTime", facts.erasure?.time)
    }
}
