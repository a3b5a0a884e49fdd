package import Interactions

// A property has one type for all items: the one that most of its values have, the first in the order of `FilterType` where two
// are as many. Strings beside lists of strings are lists of one. Values of another type are missing.

extension PropertyColumns {
    /// The columns of items in memory. O(values).
    /// - Parameters:
    ///   - ids: one an item, as the property `id`; nil: without that.
    ///   - types: what the properties' types are already known to be; others are found out.
    package init(items: [[Item.Property]], ids: [String]?, types known: [String: FilterType] = [:]) {
        var types = Self.types(of: items)
        for (name, type) in known { types[name] = type }
        types[FilterSchema.idName] = nil
        var builders = types.mapValues { ColumnBuilder($0, itemCount: items.count) }
        for (item, properties) in items.enumerated() {
            for property in properties { builders[property.name]?.set(item, property.value) }
        }
        var columns = builders.mapValues { builder in builder.column() }
        if let ids {
            var builder = ColumnBuilder(.string, itemCount: items.count)
            for (item, id) in ids.enumerated() { builder.set(item, .string(id)) }
            columns[FilterSchema.idName] = builder.column()
        }
        self.init(itemCount: items.count, columns)
    }

    package static func types(of items: [[Item.Property]]) -> [String: FilterType] {
        var counts: [String: [Int]] = [:]
        for properties in items {
            for property in properties {
                counts[property.name, default: Array(repeating: 0, count: FilterType.allCases.count)][
                    Int(property.value.filterType.rawValue) - 1] += 1
            }
        }
        return counts.mapValues { type(counts: $0) }
    }

    /// - Parameter counts: of values, in the order of `FilterType`.
    package static func type(counts: [Int]) -> FilterType {
        var counts = counts
        let (string, strings) = (Int(FilterType.string.rawValue) - 1, Int(FilterType.strings.rawValue) - 1)
        if counts[strings] > 0 {
            counts[strings] += counts[string]
            counts[string] = 0
        }
        let most = counts.max() ?? 0
        return FilterType.allCases.first { counts[Int($0.rawValue) - 1] == most } ?? .string
    }
}

extension PropertyValue {
    package var filterType: FilterType {
        switch self {
        case .string: .string
        case .strings: .strings
        case .number: .number
        case .boolean: .boolean
        case .time: .time
        }
    }
}

extension ColumnBuilder {
    fileprivate mutating func set(_ item: Int, _ value: PropertyValue) {
        switch value {
        case .string(let text): unsafe Self.withBytes(of: text) { unsafe setText(item, $0) }
        case .strings(let texts): for text in texts { unsafe Self.withBytes(of: text) { unsafe addText(item, $0) } }
        case .number(let number): setNumber(item, number)
        case .boolean(let boolean): setBoolean(item, boolean)
        case .time(let time): setTime(item, milliseconds: time)
        }
    }

    private static func withBytes(of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var text = text
        text.withUTF8 { bytes in unsafe body(bytes) }
    }
}
