import Spelling

/// Where in a row the parts of an event for a server lie.
struct EventColumns {
    /// In the order in which they are looked for.
    private static let roles: [(name: String, defaults: [String])] = [
        ("eventId", ["eventid"]), ("type", ColumnRole.type.defaultNames), ("userId", ColumnRole.userId.defaultNames),
        ("sessionId", ColumnRole.sessionId.defaultNames), ("itemId", ColumnRole.itemId.defaultNames),
        ("query", ColumnRole.query.defaultNames), ("recommId", ["recommid", "recommendationid"]),
        ("value", ColumnRole.value.defaultNames), ("time", ColumnRole.time.defaultNames),
    ]

    private let indexes: [String: Int]
    /// What was found, by role.
    let mapping: ColumnMapping
    /// The file's name of the column of times.
    let timeName: String?

    /// As `InteractionColumns`: the requested ones by name, the others by their default names.
    init(_ lookup: ColumnLookup, requested: ColumnMapping, isComplete: Bool) throws(ReadError) {
        let names = Self.roles.map(\.name)
        for entry in requested.entries where !names.contains(entry.name) {
            let nearest = EditDistance.nearest(to: entry.name, among: names).map { "Did you mean \($0)?" }
            throw ReadError(
                .badOption, operation: "read the column mapping",
                expected: "names of an event's parts: \(names.joined(separator: ", "))", found: "\"\(entry.name)\"",
                remedy: nearest ?? "Name one of them.")
        }
        var indexes: [String: Int] = [:]
        for name in names {
            guard let column = requested[name], !column.isEmpty else { continue }
            if let index = try lookup.index(named: column) {
                indexes[name] = index
            } else if isComplete {
                throw lookup.missing(column)
            }
        }
        for (name, defaults) in Self.roles where requested[name] == nil {
            indexes[name] = lookup.index(ofDefaults: defaults, except: Array(indexes.values))
        }
        if isComplete { try Self.check(indexes, lookup) }
        self.indexes = indexes
        timeName = indexes["time"].map { lookup.names[$0] }
        mapping = ColumnMapping(
            names.compactMap { name in
                indexes[name].map { ColumnMapping.Entry(name: name, column: lookup.names[$0]) }
            })
    }

    subscript(part: EventTable.Part) -> Int? { indexes[part.name] }
    var value: Int? { indexes["value"] }
    var time: Int? { indexes["time"] }

    private static func check(_ indexes: [String: Int], _ lookup: ColumnLookup) throws(ReadError) {
        if indexes["userId"] == nil && indexes["sessionId"] == nil {
            throw lookup.missing("userId", defaults: ColumnRole.userId.defaultNames + ["sessionid"])
        }
        if indexes["itemId"] == nil && indexes["query"] == nil {
            throw lookup.missing("itemId", defaults: ColumnRole.itemId.defaultNames + ["query"])
        }
    }
}
