/// Text in HTML and SVG, and the elements that every report has. All of it is well-formed XML too.
package enum Markup {
    package static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\u{0}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}":
                // XML has no way to write these.
                escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    /// Plain text cells; the first of each row is its heading. It scrolls by itself where the screen is narrower.
    package static func table(_ head: [String], _ rows: [[String]]) -> String {
        var markup =
            "<thead><tr>" + head.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined() + "</tr></thead>\n<tbody>"
        for row in rows {
            markup += "<tr><th scope=\"row\">\(escaped(row.first ?? ""))</th>"
            markup += row.dropFirst().map { "<td>\(escaped($0))</td>" }.joined() + "</tr>\n"
        }
        return scrolling(markup + "</tbody>")
    }

    /// A table of its rows' markup, which scrolls by itself where the screen is narrower, by the keyboard too.
    package static func scrolling(_ rows: String) -> String {
        "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>\n\(rows)</table></div>"
    }

    /// A table whose rows are measures and whose columns are the groups that they are of: for few groups and many measures, which
    /// would run out of the page as columns. Plain text.
    package static func measures(_ corner: String, groups: [String], _ rows: [(name: String, values: [String])])
        -> String
    {
        var markup = "<thead><tr><th scope=\"col\">\(escaped(corner))</th>"
        markup +=
            groups.map { "<th scope=\"col\" class=\"group\">\(escaped($0))</th>" }.joined() + "</tr></thead>\n<tbody>"
        for row in rows {
            markup += "<tr><th scope=\"row\">\(escaped(row.name))</th>"
            markup += row.values.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>\n"
        }
        return scrolling(markup + "</tbody>")
    }

    /// Names with a value each, without a head. Plain text.
    package static func pairs(_ rows: [(name: String, value: String)]) -> String {
        "<table class=\"narrow\"><tbody>"
            + rows.map { "<tr><th scope=\"row\">\(escaped($0.name))</th><td>\(escaped($0.value))</td></tr>\n" }.joined()
            + "</tbody></table>"
    }

    /// A table that opens where it is asked for, and on paper.
    package static func figures(_ head: [String], _ rows: [[String]]) -> String {
        "<details><summary>The figures as a table</summary>\(table(head, rows))</details>"
    }

    /// Charts side by side as far as the screen is wide.
    package static func charts(_ charts: [String]) -> String { "<div class=\"charts\">\(charts.joined())</div>" }

    package static func list(_ sentences: [String], style: String) -> String {
        "<ul class=\"\(style)\">" + sentences.map { "<li>\(escaped($0))</li>" }.joined() + "</ul>"
    }
}
