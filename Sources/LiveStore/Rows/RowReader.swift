/// What is wrong with a row that was read: it is told with its table and key, and never trusted.
struct DamagedRow: Error, Equatable {
    let text: String
}

/// Reads one row. Every length is checked before it is used, so that no row can make it trap or read beyond the row. Borrowed: not
/// to outlive the bytes.
@safe
struct RowReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset: Int
    let layout: UInt8

    /// - Parameter layouts: those that the reader of this kind of row knows.
    init(_ bytes: UnsafeRawBufferPointer, layouts: ClosedRange<UInt8>) throws(DamagedRow) {
        unsafe self.bytes = bytes
        offset = RowWriter.checksumByteCount + 1
        guard bytes.count >= offset else { throw DamagedRow(text: "a row of \(bytes.count) bytes") }
        let stored = unsafe UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
        let rest = unsafe Span<UInt8>(
            _unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[RowWriter.checksumByteCount...]))
        guard RowChecksum.of(rest) == stored else { throw DamagedRow(text: "its checksum does not match") }
        layout = unsafe bytes[RowWriter.checksumByteCount]
        guard layouts.contains(layout) else {
            throw DamagedRow(
                text: "expected layout \(layouts.lowerBound) to \(layouts.upperBound), found \(layout)")
        }
    }

    private var restCount: Int { unsafe bytes.count - offset }

    mutating func byte() throws(DamagedRow) -> UInt8 {
        guard restCount >= 1 else { throw DamagedRow(text: "it ends within a field") }
        defer { offset += 1 }
        return unsafe bytes[offset]
    }

    mutating func fixed() throws(DamagedRow) -> UInt64 {
        guard restCount >= 8 else { throw DamagedRow(text: "it ends within a number") }
        defer { offset += 8 }
        return unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    mutating func time() throws(DamagedRow) -> Int64 { Int64(bitPattern: try fixed()) }

    mutating func number() throws(DamagedRow) -> Double { Double(bitPattern: try fixed()) }

    mutating func whole() throws(DamagedRow) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            let part = UInt64(next & 0x7f)
            guard shift < 63 || part <= 1 else { throw DamagedRow(text: "a number of more than 64 bits") }
            value |= part << shift
            guard next & 0x80 != 0 else { return value }
            shift += 7
            guard shift < 64 else { throw DamagedRow(text: "a number of more than 64 bits") }
        }
    }

    /// Of elements that take at least `elementByteCount` bytes each: more than the row can hold are refused.
    mutating func count(elementByteCount: Int = 1) throws(DamagedRow) -> Int {
        let value = try whole()
        guard value <= UInt64(restCount / elementByteCount) else {
            throw DamagedRow(text: "a count of \(value) where \(restCount) bytes are left")
        }
        return Int(value)
    }

    mutating func raw() throws(DamagedRow) -> [UInt8] {
        let count = try count()
        defer { offset += count }
        return unsafe [UInt8](UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
    }

    mutating func text() throws(DamagedRow) -> String {
        guard let text = String(validating: try raw(), as: UTF8.self) else {
            throw DamagedRow(text: "a text is not UTF-8")
        }
        return text
    }

    mutating func floats() throws(DamagedRow) -> [Float] {
        let count = try count(elementByteCount: 4)
        defer { offset += 4 * count }
        return (0..<count).map { place in
            let pattern = unsafe bytes.loadUnaligned(fromByteOffset: offset + 4 * place, as: UInt32.self)
            return Float(bitPattern: UInt32(littleEndian: pattern))
        }
    }

    /// Nothing may be left: a row of another kind would be believed.
    func finish() throws(DamagedRow) {
        guard restCount == 0 else { throw DamagedRow(text: "\(restCount) bytes are left over") }
    }
}
