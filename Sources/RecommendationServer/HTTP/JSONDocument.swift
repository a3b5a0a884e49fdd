import WireProtocol

/// A JSON value that is written down in code, members in their order.
indirect enum JSONDocument: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral
{
    case text(String)
    case boolean(Bool)
    case integer(Int)
    case list([JSONDocument])
    case object([(String, JSONDocument)])
    /// JSON text as it stands.
    case source(String)

    init(stringLiteral value: String) { self = .text(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(arrayLiteral elements: JSONDocument...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, JSONDocument)...) { self = .object(elements) }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        var writer = JSONWriter(appendingTo: &bytes)
        write(to: &writer)
        writer.finish(into: &bytes)
        return bytes
    }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.string(text)
        case .boolean(let value): writer.boolean(value)
        case .integer(let value): writer.integer(value)
        case .list(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for (name, value) in members {
                var name = name
                name.withUTF8 { unsafe writer.key($0) }
                value.write(to: &writer)
            }
            writer.endObject()
        case .source(var text): text.withUTF8 { unsafe writer.json($0) }
        }
    }
}
