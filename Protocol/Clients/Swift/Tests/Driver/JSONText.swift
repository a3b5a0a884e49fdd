import ForetasteClient
import Foundation

/// JSON by the system's library, so that the client's own reader and writer are checked against another.
struct JSONText: Codable {
    private let value: JSONValue

    static func read(_ text: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONText.self, from: Data(text.utf8)).value
    }

    static func write(_ value: JSONValue) throws -> String {
        String(decoding: try JSONEncoder().encode(JSONText(value)), as: UTF8.self)
    }

    private init(_ value: JSONValue) {
        self.value = value
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .null
        } else if let flag = try? container.decode(Bool.self) {
            value = .bool(flag)
        } else if let integer = try? container.decode(Int.self) {
            value = .integer(integer)
        } else if let number = try? container.decode(Double.self) {
            value = .number(number)
        } else if let text = try? container.decode(String.self) {
            value = .string(text)
        } else if let elements = try? container.decode([JSONText].self) {
            value = .array(elements.map(\.value))
        } else {
            value = .object(try container.decode([String: JSONText].self).mapValues(\.value))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        case .integer(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements.map(JSONText.init))
        case .object(let members): try container.encode(members.mapValues(JSONText.init))
        }
    }
}
