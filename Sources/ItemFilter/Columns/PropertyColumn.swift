/// Strings, each once; a string's code is its place.
package protocol TextDictionary: Sendable {
    var count: Int { get }
    /// Of all strings together.
    var byteCount: Int { get }
    /// Lent while the dictionary lives.
    func bytes(at code: Int) -> UnsafeBufferPointer<UInt8>
    func code(of text: UnsafeBufferPointer<UInt8>) -> Int?
    /// Lends the strings of some codes, ascending.
    func forEach(_ codes: Range<Int>, _ body: (_ code: Int, _ text: UnsafeBufferPointer<UInt8>) -> Void)
}

extension TextDictionary {
    package func forEach(_ codes: Range<Int>, _ body: (_ code: Int, _ text: UnsafeBufferPointer<UInt8>) -> Void) {
        for code in codes { unsafe body(code, bytes(at: code)) }
    }

    func code(of text: [UInt8]) -> Int? { unsafe text.withUnsafeBufferPointer { unsafe code(of: $0) } }
}

/// A string an item.
package struct TextColumn: Sendable {
    package static let missing = UInt32.max

    /// Per item, below the dictionary's count, or `missing`.
    package let codes: ColumnValues<UInt32>
    package let dictionary: any TextDictionary

    package init(codes: ColumnValues<UInt32>, dictionary: any TextDictionary) {
        self.codes = codes
        self.dictionary = dictionary
    }
}

/// A list of strings an item; an empty one is a missing one.
package struct TextListColumn: Sendable {
    /// Item count + 1, ascending, places in `codes`.
    package let offsets: ColumnValues<UInt32>
    package let codes: ColumnValues<UInt32>
    package let dictionary: any TextDictionary

    package init(offsets: ColumnValues<UInt32>, codes: ColumnValues<UInt32>, dictionary: any TextDictionary) {
        self.offsets = offsets
        self.codes = codes
        self.dictionary = dictionary
    }
}

/// The values that all items have of one property.
package enum PropertyColumn: Sendable {
    /// NaN is missing. Times too: milliseconds.
    case numbers(ColumnValues<Double>, isTime: Bool)
    /// See `Truth`.
    case booleans(ColumnValues<UInt8>)
    case texts(TextColumn)
    case textLists(TextListColumn)

    package var type: FilterType {
        switch self {
        case .numbers(_, let isTime): isTime ? .time : .number
        case .booleans: .boolean
        case .texts: .string
        case .textLists: .strings
        }
    }
}

/// What a condition is of one item: `and` is the least of its parts, `or` the greatest.
package enum Truth {
    package static let no: UInt8 = 0
    package static let unknown: UInt8 = 1
    package static let yes: UInt8 = 2
}

/// The properties of all items, by name, ready to be looked at one property at a time.
package struct PropertyColumns: Sendable {
    package let itemCount: Int
    private let columns: [String: PropertyColumn]

    /// - Parameter columns: with one value an item each; of the items' ids too, as `FilterSchema.idName`.
    package init(itemCount: Int, _ columns: [String: PropertyColumn]) {
        self.itemCount = itemCount
        self.columns = columns
    }

    package subscript(name: String) -> PropertyColumn? { columns[name] }

    package var types: [String: FilterType] { columns.mapValues(\.type) }
}
