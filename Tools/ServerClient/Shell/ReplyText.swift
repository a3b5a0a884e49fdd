import CommandLineInterface
package import WireProtocol

/// A reply as a person reads it: single values a line each, lists of objects as tables.
package enum ReplyText {
    /// Wider cells are cut: the whole reply is there with `json on`.
    private static let columnLimit = 48

    /// - Parameter reply: the whole of it.
    package static func text(of reply: ReceivedJSON) -> String {
        guard let result = reply["result"] else { return error(reply) }
        var text = ""
        guard case .object(let members) = result else { return result.cell + "\n" + footer(reply) }
        var singles: [(String, String)] = []
        for member in members { single(member.name, member.value, &singles) }
        let width = singles.map { DisplayWidth.columns(of: $0.0) }.max() ?? 0
        for (name, value) in singles {
            text += name + String(repeating: " ", count: width - DisplayWidth.columns(of: name)) + "  " + value + "\n"
        }
        for member in members {
            if let table = table(member.value) { text += (text.isEmpty ? "" : "\n") + table }
        }
        return text + footer(reply)
    }

    /// Members of an object inside stand behind its name; tables come later.
    private static func single(_ name: String, _ value: ReceivedJSON, _ singles: inout [(String, String)]) {
        switch value {
        case .object(let members) where !members.isEmpty:
            for member in members { single("\(name).\(member.name)", member.value, &singles) }
        case .array(let elements) where table(value) != nil: singles.append((name, "\(elements.count)"))
        default: singles.append((name, DisplayWidth.cut(value.cell, toColumns: 4 * columnLimit)))
        }
    }

    /// Nil for what is no list of objects.
    private static func table(_ value: ReceivedJSON) -> String? {
        guard case .array(let rows) = value, !rows.isEmpty else { return nil }
        var names: [String] = []
        for row in rows {
            guard case .object(let members) = row else { return nil }
            for member in members where !names.contains(member.name) { names.append(member.name) }
        }
        let columns = names.map { name in
            let cells = rows.compactMap { $0[name] }
            return cells.allSatisfy(\.isNumber)
                ? TextTable.Column.right(name) : TextTable.Column.left(name, columnLimit: columnLimit)
        }
        var table = TextTable([.right("")] + columns)
        for (place, row) in rows.enumerated() {
            table.add(["\(place + 1)"] + names.map { row[$0]?.cell ?? "" })
        }
        return table.text
    }

    private static func error(_ reply: ReceivedJSON) -> String {
        guard let error = reply["error"] else { return reply.compact + "\n" }
        let reason = error["reason"]?.string ?? ""
        let field = error["details"]?["field"]?.string.map { " (\($0))" } ?? ""
        return "\(reason)\(field): \(error["message"]?.string ?? "")\n"
    }

    private static func footer(_ reply: ReceivedJSON) -> String {
        guard let meta = reply["meta"], case .object = meta else { return "" }
        var words: [String] = []
        if let time = meta["serverMs"] { words.append("\(time.cell) ms") }
        if let version = meta["indexVersion"]?.string { words.append("index \(version)") }
        if let quality = meta["quality"]?.string, quality != "full" { words.append("quality \(quality)") }
        var text = words.isEmpty ? "" : "(\(words.joined(separator: ", ")))\n"
        if case .array(let ignored)? = meta["ignored"] {
            for member in ignored {
                let near = member["nearest"]?.string.map { ": did you mean '\($0)'?" } ?? ""
                text += "ignored: \(member["field"]?.cell ?? member.cell)\(near)\n"
            }
        }
        return text
    }
}
