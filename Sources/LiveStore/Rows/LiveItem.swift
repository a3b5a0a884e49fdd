package import Interactions

/// What is asked to become of one member.
package enum MemberChange<Value: Sendable & Equatable>: Sendable, Equatable {
    case keep
    case remove
    case set(Value)

    func applied(to value: Value?) -> Value? {
        switch self {
        case .keep: value
        case .remove: nil
        case .set(let value): value
        }
    }
}

/// What changes of an item: the members that are named, and no others.
package struct ItemChange: Sendable, Equatable {
    package var itemId: String
    /// In the order sent; nil removes the property.
    package var properties: [Property] = []
    package var text = MemberChange<String>.keep
    package var vector = MemberChange<[Float]>.keep
    package var isHidden = MemberChange<Bool>.keep
    package var availableFrom = MemberChange<Int64>.keep
    package var availableUntil = MemberChange<Int64>.keep
    package var stock = MemberChange<Double>.keep

    package struct Property: Sendable, Equatable {
        package var name: String
        package var value: PropertyValue?

        package init(_ name: String, _ value: PropertyValue?) {
            self.name = name
            self.value = value
        }
    }

    package init(itemId: String) { self.itemId = itemId }

    package func check() throws(RefusedElement) {
        try ElementRules.identifier(itemId, "itemId")
        try ElementRules.properties(properties.map { ($0.name, $0.value) })
        if case .set(let text) = text { try ElementRules.text(text, "text", maximumBytes: LiveLimits.textBytes) }
        if case .set(let vector) = vector {
            guard (1...LiveLimits.vectorDimensions).contains(vector.count), vector.allSatisfy(\.isFinite) else {
                throw RefusedElement(
                    "vector", "A vector has 1 to \(LiveLimits.vectorDimensions) numbers, none of them infinite.")
            }
        }
        if case .set(let time) = availableFrom { try ElementRules.time(time, "availableFrom") }
        if case .set(let time) = availableUntil { try ElementRules.time(time, "availableUntil") }
        if case .set(let stock) = stock { try ElementRules.number(stock, "stock") }
    }
}

/// What the live store knows of an item: where the index has it too, only what differs from it.
package struct LiveItem: Sendable, Equatable {
    package var itemId: String
    /// Of its last change.
    package var sequence: UInt64 = 0
    package var changedTime: Int64 = 0
    /// Ascending by the bytes of their names; nil: the index's own property of this name is gone.
    package var properties: [ItemChange.Property] = []
    package var text: String?
    package var vector: [Float]?
    package var isHidden = false
    package var availableFrom: Int64?
    package var availableUntil: Int64?
    package var stock: Double?
    /// Gone, also where the index still has it.
    package var isDeleted = false

    package init(itemId: String) { self.itemId = itemId }

    /// - Parameter time: milliseconds since 1970.
    package func isAvailable(at time: Int64) -> Bool {
        !isDeleted && !isHidden && (availableFrom ?? .min) <= time && time < (availableUntil ?? .max)
            && (stock ?? 1) > 0
    }

    /// A deleted item that comes back begins anew.
    mutating func apply(_ change: ItemChange) {
        if isDeleted { self = LiveItem(itemId: itemId) }
        var byName: [String: PropertyValue?] = [:]
        for property in properties { byName[property.name] = .some(property.value) }
        for property in change.properties { byName[property.name] = .some(property.value) }
        properties = byName.map { ItemChange.Property($0.key, $0.value) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        text = change.text.applied(to: text)
        vector = change.vector.applied(to: vector)
        isHidden = change.isHidden.applied(to: isHidden) ?? false
        availableFrom = change.availableFrom.applied(to: availableFrom)
        availableUntil = change.availableUntil.applied(to: availableUntil)
        stock = change.stock.applied(to: stock)
    }
}

// The row of an item, layout 1:
//
//     flags u8 | sequence u64 | changed time u64 | properties | those of the flags, in their order
//     flags: 1 deleted, 2 hidden, 4 text, 8 vector, 16 available from, 32 available until, 64 stock
extension LiveItem {
    private static let layout: UInt8 = 1

    func row() -> [UInt8] {
        var flags: UInt8 = isDeleted ? 1 : 0
        if isHidden { flags |= 2 }
        if text != nil { flags |= 4 }
        if vector != nil { flags |= 8 }
        if availableFrom != nil { flags |= 16 }
        if availableUntil != nil { flags |= 32 }
        if stock != nil { flags |= 64 }
        var row = RowWriter(layout: Self.layout, capacity: 512)
        row.byte(flags)
        row.fixed(sequence)
        row.time(changedTime)
        row.properties(properties)
        if let text { row.text(text) }
        if let vector { row.floats(vector) }
        if let availableFrom { row.time(availableFrom) }
        if let availableUntil { row.time(availableUntil) }
        if let stock { row.number(stock) }
        return row.finished()
    }

    init(_ bytes: UnsafeRawBufferPointer, itemId: String) throws(DamagedRow) {
        var row = unsafe try RowReader(bytes, layouts: Self.layout...Self.layout)
        let flags = try row.byte()
        self.itemId = itemId
        sequence = try row.fixed()
        changedTime = try row.time()
        properties = try row.properties()
        isDeleted = flags & 1 != 0
        isHidden = flags & 2 != 0
        if flags & 4 != 0 { text = try row.text() }
        if flags & 8 != 0 { vector = try row.floats() }
        if flags & 16 != 0 { availableFrom = try row.time() }
        if flags & 32 != 0 { availableUntil = try row.time() }
        if flags & 64 != 0 { stock = try row.number() }
        try row.finish()
    }
}
