/// A value of a reply as a client keeps it: members in the order in which they came.
package indirect enum ReceivedJSON: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([ReceivedJSON])
    case object([Member])

    package struct Member: Equatable, Sendable {
        package let name: String
        package let value: ReceivedJSON

        package init(_ name: String, _ value: ReceivedJSON) {
            self.name = name
            self.value = value
        }
    }

    /// Of an object; nil where there is no such member.
    package subscript(name: String) -> ReceivedJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    package var integer: Int? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    package var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// As deep as the parser lets a document be.
    init(_ value: JSONValue) {
        switch value.kind {
        case .null: self = .null
        case .boolean: self = .boolean(value.boolean ?? false)
        case .integer: self = value.integer.map { .integer($0) } ?? .number(value.number ?? 0)
        case .double: self = .number(value.number ?? 0)
        case .string: self = .string(value.string?.string ?? "")
        case .array:
            var elements: [ReceivedJSON] = []
            var children = value.children
            while let (_, element) = children.next() { elements.append(ReceivedJSON(element)) }
            self = .array(elements)
        case .object:
            var members: [Member] = []
            var children = value.children
            while let (name, member) = children.next() { members.append(Member(name.string, ReceivedJSON(member))) }
            self = .object(members)
        }
    }
}

extension JSONParser {
    /// Nil for what is not JSON of this protocol.
    package func received(in payload: RawSpan) -> ReceivedJSON? {
        guard case .document(let root) = parse(payload) else { return nil }
        return ReceivedJSON(root)
    }
}
