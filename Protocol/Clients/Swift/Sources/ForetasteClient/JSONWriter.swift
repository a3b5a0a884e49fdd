/// Writes a JSON text, and counts what the server limits: depth, and values (commas and opening brackets).
struct JSONWriter {
    struct Unwritable: Error {
        let message: String
    }

    private static let depthLimit = 32
    private static let valueLimit = 32_768

    private(set) var bytes: [UInt8] = []
    private var depth = 0
    /// The id's comma comes to it.
    private var valueCount = 1

    static func write(_ value: JSONValue) throws(Unwritable) -> [UInt8] {
        var writer = JSONWriter()
        try writer.write(value)
        guard writer.valueCount <= valueLimit else {
            throw Unwritable(message: "the request has more than \(valueLimit) values")
        }
        return writer.bytes
    }

    private mutating func write(_ value: JSONValue) throws(Unwritable) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let flag): bytes += (flag ? "true" : "false").utf8
        case .integer(let number): bytes += String(number).utf8
        case .number(let number):
            guard number.isFinite else { throw Unwritable(message: "\(number) is no number of JSON") }
            bytes += String(number).utf8
        case .string(let text): write(text)
        case .array(let elements):
            try begin("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { separate() }
                try write(element)
            }
            end("]")
        case .object(let members):
            try begin("{")
            // In an order of their own: a dictionary's differs from process to process.
            for (index, name) in members.keys.sorted().enumerated() {
                if index > 0 { separate() }
                write(name)
                bytes.append(UInt8(ascii: ":"))
                if let member = members[name] { try write(member) }
            }
            end("}")
        }
    }

    private mutating func begin(_ bracket: Unicode.Scalar) throws(Unwritable) {
        depth += 1
        guard depth <= Self.depthLimit else {
            throw Unwritable(message: "the request is nested deeper than \(Self.depthLimit)")
        }
        valueCount += 1
        bytes.append(UInt8(ascii: bracket))
    }

    private mutating func separate() {
        valueCount += 1
        bytes.append(UInt8(ascii: ","))
    }

    private mutating func end(_ bracket: Unicode.Scalar) {
        depth -= 1
        bytes.append(UInt8(ascii: bracket))
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                bytes += (byte < 16 ? "\\u000" : "\\u00").utf8
                bytes += String(byte, radix: 16).utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
