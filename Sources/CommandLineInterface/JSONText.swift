/// A JSON value that is written as it was put together: members in their given order, numbers in the shortest form
/// that reads back the same, and no escape that RFC 8259 does not ask for. It is for `--json` answers, whose bytes
/// must not differ between runs and platforms.
package enum JSONText: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// JSON has no infinities and no NaN: they are written as `null`.
    case number(Double)
    case string(String)
    case array([JSONText])
    case object([Member])

    package struct Member: Equatable, Sendable {
        package let name: String
        package let value: JSONText

        package init(_ name: String, _ value: JSONText) {
            self.name = name
            self.value = value
        }
    }

    /// On one line without spaces.
    package var compact: String {
        var text = ""
        append(to: &text, indent: nil)
        return text
    }

    /// One member or element a line, indented by two spaces; empty ones stay closed.
    package var indented: String {
        var text = ""
        append(to: &text, indent: 0)
        return text
    }

    private func append(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? value.description : "null"
        case .string(let value): Self.append(quoted: value, to: &text)
        case .array(let elements):
            Self.append(elements.count, between: ("[", "]"), to: &text, indent: indent) { index, inner, text in
                elements[index].append(to: &text, indent: inner)
            }
        case .object(let members):
            Self.append(members.count, between: ("{", "}"), to: &text, indent: indent) { index, inner, text in
                Self.append(quoted: members[index].name, to: &text)
                text += inner == nil ? ":" : ": "
                members[index].value.append(to: &text, indent: inner)
            }
        }
    }

    private static func append(
        _ count: Int, between brackets: (String, String), to text: inout String, indent: Int?,
        part: (Int, Int?, inout String) -> Void
    ) {
        text += brackets.0
        let inner = indent.map { $0 + 1 }
        for index in 0..<count {
            if index > 0 { text += "," }
            startLine(inner, in: &text)
            part(index, inner, &text)
        }
        if count > 0 { startLine(indent, in: &text) }
        text += brackets.1
    }

    private static func startLine(_ indent: Int?, in text: inout String) {
        guard let indent else { return }
        text += "\n" + String(repeating: "  ", count: indent)
    }

    private static func append(quoted value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension JSONText: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: JSONText...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONText)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
