/// What changes of a user.
package struct UserChange: Sendable, Equatable {
    package var userId: String
    /// In the order sent; nil removes the property.
    package var properties: [ItemChange.Property] = []

    package init(userId: String) { self.userId = userId }

    package func check() throws(RefusedElement) {
        try ElementRules.identifier(userId, "userId")
        try ElementRules.properties(properties.map { ($0.name, $0.value) })
    }
}

/// A user's own properties.
package struct LiveUser: Sendable, Equatable {
    package var userId: String
    package var sequence: UInt64 = 0
    package var changedTime: Int64 = 0
    /// Ascending by the bytes of their names.
    package var properties: [ItemChange.Property] = []

    package init(userId: String) { self.userId = userId }

    mutating func apply(_ changes: [ItemChange.Property]) {
        var byName: [String: ItemChange.Property] = [:]
        for property in properties + changes { byName[property.name] = property }
        properties = byName.values.filter { $0.value != nil }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    // Layout 1: sequence u64 | changed time u64 | properties
    private static let layout: UInt8 = 1

    func row() -> [UInt8] {
        var row = RowWriter(layout: Self.layout, capacity: 256)
        row.fixed(sequence)
        row.time(changedTime)
        row.properties(properties)
        return row.finished()
    }

    init(_ bytes: UnsafeRawBufferPointer, userId: String) throws(DamagedRow) {
        var row = unsafe try RowReader(bytes, layouts: Self.layout...Self.layout)
        self.userId = userId
        sequence = try row.fixed()
        changedTime = try row.time()
        properties = try row.properties()
        try row.finish()
    }
}

/// That a visitor turned out to be a known user.
package struct UserMerge: Sendable, Equatable {
    package var from: String
    package var into: String
    package var sequence: UInt64
    package var time: Int64

    // Layout 1: sequence u64 | time u64 | the user that it leads to
    private static let layout: UInt8 = 1

    package init(from: String, into: String, sequence: UInt64, time: Int64) {
        self.from = from
        self.into = into
        self.sequence = sequence
        self.time = time
    }

    func row() -> [UInt8] {
        var row = RowWriter(layout: Self.layout)
        row.fixed(sequence)
        row.time(time)
        row.text(into)
        return row.finished()
    }

    init(_ bytes: UnsafeRawBufferPointer, from: String) throws(DamagedRow) {
        var row = unsafe try RowReader(bytes, layouts: Self.layout...Self.layout)
        self.from = from
        sequence = try row.fixed()
        time = try row.time()
        into = try row.text()
        try row.finish()
    }
}

/// That a person asked to be forgotten: all that arrived before is gone, and stays away. Only the id is kept, to know whom.
package struct Erasure: Sendable, Equatable {
    package var userId: String
    package var sequence: UInt64
    package var time: Int64
    /// Of the receipt that was given.
    package var receiptId: String
    package var receiptChecksum: String

    package init(userId: String, sequence: UInt64, time: Int64, receiptId: String, receiptChecksum: String) {
        self.userId = userId
        self.sequence = sequence
        self.time = time
        self.receiptId = receiptId
        self.receiptChecksum = receiptChecksum
    }

    // Layout 1: sequence u64 | time u64 | receipt's id | its checksum
    private static let layout: UInt8 = 1

    func row() -> [UInt8] {
        var row = RowWriter(layout: Self.layout)
        row.fixed(sequence)
        row.time(time)
        row.text(receiptId)
        row.text(receiptChecksum)
        return row.finished()
    }

    init(_ bytes: UnsafeRawBufferPointer, userId: String) throws(DamagedRow) {
        var row = unsafe try RowReader(bytes, layouts: Self.layout...Self.layout)
        self.userId = userId
        sequence = try row.fixed()
        time = try row.time()
        receiptId = try row.text()
        receiptChecksum = try row.text()
        try row.finish()
    }
}
