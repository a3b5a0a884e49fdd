/// The values of items' properties, counted.
///
/// Every different (item, column, kind, value) is one entry of an `IdentifierTable`, so that counting a value is one
/// look-up, and the first seen has the smallest index:
///
///     key    item: 4 bytes   column: 2 bytes   kind: 1 byte   the value's bytes
struct ItemValues {
    private static let keyPrefixByteCount = 7

    private(set) var ids = IdentifierTable()
    private var values = IdentifierTable()
    private var counts: [Int32] = []
    private var key: [UInt8] = []

    /// The item of that id, new or old.
    mutating func item(_ id: Span<UInt8>) -> Int32 { ids.intern(id) }

    /// Counts a value, unless it is empty or a JSON object.
    mutating func count(_ value: Span<UInt8>, kind: RecordField.Kind, item: Int32, column: Int) {
        guard !value.isEmpty, kind != .absent, kind != .object else { return }
        key.removeAll(keepingCapacity: true)
        for shift in stride(from: 0, to: 32, by: 8) { key.append(UInt8(truncatingIfNeeded: item >> Int32(shift))) }
        key.append(UInt8(truncatingIfNeeded: column))
        key.append(UInt8(truncatingIfNeeded: column >> 8))
        key.append(kind.rawValue)
        for position in value.indices { key.append(value[position]) }
        let index = Int(values.intern(key[...]))
        if index == counts.count { counts.append(0) }
        counts[index] &+= 1
    }

    /// The items in the order of their first rows, with the winning value of each property. Unless `isTyped` all are
    /// strings.
    func items(
        _ properties: [ItemColumns.Property], lists: [Int], isTyped: Bool, _ options: SourceOptions
    ) -> [Item] {
        let (winners, numbers) = (winners(properties), options.numbers)
        let types = properties.indices.map { index -> PropertyType in
            if !isTyped { return .string }
            if lists.contains(properties[index].column) { return .strings }
            switch options.propertyTypes[properties[index].name] {
            case .number: return .number
            case .text: return .string
            case nil: return candidates(of: winners, at: index, of: properties.count, numbers).type
            }
        }
        return (0..<ids.count).map { item in
            var result = Item(id: ids.id(at: item))
            for (index, property) in properties.enumerated() {
                let winner = winners[item * properties.count + index]
                guard winner >= 0 else { continue }
                let bytes = values.bytes(at: Int(winner))
                let value = types[index].value(
                    of: bytes.dropFirst(Self.keyPrefixByteCount), kind: Self.kind(ofKey: bytes), numbers)
                if let value { result.properties.append(Item.Property(property.name, value)) }
            }
            return result
        }
    }

    /// `[item x property]`: the index of the value that occurs most often, the first among equals; -1 where there is none.
    private func winners(_ properties: [ItemColumns.Property]) -> [Int32] {
        var winners = [Int32](repeating: -1, count: ids.count * properties.count)
        var positions: [Int: [Int]] = [:]
        for (index, property) in properties.enumerated() { positions[property.column, default: []].append(index) }
        for value in 0..<values.count {
            let key = values.bytes(at: value)
            let start = key.startIndex
            let item = (0..<4).reduce(0) { $0 | Int(key[start + $1]) << (8 * $1) }
            let column = Int(key[start + 4]) | Int(key[start + 5]) << 8
            for position in positions[column] ?? [] {
                let cell = item * properties.count + position
                if winners[cell] < 0 || counts[value] > counts[Int(winners[cell])] { winners[cell] = Int32(value) }
            }
        }
        return winners
    }

    /// Of properties that a few values keep from being numbers.
    func warnings(_ properties: [ItemColumns.Property], numbers: NumberForm) -> [String] {
        let winners = winners(properties)
        return properties.indices.compactMap { index in
            candidates(of: winners, at: index, of: properties.count, numbers).warning(properties[index].name)
        }
    }

    private func candidates(
        of winners: [Int32], at index: Int, of propertyCount: Int, _ numbers: NumberForm
    ) -> PropertyType.Candidates {
        var candidates = PropertyType.Candidates(numbers)
        for cell in stride(from: index, to: winners.count, by: propertyCount) where winners[cell] >= 0 {
            let bytes = values.bytes(at: Int(winners[cell]))
            candidates.look(at: bytes.dropFirst(Self.keyPrefixByteCount), kind: Self.kind(ofKey: bytes))
        }
        return candidates
    }

    private static func kind(ofKey key: ArraySlice<UInt8>) -> RecordField.Kind {
        RecordField.Kind(rawValue: key[key.startIndex + keyPrefixByteCount - 1]) ?? .text
    }
}
