import Spelling

/// What events are read for: what each looks up beside the last.
enum BehaviourPurpose {
    case affinities
    /// With times and sessions.
    case visits
    /// With what a row came to, and its category.
    case trends
}

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
        case quantity
        case price
        case amount
        case category

        func isLookedUp(for purpose: BehaviourPurpose) -> Bool {
            switch self {
            case .time, .sessionId: purpose != .affinities
            case .quantity, .price, .amount, .category: purpose == .trends
            default: true
            }
        }

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
            case .quantity: 9
            case .price: 10
            case .amount: 11
            case .category: 12
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
            case .quantity: ["quantity", "qty"]
            case .price: ["price", "unitprice"]
            case .amount: ["amount", "revenue", "totalprice", "linetotal"]
            case .category: ["category", "categoryid", "department"]
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
        _ lookup: ColumnLookup, requested: ColumnMapping, purpose: BehaviourPurpose, isComplete: Bool
    ) throws(ReadError) {
        let roles = Role.allCases.filter { $0.isLookedUp(for: purpose) }
        // The names are those of all commands, whichever of them are looked at here.
        try Self.checkNames(requested, among: Role.allCases.map(\.rawValue))
        var indexes: [Role: Int] = [:]
        for role in roles {
            guard let name = requested[role.rawValue], !name.isEmpty else { continue }
            if let index = try lookup.index(named: name) {
                indexes[role] = index
            } else if isComplete {
                throw lookup.missing(name)
            }
        }
        // What the row came to is said once: the price of a piece that is named, or a sum that is, is not multiplied by another.
        let isPriced = requested[Role.price.rawValue] != nil
        let isSummed = requested[Role.amount.rawValue] != nil
        for role in roles where requested[role.rawValue] == nil {
            if role == .amount && isPriced || role == .price && isSummed { continue }
            indexes[role] = lookup.index(ofDefaults: role.defaultNames, except: Array(indexes.values))
        }
        if isComplete {
            let required: [Role] =
                (indexes[.sessionId] == nil ? [.userId] : []) + (indexes[.query] == nil ? [.itemId] : [])
                + (purpose == .affinities ? [] : [.time])
            for role in required where indexes[role] == nil {
                throw lookup.missing(role.rawValue, defaults: role.defaultNames)
            }
        }
        if isComplete { try Self.checkMoney(indexes, lookup, requested) }
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

    /// Both a sum and a price found by their names alone, or a sum beside a quantity, leave open what a row came to.
    private static func checkMoney(
        _ indexes: [Role: Int], _ lookup: ColumnLookup, _ requested: ColumnMapping
    ) throws(ReadError) {
        guard let amount = indexes[.amount], requested[Role.amount.rawValue] == nil else { return }
        guard let other = indexes[.price] ?? indexes[.quantity] else { return }
        let name = lookup.names[amount]
        throw ReadError(
            .missingColumn, operation: "take \"\(name)\" for money", path: lookup.path,
            expected:
                "to know whether it is of one piece or of the whole row, as there is \"\(lookup.names[other])\" too",
            found: "neither",
            remedy: "Say --columns amount=\(name) where it is of the whole row, price=\(name) where it is of one piece."
        )
    }

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
