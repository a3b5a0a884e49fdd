/// Rows of cells as aligned plain text: the first column to the left, the others to the right, two spaces between.
struct ReportTable {
    private var rows: [[String]]

    init(head: [String]) { rows = [head] }

    /// As many cells as the head.
    mutating func add(_ cells: [String]) {
        precondition(cells.count == rows[0].count, "a cell for every column")
        rows.append(cells)
    }

    /// One line a row, without spaces at the ends of lines.
    var lines: [String] {
        let widths = rows[0].indices.map { column in rows.reduce(0) { max($0, $1[column].count) } }
        return rows.map { row in
            var line = row[0] + padding(widths[0] - row[0].count)
            for column in 1..<row.count { line += padding(2 + widths[column] - row[column].count) + row[column] }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    private func padding(_ count: Int) -> String { String(repeating: " ", count: count) }
}
