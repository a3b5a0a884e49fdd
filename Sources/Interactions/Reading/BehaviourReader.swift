import Spelling

/// Reads a file of what users did: CSV, TSV or JSON Lines, plain or gzip.
///
/// The columns are those that `SourceOptions.columns` names, and by default, whatever their case, and with or without
/// `_`, `-` and spaces:
///
///     userId      as in InteractionReader
///     itemId      as in InteractionReader                  may be empty where the row has a query
///     type        type, event, eventType, action           where there is none, the caller's, else view
///     query       query, searchQuery, searchTerm
///     channel     channel, salesChannel                    the last three may be missing
///     gender      gender
///     cityTier    cityTier, tier
///
/// Quantities are not looked at: a row is one event. Read for visits, a row has two parts more:
///
///     time        as in InteractionReader                  every row needs one
///     sessionId   as in InteractionReader                  may be empty; the user too where no column is userId
package enum BehaviourReader {
    /// Event types that `weights` does not have are bad rows. `eventType`: the type of rows without one.
    package static func read(
        path: String, options: SourceOptions = SourceOptions(), weights: EventWeights, eventType: String? = nil,
        progress: ReadProgress? = nil
    ) throws(ReadError) -> (log: BehaviourLog, report: ReadReport) {
        let standard = eventType ?? EventWeights.viewName
        guard let standardType = weights.index(of: standard) else {
            throw ReadError(
                .badOption, operation: "read the event type",
                expected: "one of \(weights.names.joined(separator: ", "))", found: "\"\(standard)\"",
                remedy: "Give it a weight, such as \(standard)=1, or name another.")
        }
        let file = try RecordFile.open(path: path, content: .items, options: options, progress: progress)
        return try read(
            file, path, options.columns, EventTypeCache(weights: weights, standard: standardType), isForVisits: false)
    }

    /// With the time and the session of each event. There may be up to 256 event types of any names.
    package static func readForVisits(
        path: String, options: SourceOptions = SourceOptions(), eventType: String? = nil, progress: ReadProgress? = nil
    ) throws(ReadError) -> (log: BehaviourLog, report: ReadReport) {
        let file = try RecordFile.open(path: path, content: .interactions, options: options, progress: progress)
        return try read(
            file, path, options.columns, EventTypeCache(standard: eventType ?? EventWeights.viewName), isForVisits: true
        )
    }

    private static func read(
        _ opened: consuming RecordFile, _ path: String, _ requested: ColumnMapping, _ cache: EventTypeCache,
        isForVisits: Bool
    ) throws(ReadError) -> (log: BehaviourLog, report: ReadReport) {
        var file = opened
        var types = cache
        func columns(_ lookup: ColumnLookup, isComplete: Bool) throws(ReadError) -> BehaviourColumns {
            try BehaviourColumns(lookup, requested: requested, isForVisits: isForVisits, isComplete: isComplete)
        }
        var found = try columns(ColumnLookup(path: path, names: file.columnNames), isComplete: !file.hasKeys)
        var log = BehaviourLog(eventTypes: types.names)
        var keyCount = 0
        while try file.next() {
            if file.hasKeys && file.reader.keys.count > keyCount {
                keyCount = file.reader.keys.count
                found = try columns(file.reader.keyLookup, isComplete: false)
            }
            if let fault = append(file.reader, found, &types, to: &log, isForVisits: isForVisits) {
                try file.refuse(fault.reason, detail: fault.detail)
            }
        }
        if file.hasKeys && keyCount > 0 { found = try columns(file.reader.keyLookup, isComplete: true) }
        log.eventTypes = types.names
        return (log, try file.finish(columns: found.mapping))
    }

    private static func append(
        _ reader: borrowing RecordReader, _ columns: BehaviourColumns, _ types: inout EventTypeCache,
        to log: inout BehaviourLog, isForVisits: Bool
    ) -> InteractionRows.Fault? {
        let bytes = reader.bytes.span
        let user = reader.field(columns.user)
        let item = reader.field(columns[.itemId])
        let query = reader.field(columns[.query])
        if let reason = user.fault(asId: bytes, missing: .missingUserId) { return .init(reason: reason) }
        if !item.isEmpty || query.isEmpty, let reason = item.fault(asId: bytes, missing: .missingItemId) {
            return .init(reason: reason)
        }
        let session = reader.field(columns[.sessionId])
        if !session.isEmpty, let reason = session.fault(asId: bytes, missing: .missingUserId) {
            return .init(reason: reason)
        }
        var time: Int64 = 0
        if isForVisits {
            guard let parsed = TimestampParser.milliseconds(bytes.extracting(reader.field(columns[.time]).range)) else {
                return .init(reason: .unparseableTime)
            }
            time = parsed
        }
        let typeField = reader.field(columns[.type])
        guard let type = types.index(of: bytes.extracting(typeField.range)) else {
            return .init(reason: .unknownEventType, detail: BadRow.printable(reader.bytes[typeField.range]))
        }
        func span(_ role: BehaviourColumns.Role) -> Range<Int> { reader.field(columns[role]).range }
        log.append(
            user: bytes.extracting(user.range), item: bytes.extracting(item.range),
            query: bytes.extracting(query.range),
            channel: bytes.extracting(span(.channel)), gender: bytes.extracting(span(.gender)),
            cityTier: bytes.extracting(span(.cityTier)), eventType: type)
        if isForVisits { log.append(time: time, session: bytes.extracting(session.range)) }
        return nil
    }
}

/// Looks every spelling of an event type up once.
private struct EventTypeCache {
    private(set) var names: [String]
    /// Nil where every type counts.
    private let weights: EventWeights?
    /// The type of a row that names none.
    private let standard: Int
    private var spellings = IdentifierTable()
    private var types: [Int?] = []

    init(weights: EventWeights, standard: Int) {
        self.weights = weights
        self.standard = standard
        names = weights.names
    }

    init(standard: String) {
        weights = nil
        self.standard = 0
        names = [standard]
    }

    mutating func index(of name: Span<UInt8>) -> Int? {
        if name.isEmpty { return standard }
        let spelling = Int(spellings.intern(name))
        if spelling == types.count { types.append(number(of: spellings.id(at: spelling))) }
        return types[spelling]
    }

    private mutating func number(of name: String) -> Int? {
        if let weights { return weights.index(of: name) }
        if let index = names.firstIndex(of: name) { return index }
        guard names.count < InteractionLog.maximalEventTypeCount else { return nil }
        names.append(name)
        return names.count - 1
    }
}

/// Where in a row the parts of an event lie.
private struct BehaviourColumns {
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
