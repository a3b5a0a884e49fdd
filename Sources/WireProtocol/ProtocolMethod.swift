import Spelling

/// The methods of protocol version 1.
package enum ProtocolMethod: String, CaseIterable, Sendable {
    case hello
    case ping
    case health
    case info
    case recommendUser = "recommend.user"
    case recommendItem = "recommend.item"
    case recommendSession = "recommend.session"
    case recommendPopular = "recommend.popular"
    case segmentsList = "segments.list"
    case segmentsOf = "segments.of"
    case segmentsMembers = "segments.members"
    case segmentsPredict = "segments.predict"
    case segmentsTrends = "segments.trends"
    case personasOf = "personas.of"
    case personasQuery = "personas.query"
    case personasTop = "personas.top"

    var text: StaticString {
        switch self {
        case .hello: "hello"
        case .ping: "ping"
        case .health: "health"
        case .info: "info"
        case .recommendUser: "recommend.user"
        case .recommendItem: "recommend.item"
        case .recommendSession: "recommend.session"
        case .recommendPopular: "recommend.popular"
        case .segmentsList: "segments.list"
        case .segmentsOf: "segments.of"
        case .segmentsMembers: "segments.members"
        case .segmentsPredict: "segments.predict"
        case .segmentsTrends: "segments.trends"
        case .personasOf: "personas.of"
        case .personasQuery: "personas.query"
        case .personasTop: "personas.top"
        }
    }

    init?(_ name: WireString) {
        switch name.count {
        case 4: self = name.equals("ping") ? .ping : .info
        case 5: self = .hello
        case 6: self = .health
        case 11: self = name.equals("segments.of") ? .segmentsOf : .personasOf
        case 12: self = .personasTop
        case 13: self = .segmentsList
        case 14 where name.equals("personas.query"): self = .personasQuery
        case 14: self = name.equals("recommend.user") ? .recommendUser : .recommendItem
        case 15: self = .segmentsTrends
        case 16: self = name.equals("segments.members") ? .segmentsMembers : .segmentsPredict
        case 17: self = name.equals("recommend.session") ? .recommendSession : .recommendPopular
        default: return nil
        }
        guard name.equals(text) else { return nil }
    }

    /// Names that later versions will give a meaning to.
    package static let reserved: [String] = [
        "auth", "cancel",
        "recommend.basket", "recommend.rank", "recommend.next", "recommend.users", "recommend.segments",
        "explain", "explain.whyNot",
        "events.put", "events.list", "events.delete",
        "items.upsert", "items.get", "items.list", "items.delete",
        "users.upsert", "users.get", "users.merge", "users.erase", "users.export", "batch",
        "trends.list", "anomalies.list",
        "index.list", "index.activate", "index.rollback", "index.diff", "index.verify",
        "backup.create", "metrics", "slowlog.get", "server.drain", "server.goingAway",
    ]
    /// Names that begin so are reserved too.
    package static let reservedPrefixes: [String] = ["predict.", "scenarios.", "keys."]

    static func notFound(_ name: WireString) -> WireError {
        let text = name.string
        if reserved.contains(text) || reservedPrefixes.contains(where: { text.hasPrefix($0) }) {
            return WireError(
                .methodNotFound,
                "The method \(text) is reserved; protocol version \(ProtocolLimits.protocolVersion) does not offer it. "
                    + "hello lists the methods of this server.",
                field: "method")
        }
        let nearest = EditDistance.nearest(to: text, among: allCases.map(\.rawValue))
        let hint = nearest.map { "Did you mean \($0)?" } ?? "hello lists the methods of this server."
        return WireError(.methodNotFound, "There is no such method. " + hint, field: "method", nearest: nearest)
    }
}
