// Values that are kept as they came, rather than read as a type that the protocol defines.
extension FieldValue {
    /// A finite number, whole.
    package func preciseNumber(in range: ClosedRange<Double>) throws(WireError) -> Double {
        guard let number = value.number, range.contains(number) else {
            throw error("This is a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// The JSON text of an object, without spaces; integers of 64 bits keep their digits.
    package func objectText(maximumBytes: Int) throws(WireError) -> [UInt8] {
        guard value.kind == .object else { throw error("This is an object.") }
        var bytes: [UInt8] = []
        var writer = JSONWriter(appendingTo: &bytes)
        Self.write(value, &writer)
        writer.finish(into: &bytes)
        guard bytes.count <= maximumBytes else {
            throw error("Its JSON has \(bytes.count) bytes; at most \(maximumBytes) are taken.")
        }
        return bytes
    }

    /// As deep as the parser allows.
    private static func write(_ value: JSONValue, _ writer: inout JSONWriter) {
        switch value.kind {
        case .null: writer.null()
        case .boolean: writer.boolean(value.boolean ?? false)
        case .integer:
            let digits = value.canonicalId ?? []
            unsafe digits.withUnsafeBufferPointer { unsafe writer.json($0) }
        case .double: writer.number(value.number ?? 0)
        case .string: unsafe writer.string((value.string ?? .empty).bytes)
        case .array:
            writer.beginArray()
            var elements = value.children
            while let (_, element) = elements.next() { write(element, &writer) }
            writer.endArray()
        case .object:
            writer.beginObject()
            var members = value.children
            while let (name, member) = members.next() {
                unsafe writer.anyKey(name.bytes)
                write(member, &writer)
            }
            writer.endObject()
        }
    }

    /// A vector: a list of numbers, or `{"f32b64":"..."}`, little-endian floats in Base64.
    package func vector(maximumDimensions: Int) throws(WireError) -> [Float] {
        let floats = isObject ? try packedFloats() : try listedFloats(maximumDimensions)
        guard (1...maximumDimensions).contains(floats.count), floats.allSatisfy(\.isFinite) else {
            throw error("A vector has 1 to \(maximumDimensions) finite numbers.")
        }
        return floats
    }

    private func listedFloats(_ maximumDimensions: Int) throws(WireError) -> [Float] {
        guard isList else { throw error("A vector is a list of numbers, or {\"f32b64\":\"...\"}.") }
        var elements = try elements(maximumCount: maximumDimensions)
        var floats: [Float] = []
        while let element = try elements.next() {
            guard let number = element.value.number else { throw element.error("This is a number.") }
            floats.append(Float(number))
        }
        return floats
    }

    private func packedFloats() throws(WireError) -> [Float] {
        var members = value.children
        guard let (name, packed) = members.next(), name.equals("f32b64"), let text = packed.string,
            let bytes = unsafe Base64.decode(text.bytes), bytes.count % 4 == 0
        else {
            throw error("A packed vector is {\"f32b64\":\"...\"}: little-endian floats in Base64 with its padding.")
        }
        return stride(from: 0, to: bytes.count, by: 4).map { place in
            let pattern = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
            return Float(bitPattern: pattern)
        }
    }
}

/// RFC 4648, section 4, with padding.
enum Base64 {
    /// Nil where it is none.
    static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = unsafe text.suffix(2).count { $0 == UInt8(ascii: "=") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        for place in 0..<text.count {
            let isPadding = place >= text.count - padding
            guard let sextet = unsafe isPadding ? 0 : value(text[place]) else { return nil }
            if isPadding, unsafe text[place] != UInt8(ascii: "=") { return nil }
            bits = bits << 6 | UInt32(sextet)
            guard place % 4 == 3 else { continue }
            bytes += [
                UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8),
                UInt8(truncatingIfNeeded: bits),
            ]
            bits = 0
        }
        bytes.removeLast(min(padding, bytes.count))
        return bytes
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}

extension JSONWriter {
    /// A name that may need escapes.
    package mutating func anyKey(_ name: UnsafeBufferPointer<UInt8>) { unsafe key(name) }

    package mutating func anyKey(_ name: String) {
        var name = name
        name.withUTF8 { unsafe anyKey($0) }
    }
}
