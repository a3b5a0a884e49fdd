import Spelling

/// What a column of an interactions file is for.
enum ColumnRole: String, CaseIterable {
    case userId
    case itemId
    case time
    case value
    case type
    /// The user where there is no column of users.
    case sessionId
    /// Looked up, so that a mapping that names a missing column fails; the log does not keep it.
    case query
    /// What the row came to, and the price of one piece: looked up only where a mapping names them.
    case amount
    case price

    /// Names that are recognised without a mapping, the likeliest first; upper and lower case, `_`, `-` and spaces do
    /// not matter.
    var defaultNames: [String] {
        switch self {
        case .userId: ["userid", "user", "customerid", "customer", "visitorid"]
        case .itemId: ["itemid", "item", "movieid", "productid", "product", "articleid", "sku", "stockcode"]
        case .time:
            [
                "time", "timestamp", "ts", "datetime", "date", "eventtime", "createdat", "invoicedate", "orderdate",
            ]
        case .value: ["value", "rating", "stars", "score", "quantity", "qty"]
        case .type: ["type", "event", "eventtype", "action"]
        case .sessionId: ["sessionid", "session"]
        case .query: ["query", "searchquery", "searchterm"]
        case .amount, .price: []
        }
    }

    /// Names of value columns that hold ratings rather than quantities.
    static let ratingNames = ["rating", "stars", "score"]

    /// A column name as it is compared with the default names.
    static func normalized(_ name: String) -> String {
        String(name.lowercased().unicodeScalars.filter { !"_- ".unicodeScalars.contains($0) })
    }
}

/// What the names of columns tell.
package enum ColumnNames {
    package static func isQuantity(_ name: String) -> Bool {
        ["quantity", "qty", "count", "pieces", "units", "amountofitems", "numitems"].contains(
            ColumnRole.normalized(name))
    }

    package static func isRating(_ name: String) -> Bool {
        ColumnRole.ratingNames.contains(ColumnRole.normalized(name))
    }
}

/// Finds columns by name in a header.
struct ColumnLookup {
    let path: String
    let names: [String]
    /// What else may be wrong where a column is missing.
    var advice = ""

    /// The column called `name`: exactly so, or else the only one that differs from it in case alone.
    func index(named name: String) throws(ReadError) -> Int? {
        let exact = names.indices.filter { names[$0] == name }
        let lowercased = name.lowercased()
        let matches = exact.isEmpty ? names.indices.filter { names[$0].lowercased() == lowercased } : exact
        guard matches.count <= 1 else {
            throw ReadError(
                .ambiguousColumn, operation: "find the column \"\(name)\"", path: path, expected: "one such column",
                found: "\(matches.count)", remedy: "Give the columns of the header different names.")
        }
        return matches.first
    }

    /// The first column that carries one of the role's default names and is not in `taken`.
    func index(ofDefault role: ColumnRole, except taken: [Int]) -> Int? {
        index(ofDefaults: role.defaultNames, except: taken)
    }

    /// As above, for names as `ColumnRole.normalized` makes them.
    func index(ofDefaults defaults: [String], except taken: [Int]) -> Int? {
        for name in defaults {
            let match = names.indices.first { ColumnRole.normalized(names[$0]) == name && !taken.contains($0) }
            if let match { return match }
        }
        return nil
    }

    func missing(_ name: String) -> ReadError {
        let nearest = EditDistance.nearest(to: name, among: names).map { " Did you mean \"\($0)\"?" } ?? ""
        return ReadError(
            .missingColumn, operation: "find the column \"\(name)\"", path: path, expected: "it in the header",
            found: "only \(list)", remedy: "Correct the column mapping.\(nearest)\(advice)")
    }

    func missing(_ role: ColumnRole) -> ReadError { missing(role.rawValue, defaults: role.defaultNames) }

    func missing(_ role: String, defaults: [String], advice more: String = "") -> ReadError {
        let looksLikeData = !names.isEmpty && names.allSatisfy { NumberParser.number($0) != nil }
        let first =
            looksLikeData
            ? "The first line looks like data: name a layout, or say that there is no header."
            : "Name it by a column mapping such as \(role)=\(names.first ?? "NAME")."
        return ReadError(
            .missingColumn, operation: "find the column of the \(role)", path: path,
            expected: "a column called one of \(defaults.joined(separator: ", "))", found: "only \(list)",
            remedy: first + more + advice)
    }

    /// Enough names for an error's text.
    private var list: String {
        let shown = names.prefix(30).map { "\"\($0)\"" }.joined(separator: ", ")
        return names.isEmpty ? "none" : names.count > 30 ? shown + " ..." : shown
    }
}
