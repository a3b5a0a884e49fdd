package import Interactions

/// A property's value in place: its bytes are lent to a closure and are the index's.
@safe package enum LentPropertyValue {
    case string(UnsafeBufferPointer<UInt8>)
    case strings(LentStrings)
    case number(Double)
    case boolean(Bool)
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case time(Int64)
}

/// A list of strings in place.
@safe package struct LentStrings {
    package let count: Int
    let bytes: UnsafeRawBufferPointer

    /// Ends early where the list is damaged.
    package func forEach(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var offset = 0
        for _ in 0..<count {
            guard unsafe offset + 4 <= bytes.count else { return }
            let length = unsafe Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            offset += 4
            guard unsafe length <= bytes.count - offset else { return }
            unsafe body(UnsafeBufferPointer(rebasing: bytes.bindMemory(to: UInt8.self)[offset..<offset + length]))
            offset += length
        }
    }
}

/// The properties of all items inside an open index. Records are read with bounds checks: where one is damaged, which
/// `verify` would have told, the visit ends early.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct PropertyTable: @unchecked Sendable {
    package let itemCount: Int
    /// Every name that some item has, in order of first appearance.
    package let names: [String]
    private let blocks: [RaggedBlock]
    private let firstRows: [Int]

    init(_ reader: SectionReader, itemCount: Int) throws(IndexError) {
        let nameTable = try StringTable(
            reader, offsets: .propertyNameOffsets, bytes: .propertyNameBytes,
            count: reader.rowCount(of: .propertyNameOffsets))
        guard nameTable.count <= IndexFormat.maximumPropertyNameCount else {
            throw reader.damaged(
                .propertyNameOffsets, expected: "at most \(IndexFormat.maximumPropertyNameCount) names",
                found: "\(nameTable.count)")
        }
        names = (0..<nameTable.count).map { nameTable.string(at: $0) }
        blocks = try reader.raggedBlocks(.propertyOffsets, [.propertyRecords], rowCount: itemCount)
        firstRows = blocks.map(\.firstRow)
        self.itemCount = itemCount
    }

    package func nameIndex(of name: String) -> Int? { names.firstIndex(of: name) }

    /// Lends every property of an item in its order; the closure gets the index of its name in `names`.
    ///
    /// - Returns: False where the record is damaged.
    @discardableResult
    package func forEachProperty(
        ofItem item: Int, _ body: (_ nameIndex: Int, _ value: LentPropertyValue) -> Void
    ) -> Bool {
        unsafe PropertyEntry.forEach(of: record(ofItem: item), nameCount: names.count, body)
    }

    /// Lends one property; nil where the item does not have it. Other values are stepped over, not read.
    package func withProperty<Result>(
        ofItem item: Int, nameIndex: Int, _ body: (LentPropertyValue) -> Result
    ) -> Result? {
        let record = unsafe record(ofItem: item)
        var offset = 0
        while let entry = unsafe PropertyEntry(record, at: offset) {
            if entry.nameIndex == nameIndex { return entry.value.map { body($0) } }
            offset = entry.end
        }
        return nil
    }

    package func properties(ofItem item: Int) -> [Item.Property] {
        var properties: [Item.Property] = []
        forEachProperty(ofItem: item) { nameIndex, value in
            properties.append(Item.Property(names[nameIndex], PropertyValue(copying: value)))
        }
        return properties
    }

    private func record(ofItem item: Int) -> UnsafeRawBufferPointer {
        precondition(item >= 0 && item < itemCount)
        let block = blocks[blockNumber(ofRow: item, in: firstRows)]
        let range = block.range(ofRow: item - block.firstRow)
        return unsafe UnsafeRawBufferPointer(rebasing: block.components[0].payload[range])
    }
}
