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
    fileprivate let bytes: UnsafeRawBufferPointer

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
        let record = unsafe record(ofItem: item)
        var offset = 0
        while offset < record.count {
            guard let entry = unsafe Entry(record, at: offset), entry.nameIndex < names.count,
                let value = entry.value
            else { return false }
            body(entry.nameIndex, value)
            offset = entry.end
        }
        return true
    }

    /// Lends one property; nil where the item does not have it. Other values are stepped over, not read.
    package func withProperty<Result>(
        ofItem item: Int, nameIndex: Int, _ body: (LentPropertyValue) -> Result
    ) -> Result? {
        let record = unsafe record(ofItem: item)
        var offset = 0
        while let entry = unsafe Entry(record, at: offset) {
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

/// One entry of a record: see PropertyRecords.swift for its bytes.
@safe private struct Entry {
    let nameIndex: Int
    let end: Int
    private let type: UInt8
    private let payload: UnsafeRawBufferPointer

    /// Nil where the record ends before the entry does.
    init?(_ record: UnsafeRawBufferPointer, at offset: Int) {
        let start = offset + PropertyRecords.entryHeaderByteCount
        guard start <= record.count else { return nil }
        let length = unsafe Int(record.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
        guard length <= record.count - start else { return nil }
        nameIndex = unsafe Int(record.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
        type = unsafe record[offset + 2]
        unsafe payload = UnsafeRawBufferPointer(rebasing: record[start..<start + length])
        end = start + length
    }

    /// Nil where the type is unknown or the payload has another length than the type demands.
    var value: LentPropertyValue? {
        switch PropertyType(rawValue: type) {
        case .string: return unsafe .string(payload.bindMemory(to: UInt8.self))
        case .strings:
            guard unsafe payload.count >= 4 else { return nil }
            let count = unsafe Int(payload.loadUnaligned(as: UInt32.self))
            let rest = unsafe UnsafeRawBufferPointer(rebasing: payload[4...])
            guard count <= rest.count / 4 else { return nil }
            return unsafe .strings(LentStrings(count: count, bytes: rest))
        case .number:
            guard unsafe payload.count == 8 else { return nil }
            return unsafe .number(Double(bitPattern: payload.loadUnaligned(as: UInt64.self)))
        case .boolean:
            guard unsafe payload.count == 1, unsafe payload[0] <= 1 else { return nil }
            return unsafe .boolean(payload[0] == 1)
        case .time:
            guard unsafe payload.count == 8 else { return nil }
            return unsafe .time(payload.loadUnaligned(as: Int64.self))
        case nil: return nil
        }
    }
}

extension PropertyValue {
    init(copying value: LentPropertyValue) {
        switch value {
        case .string(let bytes): self = unsafe .string(String(decoding: bytes, as: UTF8.self))
        case .strings(let list):
            var texts: [String] = []
            unsafe list.forEach { bytes in unsafe texts.append(String(decoding: bytes, as: UTF8.self)) }
            self = .strings(texts)
        case .number(let number): self = .number(number)
        case .boolean(let boolean): self = .boolean(boolean)
        case .time(let time): self = .time(time)
        }
    }
}
