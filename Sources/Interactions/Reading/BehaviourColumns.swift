import Spelling

/// Where in a row the parts of an event lie.
struct BehaviourColumns {
    enum Role: String, CaseIterable {
        case userId
        case itemId
        case type
        case query
        case channel
        case gender
        case cityTier
        case time
        case sessionId

        /// The others are looked up for visits alone.
        var isAlwaysLookedUp: Bool { self != .time && self != .sessionId }

        var position: Int {
            switch self {
            case .userId: 0
            case .itemId: 1
            case .type: 2
            case .query: 3
            case .channel: 4
            case .gender: 5
            case .cityTier: 6
            case .time: 7
            case .sessionId: 8
            }
        }

        var defaultNames: [String] {
            switch self {
            case .userId: ColumnRole.userId.defaultNames
            case .itemId: ColumnRole.itemId.defaultNames
            case .type: ColumnRole.type.defaultNames
            case .query: ColumnRole.query.defaultNames
            case .channel: ["channel", "saleschannel"]
            case .gender: ["gender"]
            case .cityTier: ["citytier", "tier"]
            case .time: ColumnRole.time.defaultNames
            case .sessionId: ColumnRole.sessionId.defaultNames
            }
        }
    }

    /// By role, in the order of the cases.
    private let indexes: [Int?]
    /// What was found, by role.
    let mapping: ColumnMapping
    /// The file's name of the column of times.
    let timeName: String?

    /// As `InteractionColumns`: the requested ones by name, the others by their default names.
    init(
        _ lookup: ColumnLookup, requested: ColumnMapping, isForVisits: Bool, isComplete: Bool
    ) throws(ReadError) {
        let roles = Role.allCases.filter { isForVisits || $0.isAlwaysLookedUp }
        try Self.checkNames(requested, among: roles.map(\.rawValue))
        var indexes: [Role: Int] = [:]
        for role in roles {
            guard let name = requested[role.rawValue], !name.isEmpty else { continue }
            if let index = try lookup.index(named: name) {
                indexes[role] = index
            } else if isComplete {
                throw lookup.missing(name)
            }
        }
        for role in roles where requested[role.rawValue] == nil {
            indexes[role] = lookup.index(ofDefaults: role.defaultNames, except: Array(indexes.values))
        }
        if isComplete {
            let required: [Role] =
                (indexes[.sessionId] == nil ? [.userId] : []) + (indexes[.query] == nil ? [.itemId] : [])
                + (isForVisits ? [.time] : [])
            for role in required where indexes[role] == nil {
                throw lookup.missing(role.rawValue, defaults: role.defaultNames)
            }
        }
        self.indexes = Role.allCases.map { indexes[$0] }
        timeName = indexes[.time].map { lookup.names[$0] }
        mapping = ColumnMapping(
            Role.allCases.compactMap { role in
                indexes[role].map { ColumnMapping.Entry(name: role.rawValue, column: lookup.names[$0]) }
            })
    }

    subscript(role: Role) -> Int? { indexes[role.position] }

    /// That of the sessions where there is none of users.
    var user: Int? { self[.userId] ?? self[.sessionId] }

    private static func checkNames(_ mapping: ColumnMapping, among names: [String]) throws(ReadError) {
        for entry in mapping.entries where !names.contains(entry.name) {
            let nearest = EditDistance.nearest(to: entry.name, among: names).map { "Did you mean \($0)?" }
            throw ReadError(
                .badOption, operation: "read the column mapping",
                expected: "names of an event's parts: \(names.joined(separator: ", "))",
                found: "\"\(entry.name)\"", remedy: nearest ?? "Name one of them.")
        }
    }
}
