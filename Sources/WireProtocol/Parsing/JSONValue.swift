import CSimdjson

/// A value of the parser's document, valid until the parser parses again.
// SAFETY: as for WireString; values stay inside this module and the closure that a request is lent to.
@safe struct JSONValue {
    private let raw: csj_value

    enum Kind { case null, boolean, integer, double, string, array, object }

    init(_ raw: csj_value) { unsafe self.raw = raw }

    var kind: Kind {
        switch unsafe raw.kind {
        case .null: .null
        case .bool: .boolean
        case .int64, .uint64: .integer
        case .double: .double
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// Of no document.
    static var null: JSONValue { unsafe JSONValue(csj_value()) }

    var boolean: Bool? { unsafe raw.kind == .bool ? raw.boolean : nil }
    /// Nil for integers above `Int.max` too.
    var integer: Int? { unsafe raw.kind == .int64 ? Int(raw.integer) : nil }
    /// Integers are rounded to the nearest double.
    var number: Double? { unsafe raw.kind == .int64 || raw.kind == .uint64 || raw.kind == .double ? raw.number : nil }

    var string: WireString? {
        guard unsafe raw.kind == .string else { return nil }
        return unsafe WireString(start: raw.string.bytes, count: raw.string.length)
    }

    /// Of a request's id, the same however it is written; nil for what is neither a string nor an integer.
    var canonicalId: [UInt8]? {
        switch unsafe raw.kind {
        case .int64: return unsafe Array(String(raw.integer).utf8)
        case .uint64: return unsafe Array(String(UInt64(bitPattern: raw.integer)).utf8)
        default: break
        }
        let quote = UInt8(ascii: "\"")
        return string.map { unsafe [quote] + $0.bytes + [quote] }
    }

    /// The members of an object or the elements of an array; of anything else, none.
    var children: JSONCursor {
        var copy = unsafe raw
        return unsafe JSONCursor(csj_begin(&copy))
    }
}

/// Walks the members of an object (with names) or the elements of an array (with empty names), in document order.
struct JSONCursor {
    private var raw: csj_cursor

    init(_ raw: csj_cursor) { self.raw = raw }

    mutating func next() -> (name: WireString, value: JSONValue)? {
        var name = unsafe csj_text()
        var value = unsafe csj_value()
        guard unsafe csj_next(&raw, &name, &value) else { return nil }
        return unsafe (WireString(start: name.bytes, count: name.length), JSONValue(value))
    }
}
