/// What becomes a JSON value of a request.
protocol JSONWritable {
    var json: JSONValue { get }
}

/// What is made of a JSON value of a reply.
protocol JSONReadable {
    init(json: JSONValue) throws
}

extension String: JSONWritable, JSONReadable {
    var json: JSONValue { .string(self) }

    init(json: JSONValue) throws {
        self = try json.string ?? { throw foreign(json, "text") }()
    }
}

extension Int: JSONWritable, JSONReadable {
    var json: JSONValue { .integer(self) }

    init(json: JSONValue) throws {
        self = try json.integer ?? { throw foreign(json, "an integer") }()
    }
}

extension Double: JSONWritable, JSONReadable {
    var json: JSONValue { .number(self) }

    init(json: JSONValue) throws {
        self = try json.number ?? { throw foreign(json, "a number") }()
    }
}

extension Bool: JSONWritable, JSONReadable {
    var json: JSONValue { .bool(self) }

    init(json: JSONValue) throws {
        self = try json.bool ?? { throw foreign(json, "true or false") }()
    }
}

extension JSONValue: JSONWritable, JSONReadable {
    var json: JSONValue { self }

    init(json: JSONValue) { self = json }
}

extension Array: JSONWritable where Element: JSONWritable {
    var json: JSONValue { .array(map(\.json)) }
}

/// Where null is a value, as in a list of what was measured or not.
extension Optional: JSONReadable where Wrapped: JSONReadable {
    init(json: JSONValue) throws {
        if case .null = json {
            self = nil
        } else {
            self = try Wrapped(json: json)
        }
    }
}

extension Array: JSONReadable where Element: JSONReadable {
    init(json: JSONValue) throws {
        guard let elements = json.array else { throw foreign(json, "a list") }
        self = try elements.map(Element.init(json:))
    }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    var json: JSONValue { .object(mapValues(\.json)) }
}

extension Dictionary: JSONReadable where Key == String, Value: JSONReadable {
    init(json: JSONValue) throws {
        guard let members = json.object else { throw foreign(json, "an object") }
        self = try members.mapValues(Value.init(json:))
    }
}

/// The members of an object of a result.
struct Members {
    private let name: String
    private let members: [String: JSONValue]

    init(_ json: JSONValue, of name: String) throws {
        guard let members = json.object else { throw foreign(json, "an object") }
        self.name = name
        self.members = members
    }

    func required<Value: JSONReadable>(_ member: String) throws -> Value {
        guard let found = members[member] else {
            throw ConnectionFailed(.protocol, "the server's \(name) lacks the member \(member)")
        }
        return try Value(json: found)
    }

    /// A member that is null is absent.
    func optional<Value: JSONReadable>(_ member: String) throws -> Value? {
        guard let found = members[member], found != .null else { return nil }
        return try Value(json: found)
    }
}

private func foreign(_ json: JSONValue, _ wanted: String) -> ConnectionFailed {
    ConnectionFailed(.protocol, "the server sent a value where \(wanted) belongs: \(json)")
}
