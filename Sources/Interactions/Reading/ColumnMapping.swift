/// Which column of a file is taken for what: pairs of our name and the file's.
package struct ColumnMapping: Sendable, Equatable, CustomStringConvertible {
    package struct Entry: Sendable, Equatable {
        /// `userId`, `itemId`, `time`, `value`, `type`, `sessionId`, `query`, or an item property.
        package let name: String
        /// The file's column; empty: there is none, even if a default name would match.
        package let column: String

        package init(name: String, column: String) {
            self.name = name
            self.column = column
        }
    }

    package let entries: [Entry]

    package static let none = ColumnMapping()

    package init(_ entries: [Entry] = []) { self.entries = entries }

    /// Reads `userId=CustomerID,itemId=StockCode`. A name may occur once.
    package init(parsing text: String) throws(ReadError) {
        var entries: [Entry] = []
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let name = sides.first.map(String.init), !name.isEmpty else {
                throw Self.error(expected: "pairs such as userId=CustomerID, separated by commas", found: "\"\(pair)\"")
            }
            guard !entries.contains(where: { $0.name == name }) else {
                throw Self.error(expected: "every name once", found: "\(name) twice")
            }
            entries.append(Entry(name: name, column: String(sides[1])))
        }
        self.entries = entries
    }

    /// A column's name as default names are compared with it: small letters without `_`, `-` and spaces.
    package static func normalized(_ column: String) -> String { ColumnRole.normalized(column) }

    package subscript(name: String) -> String? { entries.first { $0.name == name }?.column }

    package var description: String { entries.map { "\($0.name)=\($0.column)" }.joined(separator: ",") }

    private static func error(expected: String, found: String) -> ReadError {
        ReadError(
            .badOption, operation: "read the column mapping", expected: expected, found: found,
            remedy: "Write for example userId=CustomerID,itemId=StockCode,time=InvoiceDate.")
    }
}
