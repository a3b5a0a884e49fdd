import Printing

/// Rows in aligned columns, with a rule under the headings.
package struct TextTable: Sendable {
    package struct Column: Sendable {
        package enum Alignment: Sendable {
            case left
            case right
        }

        let heading: String
        let alignment: Alignment
        /// Longer cells are cut off and end in `…`.
        let columnLimit: Int

        /// For text.
        package static func left(_ heading: String, columnLimit: Int = .max) -> Column {
            Column(heading: heading, alignment: .left, columnLimit: columnLimit)
        }

        /// For numbers; give all cells of the column the same number of places.
        package static func right(_ heading: String) -> Column {
            Column(heading: heading, alignment: .right, columnLimit: .max)
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    package init(_ columns: [Column]) {
        self.columns = columns
    }

    /// - Parameter cells: as many as there are columns.
    package mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
        rows.append(cells)
    }

    /// Lines with two spaces between columns, none at the end of a line, and a newline after each. Line breaks and tabs
    /// in a cell become spaces.
    package var text: String {
        let cells = ([columns.map(\.heading)] + rows).map { row in
            zip(row, columns).map { cell, column in
                DisplayWidth.cut(Self.onOneLine(cell), toColumns: column.columnLimit)
            }
        }
        let widths = columns.indices.map { index in
            cells.reduce(0) { max($0, DisplayWidth.columns(of: $1[index])) }
        }
        var lines = cells.map { line($0, widths: widths) }
        lines.insert(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "), at: 1)
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ cells: [String], widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - DisplayWidth.columns(of: cell))
            if index > 0 { line += "  " }
            line += columns[index].alignment == .left ? cell + padding : padding + cell
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    private static func onOneLine(_ cell: String) -> String {
        let hasBreaks = cell.contains { $0.isNewline || $0 == "\t" }
        // Escaped before it is measured: the columns of what is shown are those that count.
        return PrintableText.part(hasBreaks ? String(cell.map { $0.isNewline || $0 == "\t" ? " " : $0 }) : cell)
    }
}
