/// Collects one property's values, items ascending. A value of another type than the property's is missing.
package struct ColumnBuilder {
    private let type: FilterType
    private let itemCount: Int
    private var numbers: [Double] = []
    private var truths: [UInt8] = []
    private var codes: [UInt32] = []
    private var offsets: [UInt32] = []
    private let texts = TextInterner()

    package init(_ type: FilterType, itemCount: Int) {
        self.type = type
        self.itemCount = itemCount
        switch type {
        case .number, .time: numbers = Array(repeating: .nan, count: itemCount)
        case .boolean: truths = Array(repeating: Truth.unknown, count: itemCount)
        case .string: codes = Array(repeating: TextColumn.missing, count: itemCount)
        case .strings: offsets.reserveCapacity(itemCount + 1)
        }
    }

    package mutating func setNumber(_ item: Int, _ number: Double) {
        if type == .number, number.isFinite { numbers[item] = number }
    }

    package mutating func setTime(_ item: Int, milliseconds: Int64) {
        if type == .time { numbers[item] = Double(milliseconds) }
    }

    package mutating func setBoolean(_ item: Int, _ boolean: Bool) {
        if type == .boolean { truths[item] = boolean ? Truth.yes : Truth.no }
    }

    /// A string beside lists is a list of one.
    package mutating func setText(_ item: Int, _ text: UnsafeBufferPointer<UInt8>) {
        if type == .string { codes[item] = unsafe texts.number(of: text) }
        if type == .strings { unsafe addText(item, text) }
    }

    /// One of a list's strings.
    package mutating func addText(_ item: Int, _ text: UnsafeBufferPointer<UInt8>) {
        guard type == .strings else { return }
        while offsets.count <= item { offsets.append(UInt32(codes.count)) }
        codes.append(unsafe texts.number(of: text))
    }

    package consuming func column() -> PropertyColumn {
        switch type {
        case .number, .time: return .numbers(ColumnValues(numbers), isTime: type == .time)
        case .boolean: return .booleans(ColumnValues(truths))
        case .string: return .texts(TextColumn(codes: ColumnValues(codes), dictionary: texts))
        case .strings:
            while offsets.count <= itemCount { offsets.append(UInt32(codes.count)) }
            return .textLists(
                TextListColumn(offsets: ColumnValues(offsets), codes: ColumnValues(codes), dictionary: texts))
        }
    }
}
