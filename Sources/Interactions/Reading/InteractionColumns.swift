import Spelling

/// Where in a row the parts of an interaction lie.
struct InteractionColumns {
    /// That of the sessions where there is none of users.
    private(set) var user: Int?
    private(set) var session: Int?
    private(set) var item: Int?
    private(set) var time: Int?
    /// The file's name of that column.
    private(set) var timeName: String?
    private(set) var value: Int?
    private(set) var type: Int?
    private(set) var amount: Int?
    private(set) var price: Int?
    private(set) var valueName: String?
    /// The value column is called after ratings.
    private(set) var isRating = false
    /// What was found, by role.
    private(set) var mapping = ColumnMapping.none

    /// Looks the columns up: those of `requested` by name, the others by their default names among the columns that are
    /// left. A requested column that is missing is an error where `isComplete`, that is unless more keys may come.
    init(_ lookup: ColumnLookup, requested: ColumnMapping, isComplete: Bool) throws(ReadError) {
        try Self.checkRoles(requested)
        var indexes: [ColumnRole: Int] = [:]
        for role in ColumnRole.allCases {
            guard let name = requested[role.rawValue], !name.isEmpty else { continue }
            if let index = try lookup.index(named: name) {
                indexes[role] = index
            } else if isComplete {
                throw lookup.missing(name)
            }
        }
        for role in ColumnRole.allCases where requested[role.rawValue] == nil {
            indexes[role] = lookup.index(ofDefault: role, except: Array(indexes.values))
        }
        session = indexes[.sessionId]
        if isComplete && indexes[.userId] == nil && session == nil { throw lookup.missing(.userId) }
        if isComplete && indexes[.itemId] == nil { throw lookup.missing(.itemId) }
        user = indexes[.userId] ?? session
        item = indexes[.itemId]
        time = indexes[.time]
        timeName = indexes[.time].map { lookup.names[$0] }
        value = indexes[.value]
        valueName = indexes[.value].map { lookup.names[$0] }
        amount = indexes[.amount]
        price = indexes[.amount] == nil ? indexes[.price] : nil
        type = indexes[.type]
        isRating = value.map { ColumnRole.ratingNames.contains(ColumnRole.normalized(lookup.names[$0])) } ?? false
        mapping = ColumnMapping(
            ColumnRole.allCases.compactMap { role in
                indexes[role].map { ColumnMapping.Entry(name: role.rawValue, column: lookup.names[$0]) }
            })
    }

    private static func checkRoles(_ mapping: ColumnMapping) throws(ReadError) {
        let names = ColumnRole.allCases.map(\.rawValue)
        for entry in mapping.entries where ColumnRole(rawValue: entry.name) == nil {
            let nearest = EditDistance.nearest(to: entry.name, among: names).map { "Did you mean \($0)?" }
            throw ReadError(
                .badOption, operation: "read the column mapping",
                expected: "names of an interaction's parts: \(names.joined(separator: ", "))",
                found: "\"\(entry.name)\"", remedy: nearest ?? "Correct the name before the \"=\".")
        }
    }
}
