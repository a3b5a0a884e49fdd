import Foundation

/// JSON as an independent reader (Foundation's) sees it.
package indirect enum JSON: Decodable, Equatable, Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        func value<Value: Decodable>(_ type: Value.Type) -> Value? {
            // It is of another type, which is asked for next.
            try? container.decode(type)
        }
        if container.decodeNil() {
            self = .null
        } else if let value = value(Bool.self) {
            self = .boolean(value)
        } else if let value = value(Double.self) {
            self = .number(value)
        } else if let value = value(String.self) {
            self = .string(value)
        } else if let value = value([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    package static func parse(_ bytes: some Sequence<UInt8>) throws -> JSON {
        try JSONDecoder().decode(JSON.self, from: Data(bytes))
    }

    /// Whether every member that `expected` has is here with the same value; lists have equal lengths.
    package func contains(_ expected: JSON) -> Bool {
        switch (self, expected) {
        case (.object(let mine), .object(let others)):
            others.allSatisfy { name, value in mine[name]?.contains(value) ?? false }
        case (.array(let mine), .array(let others)):
            mine.count == others.count && zip(mine, others).allSatisfy { $0.contains($1) }
        default: self == expected
        }
    }

    /// Without the members that are null, which mean the same as absent ones.
    package var withoutNulls: JSON {
        switch self {
        case .object(let members): .object(members.filter { $0.value != .null }.mapValues(\.withoutNulls))
        case .array(let elements): .array(elements.map(\.withoutNulls))
        default: self
        }
    }

    package subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    package var names: Set<String>? {
        guard case .object(let members) = self else { return nil }
        return Set(members.keys)
    }

    package var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var number: Double? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    package var elements: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}
