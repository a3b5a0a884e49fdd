/// A value of a report in the order it is to be written.
package enum ReportValue: Sendable {
    case string(String)
    case integer(Int)
    /// Written as null where it is not finite.
    case number(Double)
    case boolean(Bool)
    case null
    case array([ReportValue])
    /// Keys are distinct.
    case object([(key: String, value: ReportValue)])

    package init(_ number: Double?) {
        self = number.map { .number($0) } ?? .null
    }

    /// An object with one more member; any other value as it is.
    package func adding(_ key: String, _ value: ReportValue) -> ReportValue {
        guard case .object(let members) = self else { return self }
        return .object(members + [(key: key, value: value)])
    }

    /// JSON text with keys in the given order, two spaces of indentation and no newline at the end. Numbers are the
    /// shortest text that reads back as the same value.
    package var json: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text
    }

    /// As `json`, on one line without spaces.
    package var compactJSON: String {
        var text = ""
        write(to: &text, indentation: nil)
        return text
    }

    private func write(to text: inout String, indentation: Int?) {
        switch self {
        case .string(let value): Self.write(value, to: &text)
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? value.description : "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .null: text += "null"
        case .array(let values):
            Self.write(values, between: ("[", "]"), to: &text, indentation: indentation) { value, text, inner in
                value.write(to: &text, indentation: inner)
            }
        case .object(let members):
            Self.write(members, between: ("{", "}"), to: &text, indentation: indentation) { member, text, inner in
                Self.write(member.key, to: &text)
                text += inner == nil ? ":" : ": "
                member.value.write(to: &text, indentation: inner)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], between brackets: (String, String), to text: inout String, indentation: Int?,
        element write: (Element, inout String, Int?) -> Void
    ) {
        text += brackets.0
        let inner = indentation.map { $0 + 2 }
        for (position, element) in elements.enumerated() {
            if position > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: " ", count: inner) }
            write(element, &text, inner)
        }
        if let indentation, !elements.isEmpty { text += "\n" + String(repeating: " ", count: indentation) }
        text += brackets.1
    }

    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
