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
/// Times and quantities are not looked at: a row is one event.
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
        var file = try RecordFile.open(path: path, content: .items, options: options, progress: progress)
        var columns = try BehaviourColumns(
            ColumnLookup(path: path, names: file.columnNames), requested: options.columns, isComplete: !file.hasKeys)
        var log = BehaviourLog(eventTypes: weights.names)
        var types = EventTypeCache(weights: weights, standard: standardType)
        var keyCount = 0
        while try file.next() {
            if file.hasKeys && file.reader.keys.count > keyCount {
                keyCount = file.reader.keys.count
                columns = try BehaviourColumns(file.reader.keyLookup, requested: options.columns, isComplete: false)
            }
            if let fault = append(file.reader, columns, &types, to: &log) {
                try file.refuse(fault.reason, detail: fault.detail)
            }
        }
        if file.hasKeys && keyCount > 0 {
            columns = try BehaviourColumns(file.reader.keyLookup, requested: options.columns, isComplete: true)
        }
        return (log, try file.finish(columns: columns.mapping))
    }

    private static func append(
        _ reader: borrowing RecordReader, _ columns: BehaviourColumns, _ types: inout EventTypeCache,
        to log: inout BehaviourLog
    ) -> InteractionRows.Fault? {
        let bytes = reader.bytes.span
        let user = reader.field(columns[.userId])
        let item = reader.field(columns[.itemId])
        let query = reader.field(columns[.query])
        if let reason = user.fault(asId: bytes, missing: .missingUserId) { return .init(reason: reason) }
        if !item.isEmpty || query.isEmpty, let reason = item.fault(asId: bytes, missing: .missingItemId) {
            return .init(reason: reason)
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
        return nil
    }
}

/// Looks every spelling of an event type up once.
private struct EventTypeCache {
    let weights: EventWeights
    /// The type of a row that names none.
    let standard: Int
    private var spellings = IdentifierTable()
    private var types: [Int?] = []

    init(weights: EventWeights, standard: Int) {
        self.weights = weights
        self.standard = standard
    }

    mutating func index(of name: Span<UInt8>) -> Int? {
        if name.isEmpty { return standard }
        let spelling = Int(spellings.intern(name))
        if spelling == types.count { types.append(weights.index(of: spellings.id(at: spelling))) }
        return types[spelling]
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

        var position: Int {
            switch self {
            case .userId: 0
            case .itemId: 1
            case .type: 2
            case .query: 3
            case .channel: 4
            case .gender: 5
            case .cityTier: 6
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
            }
        }
    }

    /// By role, in the order of the cases.
    private let indexes: [Int?]
    /// What was found, by role.
    let mapping: ColumnMapping

    /// As `InteractionColumns`: the requested ones by name, the others by their default names.
    init(_ lookup: ColumnLookup, requested: ColumnMapping, isComplete: Bool) throws(ReadError) {
        try Self.checkRoles(requested)
        var indexes: [Role: Int] = [:]
        for role in Role.allCases {
            guard let name = requested[role.rawValue], !name.isEmpty else { continue }
            if let index = try lookup.index(named: name) {
                indexes[role] = index
            } else if isComplete {
                throw lookup.missing(name)
            }
        }
        for role in Role.allCases where requested[role.rawValue] == nil {
            indexes[role] = lookup.index(ofDefaults: role.defaultNames, except: Array(indexes.values))
        }
        if isComplete {
            let required: [Role] = indexes[.query] == nil ? [.userId, .itemId] : [.userId]
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

    private static func checkRoles(_ mapping: ColumnMapping) throws(ReadError) {
        let names = Role.allCases.map(\.rawValue)
        for entry in mapping.entries where Role(rawValue: entry.name) == nil {
            let nearest = EditDistance.nearest(to: entry.name, among: names).map { "Did you mean \($0)?" }
            throw ReadError(
                .badOption, operation: "read the column mapping",
                expected: "names of an event's parts: \(names.joined(separator: ", "))",
                found: "\"\(entry.name)\"", remedy: nearest ?? "Name one of them.")
        }
    }
}
