import Reporting

/// A table of a page, which is also a file: the same rows as CSV, with all digits.
struct DashboardTable {
    struct Cell {
        /// As it is shown, unescaped.
        let text: String
        /// As it stands in a file.
        let value: String
        var link: String?
        var isWords = false
        /// Markup in place of `text`: a form.
        var markup: String?

        static func words(_ text: String, link: String? = nil) -> Cell {
            Cell(text: Shown.text(text), value: text, link: link, isWords: true)
        }

        static func count(_ value: Int) -> Cell { Cell(text: Shown.count(value), value: "\(value)") }
        static func number(_ value: Double?) -> Cell { Cell(text: Shown.number(value), value: raw(value)) }
        static func percent(_ share: Double?) -> Cell { Cell(text: Shown.percent(share), value: raw(share)) }
        static func change(_ share: Double?) -> Cell { Cell(text: Shown.change(share), value: raw(share)) }

        static func indicator(_ name: String, _ value: Double?) -> Cell {
            Cell(text: Shown.indicator(name, value), value: raw(value))
        }

        /// For people alone.
        static func form(_ markup: String) -> Cell { Cell(text: "", value: "", isWords: true, markup: markup) }

        private static func raw(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    }

    /// In addresses.
    let id: String
    let title: String
    let head: [String]
    let rows: [[Cell]]
    /// What is said where there are no rows.
    var emptyText = "Nothing here."

    /// - Parameter address: of the page with its filters, to which the table's id is added.
    func markup(_ address: DashboardAddress) -> String {
        let export = Markup.escaped(address.with("table", id).text)
        let title = Markup.escaped(Shown.text(title))
        let heading =
            "<div class=\"table-head\"><h3 id=\"table-\(id)\">\(title)</h3>"
            + "<a class=\"export\" href=\"\(export)\" download=\"\" aria-label=\"\(title) as CSV\">CSV</a></div>"
        guard !rows.isEmpty else { return heading + "<p class=\"note\">\(Markup.escaped(emptyText))</p>" }
        var body = "<thead><tr>"
        for (place, name) in head.enumerated() {
            // As the cells below it are.
            let isWords = rows[0].indices.contains(place) && rows[0][place].isWords
            body += "<th scope=\"col\"\(isWords ? " class=\"words\"" : "")>\(Markup.escaped(name))</th>"
        }
        body += "</tr></thead>\n<tbody>"
        for row in rows {
            body += "<tr>" + row.enumerated().map { Self.markup($1, isHeading: $0 == 0) }.joined() + "</tr>\n"
        }
        return heading
            + "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-labelledby=\"table-\(id)\"><table>\n\(body)</tbody></table></div>"
    }

    private static func markup(_ cell: Cell, isHeading: Bool) -> String {
        var content = cell.markup ?? "<bdi>\(Markup.escaped(cell.text))</bdi>"
        if let link = cell.link { content = "<a href=\"\(Markup.escaped(link))\">\(content)</a>" }
        let style = cell.isWords ? " class=\"words\"" : ""
        return isHeading ? "<th scope=\"row\"\(style)>\(content)</th>" : "<td\(style)>\(content)</td>"
    }

    /// RFC 4180, with a byte order mark so that spreadsheets take it for UTF-8.
    var csv: [UInt8] {
        let lines =
            [head.map { Self.field($0, isText: true) }]
            + rows.map { $0.map { Self.field($0.value, isText: $0.isWords) } }
        return Array(("\u{FEFF}" + lines.map { $0.joined(separator: ",") + "\r\n" }.joined()).utf8)
    }

    /// A text that begins as a formula does is kept from being one: a spreadsheet would run it.
    private static func field(_ text: String, isText: Bool) -> String {
        var text = text
        if isText, let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) {
            text = "'" + text
        }
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
