import CommandLineInterface
import HybridBlending
import Interactions
import RecommendationIndex

/// What is in an index, for people: sizes and dates as they are read, numbers with names. `--json` has it for programs.
enum InspectText {
    static func text(_ fields: [IndexDescription.Field], indent: String = "") -> String {
        let width = fields.map { title($0.name).count }.max() ?? 0
        return fields.map { field in
            let name = title(field.name) + String(repeating: " ", count: width - title(field.name).count)
            switch field.value {
            case .object(let members):
                return "\(indent)\(field.name)\n" + text(members, indent: indent + "  ")
            case .list(let elements): return "\(indent)\(field.name)\n" + list(elements, indent: indent + "  ")
            case .string, .integer, .number:
                return "\(indent)\(name)  \(value(field.value, of: field.name))\n"
            }
        }.joined()
    }

    private static func value(_ value: IndexDescription.Value, of name: String) -> String {
        switch value {
        case .string(let text): named(text, of: name)
        case .integer(let number):
            if name.hasSuffix("Milliseconds") {
                "\(GivenTime.text(milliseconds: Int64(number))) UTC"
            } else if isSize(name) {
                ReadableNumber.byteCount(number)
            } else {
                ReadableNumber.count(number)
            }
        case .number(let number): "\(number)"
        case .list, .object: JSONText(value).compact
        }
    }

    /// A date and a size are told without their units.
    private static func title(_ name: String) -> String {
        if name.hasSuffix("Milliseconds") { return String(name.dropLast("Milliseconds".count)) }
        return isSize(name) ? "size" : name
    }

    private static func isSize(_ name: String) -> Bool { name.lowercased().hasSuffix("bytecount") }

    /// Several numbers of one setting, each with its name.
    private static func named(_ text: String, of name: String) -> String {
        switch name {
        case IndexFacts.SettingName.fallbackShare.rawValue:
            guard let share = FallbackShare(text) else { return text }
            let days = ReadableNumber.fixed(Double(share.returningAge) / 86_400_000, 1)
            return "usual \(ReadableNumber.fixed(Double(share.usual), 3)), of who was here in the last \(days) days "
                + ReadableNumber.fixed(Double(share.returning), 3)
        case IndexFacts.SettingName.historyDecay.rawValue, IndexFacts.SettingName.returningDecay.rawValue:
            let parts = text.split(separator: " ")
            return parts.count == 2 ? "floor \(parts[0]), rate \(parts[1])" : text
        default: return text
        }
    }

    /// Objects of the same members as a table, anything else a line each.
    private static func list(_ elements: [IndexDescription.Value], indent: String) -> String {
        let rows = elements.compactMap { element -> [IndexDescription.Field]? in
            if case .object(let members) = element { members } else { nil }
        }
        guard let first = rows.first, rows.count == elements.count,
            rows.allSatisfy({ $0.map(\.name) == first.map(\.name) })
        else { return elements.map { "\(indent)\(value($0, of: ""))\n" }.joined() }
        var table = TextTable(
            first.map { member in
                let heading = title(member.name)
                return if case .string = member.value { .left(heading) } else { .right(heading) }
            })
        for row in rows { table.add(row.map { value($0.value, of: $0.name) }) }
        return table.text.split(separator: "\n").map { "\(indent)\($0)\n" }.joined()
    }
}
