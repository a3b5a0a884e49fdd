internal import Interactions

// The properties of an item are one record, the entries one after another without alignment:
//
//     name index u16 | type u8 | zero u8 | payload byte count u32 | payload
//
//     1 string   its UTF-8 bytes             3 number   Double
//     2 strings  count u32, then for each:   4 boolean  u8, 0 or 1
//                byte count u32, bytes       5 time     Int64, milliseconds since 1970
//
// The names are stored once, in order of first appearance.

enum PropertyType: UInt8 {
    case string = 1
    case strings, number, boolean, time
}

/// The records of all items, and the offsets at which they begin.
struct PropertyRecords {
    private(set) var names: [String] = []
    private(set) var offsets: [Int] = [0]
    private(set) var bytes: [UInt8] = []
    private var indexes: [String: Int] = [:]

    static let entryHeaderByteCount = 8

    init(_ items: [[Item.Property]]) {
        offsets.reserveCapacity(items.count + 1)
        for properties in items {
            for property in properties { append(property) }
            offsets.append(bytes.count)
        }
    }

    private mutating func append(_ property: Item.Property) {
        let index = index(ofName: property.name)
        appendNumber(UInt16(truncatingIfNeeded: index))
        let start = bytes.count
        bytes += [0, 0, 0, 0, 0, 0]
        let type = appendPayload(property.value)
        bytes[start] = type.rawValue
        let payloadByteCount = UInt32(truncatingIfNeeded: bytes.count - start - 6)
        for byte in 0..<4 {
            bytes[start + 2 + byte] = UInt8(truncatingIfNeeded: payloadByteCount >> (8 * UInt32(byte)))
        }
    }

    private mutating func appendPayload(_ value: PropertyValue) -> PropertyType {
        switch value {
        case .string(let text):
            bytes += text.utf8
            return .string
        case .strings(let texts):
            appendNumber(UInt32(truncatingIfNeeded: texts.count))
            for text in texts {
                appendNumber(UInt32(truncatingIfNeeded: text.utf8.count))
                bytes += text.utf8
            }
            return .strings
        case .number(let number):
            appendNumber(number.bitPattern)
            return .number
        case .boolean(let boolean):
            bytes.append(boolean ? 1 : 0)
            return .boolean
        case .time(let time):
            appendNumber(UInt64(bitPattern: time))
            return .time
        }
    }

    private mutating func appendNumber<Number: FixedWidthInteger>(_ number: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    private mutating func index(ofName name: String) -> Int {
        if let index = indexes[name] { return index }
        indexes[name] = names.count
        names.append(name)
        return names.count - 1
    }
}
