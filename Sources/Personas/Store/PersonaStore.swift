internal import KeyValueStore

/// An open store of personas: a read-only map, shared by all threads without locks. A query allocates nothing of the
/// population's size.
// SAFETY: the memory is a map of a file that nobody writes; `environment` keeps it alive as long as the store.
@safe package final class PersonaStore: @unchecked Sendable {
    private let environment: Environment
    package let weights: [PersonaTable.Weight]
    package let byteCount: Int
    let users: PersonaTexts
    let genders: UnsafeBufferPointer<UInt8>
    /// By `PersonaDimension.rawValue`.
    private let values: [PersonaValues]
    private let rows: [PersonaRowColumns]
    private let postings: [PersonaPostingColumns?]
    let attributes: UnsafeBufferPointer<Int32>
    let titles: PersonaTexts
    /// The values of each counted dimension, the highest total of shares first.
    private var ranking: [[UInt32]] = []
    /// Of each level of categories, per value the keys of its path.
    private(set) var categoryPaths: [[[String]]] = []

    /// Opens the store in the directory. Every byte is read once to compare the checksums: about a second for 4 GB.
    package convenience init(directory: String) throws(PersonaStoreError) {
        try self.init(path: "\(directory)/\(PersonaFiles.storeName)")
    }

    init(path: String) throws(PersonaStoreError) {
        let reader = try PersonaSectionReader(path: path)
        environment = reader.environment
        byteCount = reader.environment.mapByteCount
        weights = reader.weights
        users = try reader.texts("users")
        unsafe genders = try reader.section("genders", UInt8.self)
        var values: [PersonaValues] = []
        var rows: [PersonaRowColumns] = []
        var postings: [PersonaPostingColumns?] = []
        for dimension in PersonaDimension.allCases {
            values.append(try PersonaValues(reader, dimension))
            rows.append(try PersonaRowColumns(reader, dimension))
            postings.append(
                PersonaDimension.counted.contains(dimension) ? try PersonaPostingColumns(reader, dimension) : nil)
        }
        self.values = values
        self.rows = rows
        self.postings = postings
        unsafe attributes = try reader.section("items.attributes", Int32.self)
        titles = try reader.texts("items.titles")
        try checkStructure(reader)
        categoryPaths = PersonaDimension.categories.map { values[$0.rawValue].keys.paths }
        ranking = postings.map { columns in
            guard let columns else { return [] }
            let totals = unsafe Array(columns.totals)
            return (0..<UInt32(totals.count)).sorted { (totals[Int($1)], $0) < (totals[Int($0)], $1) }
        }
    }

    package var userCount: Int { users.count }
    package func valueCount(_ dimension: PersonaDimension) -> Int { self[dimension].count }

    /// The user's number; nil where the store does not have them.
    package func user(_ id: String) -> Int? { users.index(of: id) }
    package func userId(_ user: Int) -> String { users[user] }
    package func gender(_ user: Int) -> PersonaGender { unsafe PersonaGender(rawValue: genders[user]) ?? .unknown }

    subscript(dimension: PersonaDimension) -> PersonaValues { values[dimension.rawValue] }
    func rows(_ dimension: PersonaDimension) -> PersonaRowColumns { rows[dimension.rawValue] }
    func postings(_ dimension: PersonaDimension) -> PersonaPostingColumns? { postings[dimension.rawValue] }
    /// Of a counted dimension.
    func ranking(_ dimension: PersonaDimension) -> [UInt32] { ranking[dimension.rawValue] }

    /// All of it in memory, as it was written.
    package func table() -> PersonaTable {
        var table = PersonaTable()
        table.weights = weights
        table.userIds = users.all
        table.dimensions = PersonaDimension.allCases.map { dimension in
            PersonaDimensionTable(
                keys: self[dimension].keys.all, texts: self[dimension].texts.all, rows: rows(dimension).all)
        }
        unsafe table.attributes = Array(attributes)
        table.titles = titles.all
        return table
    }
}

/// Strings in the map, found by binary search where they ascend.
// SAFETY: as PersonaStore, which outlives it.
@safe struct PersonaTexts: @unchecked Sendable {
    let offsets: UnsafeBufferPointer<UInt32>
    let bytes: UnsafeBufferPointer<UInt8>

    var count: Int { unsafe offsets.count - 1 }
    var all: [String] { (0..<count).map { self[$0] } }

    subscript(index: Int) -> String { unsafe String(decoding: utf8(index), as: UTF8.self) }

    func utf8(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(rebasing: bytes[Int(offsets[index])..<Int(offsets[index + 1])])
    }

    func index(of text: String) -> Int? {
        var (low, high) = (0, count)
        let wanted = text.utf8
        while low < high {
            let middle = (low + high) / 2
            if unsafe utf8(middle).lexicographicallyPrecedes(wanted) { low = middle + 1 } else { high = middle }
        }
        return unsafe low < count && utf8(low).elementsEqual(wanted) ? low : nil
    }
}

/// The values of a dimension.
struct PersonaValues: Sendable {
    let keys: PersonaTexts
    let texts: PersonaTexts

    init(_ reader: PersonaSectionReader, _ dimension: PersonaDimension) throws(PersonaStoreError) {
        keys = try reader.texts("\(dimension.name).keys")
        let name = "\(dimension.name).texts"
        texts = reader.has("\(name).offsets") ? try reader.texts(name) : keys
    }

    var count: Int { keys.count }
}

/// `PersonaRows` in the map.
// SAFETY: as PersonaStore, which outlives it.
@safe struct PersonaRowColumns: @unchecked Sendable {
    let offsets: UnsafeBufferPointer<UInt32>
    let values: UnsafeBufferPointer<UInt32>
    let sums: UnsafeBufferPointer<UInt32>

    init(_ reader: PersonaSectionReader, _ dimension: PersonaDimension) throws(PersonaStoreError) {
        unsafe offsets = try reader.section(PersonaFormat.rows(dimension, "offsets"), UInt32.self)
        unsafe values = try reader.section(PersonaFormat.rows(dimension, "values"), UInt32.self)
        unsafe sums = try reader.section(PersonaFormat.rows(dimension, "sums"), UInt32.self)
    }

    func range(_ user: Int) -> Range<Int> { unsafe Int(offsets[user])..<Int(offsets[user + 1]) }

    /// Nothing is known of the user in this dimension.
    func isSilent(_ user: Int) -> Bool { unsafe offsets[user] == offsets[user + 1] }

    func pairs(_ user: Int) -> [(value: Int, sum: UInt32)] {
        range(user).map { unsafe (Int(values[$0]), sums[$0]) }
    }

    var all: PersonaRows {
        unsafe PersonaRows(offsets: offsets.map { Int($0) }, values: Array(values), sums: Array(sums))
    }
}

/// `PersonaPostings` in the map; users and shares are there for dimensions that a query scores.
// SAFETY: as PersonaStore, which outlives it.
@safe struct PersonaPostingColumns: @unchecked Sendable {
    let offsets: UnsafeBufferPointer<UInt32>
    let users: UnsafeBufferPointer<UInt32>
    let shares: UnsafeBufferPointer<Float>
    let totals: UnsafeBufferPointer<Double>
    let counts: UnsafeBufferPointer<UInt32>
    /// Users of whom something is known in this dimension.
    let knownUserCount: Int

    init(_ reader: PersonaSectionReader, _ dimension: PersonaDimension) throws(PersonaStoreError) {
        unsafe totals = try reader.section("\(dimension.name).totals", Double.self)
        unsafe counts = try reader.section("\(dimension.name).counts", UInt32.self)
        // The shares of each of these users sum to 1. What no sum of shares is, is refused when all is there.
        let known = unsafe totals.reduce(0, +).rounded()
        knownUserCount = known >= 0 && known <= Double(UInt32.max) ? Int(known) : 0
        guard PersonaDimension.scored.contains(dimension) else {
            unsafe offsets = UnsafeBufferPointer(start: nil, count: 0)
            unsafe users = UnsafeBufferPointer(start: nil, count: 0)
            unsafe shares = UnsafeBufferPointer(start: nil, count: 0)
            return
        }
        unsafe offsets = try reader.section(PersonaFormat.postings(dimension, "offsets"), UInt32.self)
        unsafe users = try reader.section(PersonaFormat.postings(dimension, "users"), UInt32.self)
        unsafe shares = try reader.section(PersonaFormat.postings(dimension, "shares"), Float.self)
    }

    func range(_ value: Int) -> Range<Int> { unsafe Int(offsets[value])..<Int(offsets[value + 1]) }

    /// What a user of whom nothing is known in this dimension is expected to give the value.
    func mean(_ value: Int) -> Double { unsafe knownUserCount == 0 ? 0 : totals[value] / Double(knownUserCount) }
}
