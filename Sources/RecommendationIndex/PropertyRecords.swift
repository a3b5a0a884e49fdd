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

enum PropertyTag: UInt8 {
    case string = 1
    case strings, number, boolean, time
}

/// Names of properties, each with a number.
package struct PropertyNames: Sendable {
    /// In order of first appearance.
    package private(set) var names: [String] = []
    private var indexes: [String: Int] = [:]

    /// - Parameter names: different ones.
    package init(_ names: [String] = []) {
        for name in names { _ = index(of: name) }
    }

    mutating func index(of name: String) -> Int {
        if let index = indexes[name] { return index }
        indexes[name] = names.count
        names.append(name)
        return names.count - 1
    }
}

/// The records of all items, and the offsets at which they begin.
struct PropertyRecords {
    private(set) var offsets: [Int] = [0]
    private(set) var bytes: [UInt8] = []
    private var table = PropertyNames()

    var names: [String] { table.names }

    static let entryHeaderByteCount = 8

    init(_ items: [[Item.Property]]) {
        offsets.reserveCapacity(items.count + 1)
        for properties in items {
            for property in properties { Self.append(property, to: &bytes, &table) }
            offsets.append(bytes.count)
        }
    }

    static func append(_ property: Item.Property, to bytes: inout [UInt8], _ names: inout PropertyNames) {
        appendNumber(UInt16(truncatingIfNeeded: names.index(of: property.name)), to: &bytes)
        let start = bytes.count
        bytes += [0, 0, 0, 0, 0, 0]
        let type = appendPayload(property.value, to: &bytes)
        bytes[start] = type.rawValue
        let payloadByteCount = UInt32(truncatingIfNeeded: bytes.count - start - 6)
        for byte in 0..<4 {
            bytes[start + 2 + byte] = UInt8(truncatingIfNeeded: payloadByteCount >> (8 * UInt32(byte)))
        }
    }

    private static func appendPayload(_ value: PropertyValue, to bytes: inout [UInt8]) -> PropertyTag {
        switch value {
        case .string(let text):
            bytes += text.utf8
            return .string
        case .strings(let texts):
            appendNumber(UInt32(truncatingIfNeeded: texts.count), to: &bytes)
            for text in texts {
                appendNumber(UInt32(truncatingIfNeeded: text.utf8.count), to: &bytes)
                bytes += text.utf8
            }
            return .strings
        case .number(let number):
            appendNumber(number.bitPattern, to: &bytes)
            return .number
        case .boolean(let boolean):
            bytes.append(boolean ? 1 : 0)
            return .boolean
        case .time(let time):
            appendNumber(UInt64(bitPattern: time), to: &bytes)
            return .time
        }
    }

    private static func appendNumber<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }
}
