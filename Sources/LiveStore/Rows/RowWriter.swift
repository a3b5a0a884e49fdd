internal import KeyValueStore

// Design note. A row of the live store:
//
//     checksum u32 | layout u8 | fields
//
// The checksum is the lower half of the 64-bit xxHash of all that follows it. Fields are little-endian: numbers of fixed width,
// whole numbers that are usually small as LEB128 (seven bits a byte, the lowest first), texts as their byte count (LEB128) and
// UTF-8. What may be absent has a bit in a first number of flags. Each kind of row says which fields it has; a later layout gets
// another number, and a program that does not know it refuses the row.

/// Composes one row.
struct RowWriter {
    static let checksumByteCount = 4
    private(set) var bytes: [UInt8]

    init(layout: UInt8, capacity: Int = 96) {
        bytes = []
        bytes.reserveCapacity(capacity)
        bytes.append(contentsOf: [0, 0, 0, 0, layout])
    }

    /// The row, with its checksum in place.
    consuming func finished() -> [UInt8] {
        let sum = RowChecksum.of(bytes.span.extracting(droppingFirst: Self.checksumByteCount))
        for place in 0..<Self.checksumByteCount { bytes[place] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(place))) }
        return bytes
    }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func fixed(_ value: UInt64) {
        for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(place)))) }
    }

    mutating func time(_ milliseconds: Int64) { fixed(UInt64(bitPattern: milliseconds)) }

    mutating func number(_ value: Double) { fixed(value.bitPattern) }

    mutating func whole(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func count(_ value: Int) { whole(UInt64(value)) }

    mutating func text(_ value: String) {
        count(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    mutating func raw(_ value: [UInt8]) {
        count(value.count)
        bytes.append(contentsOf: value)
    }

    mutating func floats(_ values: [Float]) {
        count(values.count)
        for value in values {
            let pattern = value.bitPattern
            for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: pattern >> (8 * UInt32(place)))) }
        }
    }
}

enum RowChecksum {
    static func of(_ bytes: Span<UInt8>) -> UInt32 {
        unsafe bytes.withUnsafeBytes { bytes in UInt32(truncatingIfNeeded: unsafe Checksum.of(bytes)) }
    }
}
