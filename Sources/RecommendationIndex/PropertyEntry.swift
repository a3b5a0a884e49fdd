package import Interactions

/// One entry of a record: see PropertyRecords.swift for its bytes.
@safe struct PropertyEntry {
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

    /// Lends every property of a record in its order, until one is damaged.
    ///
    /// - Returns: False where one is.
    static func forEach(
        of record: UnsafeRawBufferPointer, nameCount: Int,
        _ body: (_ nameIndex: Int, _ value: LentPropertyValue) -> Void
    ) -> Bool {
        var offset = 0
        while offset < record.count {
            guard let entry = unsafe PropertyEntry(record, at: offset), entry.nameIndex < nameCount,
                let value = entry.value
            else { return false }
            body(entry.nameIndex, value)
            offset = entry.end
        }
        return true
    }

    /// Nil where the type is unknown or the payload has another length than the type demands.
    var value: LentPropertyValue? {
        switch PropertyTag(rawValue: type) {
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

/// The properties of one item in memory of its own, in the bytes of an index.
package struct PropertyRecord: Sendable {
    private let bytes: [UInt8]
    /// Those of `names` when the record was made.
    private let nameCount: Int

    /// - Parameter names: takes in those that it lacks.
    package init(_ properties: [Item.Property], _ names: inout PropertyNames) {
        var bytes: [UInt8] = []
        for property in properties { PropertyRecords.append(property, to: &bytes, &names) }
        self.bytes = bytes
        nameCount = names.names.count
    }

    /// Lends every property in its order; the closure gets the index of its name.
    package func forEachProperty(_ body: (_ nameIndex: Int, _ value: LentPropertyValue) -> Void) {
        unsafe bytes.withUnsafeBytes { record in
            _ = unsafe PropertyEntry.forEach(of: record, nameCount: nameCount, body)
        }
    }
}

extension PropertyValue {
    package init(copying value: LentPropertyValue) {
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
