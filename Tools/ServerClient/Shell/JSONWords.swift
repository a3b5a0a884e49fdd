import CommandLineInterface
import WireProtocol

func quoted(_ text: String) -> String { JSONText.string(text).compact }

extension ReceivedJSON {
    /// On one line, as JSON.
    var compact: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): value.description
        case .string(let value): quoted(value)
        case .array(let elements): "[" + elements.map(\.compact).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { quoted($0.name) + ":" + $0.value.compact }.joined(separator: ",") + "}"
        }
    }

    /// As a cell of a table: a text without quotes, a list of texts with commas.
    var cell: String {
        switch self {
        case .null: ""
        case .string(let value): value
        case .array(let elements) where elements.allSatisfy(\.isScalar):
            elements.map(\.cell).joined(separator: ", ")
        default: compact
        }
    }

    var isScalar: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    var isNumber: Bool {
        switch self {
        case .integer, .number: true
        default: false
        }
    }
}
