package import Interactions

// A property has one type for all items: the one that most of its values have, the first in the order of `FilterType` where two
// are as many. Strings beside lists of strings are lists of one. Values of another type are missing.

extension PropertyColumns {
    /// The columns of items in memory. O(values), and the sorting of distinct strings.
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
        var columns = builders.mapValues { $0.column() }
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

/// Collects one property's values, item by item.
private struct ColumnBuilder {
    private let type: FilterType
    private let itemCount: Int
    private var numbers: [Double] = []
    private var truths: [UInt8] = []
    /// Per item, numbers of strings in order of first appearance.
    private var lists: [[UInt32]] = []
    private var strings: [[UInt8]] = []
    /// By bytes: strings that Swift holds to be equal may have others.
    private var known: [[UInt8]: UInt32] = [:]

    init(_ type: FilterType, itemCount: Int) {
        self.type = type
        self.itemCount = itemCount
        switch type {
        case .number, .time: numbers = Array(repeating: .nan, count: itemCount)
        case .boolean: truths = Array(repeating: Truth.unknown, count: itemCount)
        case .string, .strings: lists = Array(repeating: [], count: itemCount)
        }
    }

    mutating func set(_ item: Int, _ value: PropertyValue) {
        switch (type, value) {
        case (.number, .number(let number)) where number.isFinite: numbers[item] = number
        case (.time, .time(let time)): numbers[item] = Double(time)
        case (.boolean, .boolean(let boolean)): truths[item] = boolean ? Truth.yes : Truth.no
        case (.string, .string(let text)), (.strings, .string(let text)): lists[item] = [number(of: text)]
        case (.strings, .strings(let texts)): lists[item] = texts.map { number(of: $0) }
        default: break
        }
    }

    private mutating func number(of text: String) -> UInt32 {
        let bytes = Array(text.utf8)
        if let number = known[bytes] { return number }
        let number = UInt32(strings.count)
        strings.append(bytes)
        known[bytes] = number
        return number
    }

    func column() -> PropertyColumn {
        switch type {
        case .number, .time: return .numbers(ColumnValues(numbers), isTime: type == .time)
        case .boolean: return .booleans(ColumnValues(truths))
        case .string, .strings: break
        }
        let order = strings.indices.sorted { strings[$0].lexicographicallyPrecedes(strings[$1]) }
        var codes = [UInt32](repeating: 0, count: strings.count)
        for (code, number) in order.enumerated() { codes[number] = UInt32(code) }
        let dictionary = OwnedDictionary(order.map { strings[$0] })
        if type == .string {
            let found = lists.map { $0.first.map { codes[Int($0)] } ?? TextColumn.missing }
            return .texts(TextColumn(codes: ColumnValues(found), dictionary: dictionary))
        }
        var offsets: [UInt32] = [0]
        var found: [UInt32] = []
        for list in lists {
            found += list.map { codes[Int($0)] }
            offsets.append(UInt32(found.count))
        }
        return .textLists(
            TextListColumn(offsets: ColumnValues(offsets), codes: ColumnValues(found), dictionary: dictionary))
    }
}
