package import ItemFilter
package import RecommendationIndex

extension PropertyColumns {
    /// The columns of an index's items, numbered as the index numbers them. Two passes over all properties: decision 0050 has what
    /// they take.
    package init(_ index: RecommendationIndex) {
        let table = index.properties
        var counts = [[Int]](
            repeating: Array(repeating: 0, count: FilterType.allCases.count), count: table.names.count)
        for item in 0..<index.itemCount {
            table.forEachProperty(ofItem: item) { name, value in counts[name][Int(value.filterType.rawValue) - 1] += 1 }
        }
        var builders = counts.map { ColumnBuilder(Self.type(counts: $0), itemCount: index.itemCount) }
        for item in 0..<index.itemCount {
            table.forEachProperty(ofItem: item) { name, value in builders[name].set(item, value) }
        }
        var columns: [String: PropertyColumn] = [:]
        for (name, builder) in zip(table.names, builders) { columns[name] = builder.column() }
        columns[FilterSchema.idName] = .texts(
            TextColumn(
                codes: unsafe ColumnValues(lent: index.items.ranks, owner: index),
                dictionary: ItemIdDictionary(index: index)))
        self.init(itemCount: index.itemCount, columns)
    }
}

/// The ids of an index's items: a code is an id's rank.
private struct ItemIdDictionary: TextDictionary {
    let index: RecommendationIndex

    var count: Int { index.itemCount }

    var byteCount: Int { index.items.ids.byteCount }

    func bytes(at code: Int) -> UnsafeBufferPointer<UInt8> { unsafe index.items.ids.bytes(at: code) }

    func code(of text: UnsafeBufferPointer<UInt8>) -> Int? { unsafe index.items.ids.index(of: text) }
}

extension LentPropertyValue {
    fileprivate var filterType: FilterType {
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
    fileprivate mutating func set(_ item: Int, _ value: LentPropertyValue) {
        switch value {
        case .string(let text): unsafe setText(item, text)
        case .number(let number): setNumber(item, number)
        case .boolean(let boolean): setBoolean(item, boolean)
        case .time(let time): setTime(item, milliseconds: time)
        case .strings(let list): unsafe list.forEach { text in unsafe addText(item, text) }
        }
    }
}
