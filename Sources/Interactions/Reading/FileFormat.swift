import Spelling

/// A file's format by name.
///
/// - `csv`, `tsv`: RFC 4180 quoting; the first line names the columns, unless the caller says that there is no header:
///   the columns are then called "1", "2" and so on.
/// - `csv-semicolon`: as `csv`, with semicolons between the fields. A `.csv` file whose first line has semicolons and no
///   comma is taken for one.
/// - `jsonl`: one JSON object a line.
/// - `json`: one JSON array of objects, on as many lines as it likes.
/// - `movielens-100k`: `u.data` (user, item, rating, time; tabs), `u.item` (pipes, Latin-1, 19 genre flags).
/// - `movielens-1m`: `ratings.dat` (user::item::rating::time), or a headerless CSV `user,item[,rating[,time]]`, which is
///   told by its first line; `movies.dat` (id::title::genres, Latin-1).
/// - `movielens-csv`: `ratings.csv` (userId,movieId,rating,timestamp), `movies.csv` (movieId,title,genres).
package enum FileFormat: String, Sendable, CaseIterable {
    case csv
    case semicolonCSV = "csv-semicolon"
    case tsv
    case jsonLines = "jsonl"
    case json
    case movielens100k = "movielens-100k"
    case movielens1m = "movielens-1m"
    case movielensCSV = "movielens-csv"

    package init(parsing name: String) throws(ReadError) {
        if let format = Self(rawValue: name) {
            self = format
            return
        }
        let names = Self.allCases.map(\.rawValue)
        throw ReadError(
            .unknownFormat, operation: "choose the file format", expected: "one of \(names.joined(separator: ", "))",
            found: "\"\(name)\"",
            remedy: EditDistance.nearest(to: name, among: names).map { "Did you mean \($0)?" } ?? "Name a format.")
    }

    /// The format that a file's name tells (`.csv`, `.tsv`, `.jsonl`, `.ndjson`, `.json`, each also with `.gz` or `.zst`), or else its first line.
    static func detected(path: String, firstLine: ArraySlice<UInt8>) -> FileFormat {
        let lowercased = path.lowercased()
        let packing = [".gz", ".zst", ".zstd"].first { lowercased.hasSuffix($0) }
        let name = String(lowercased.dropLast(packing?.count ?? 0))
        let hasSemicolons = firstLine.contains(UInt8(ascii: ";")) && !firstLine.contains(UInt8(ascii: ","))
        // Of JSON only the beginnings that no header has: databases write [id],[name] too.
        let text = firstLine.filter { $0 > 0x20 }
        if text.first == UInt8(ascii: "["), text.count == 1 || text[1] == UInt8(ascii: "{") { return .json }
        if text.starts(with: [UInt8(ascii: "{"), UInt8(ascii: "\"")]) { return .jsonLines }
        if name.hasSuffix(".csv") { return hasSemicolons ? .semicolonCSV : .csv }
        if name.hasSuffix(".tsv") || name.hasSuffix(".tab") { return .tsv }
        if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") || name.hasSuffix(".json") { return .jsonLines }
        if firstLine.first == UInt8(ascii: "{") { return .jsonLines }
        return firstLine.contains(UInt8(ascii: "\t")) ? .tsv : .csv
    }

    /// MovieLens files are told by name, never guessed.
    var isMovieLens: Bool {
        switch self {
        case .csv, .semicolonCSV, .tsv, .jsonLines, .json: false
        case .movielens100k, .movielens1m, .movielensCSV: true
        }
    }

    var standardEncoding: TextEncoding {
        switch self {
        case .movielens100k, .movielens1m: .latin1
        case .csv, .semicolonCSV, .tsv, .jsonLines, .json, .movielensCSV: .utf8
        }
    }
}

/// How the files of a format are laid out.
struct FileLayout {
    enum Content {
        case interactions
        case items
    }

    enum Header {
        case firstLine
        /// There is none: the columns are called "1", "2" ...
        case numbered
        /// There is none: the names are those among these that are as many as the first record's fields, or else the first.
        case fixed([[String]])
        /// JSON Lines: the keys are the names.
        case keys
    }

    private let syntax: RecordSyntax
    let header: Header

    func syntax(quotes: QuoteRule?) -> RecordSyntax {
        guard let quotes, case .delimited(var delimited) = syntax else { return syntax }
        delimited.hasQuotes = quotes == .rfc4180
        delimited.isLenient = false
        return .delimited(delimited)
    }

    init(_ format: FileFormat, _ content: Content, hasHeader: Bool, firstLine: ArraySlice<UInt8>) {
        let general = hasHeader ? Header.firstLine : .numbered
        switch (format, content) {
        case (.csv, _): self.init(.delimited(.csv), general)
        case (.semicolonCSV, _): self.init(.delimited(.semicolons), general)
        case (.tsv, _): self.init(.delimited(.tsv), general)
        case (.jsonLines, _): self.init(.jsonLines, .keys)
        case (.json, _): self.init(.jsonArray, .keys)
        case (.movielensCSV, _): self.init(.delimited(.csv), .firstLine)
        case (.movielens100k, .interactions): self.init(.delimited(.plainTabs), .fixed([Self.ratingNames]))
        case (.movielens100k, .items): self.init(.delimited(.plainPipes), .fixed([MovieLensItems.columnNames100k]))
        case (.movielens1m, .items): self.init(.delimited(.doubleColons), .fixed([MovieLensItems.columnNames1m]))
        case (.movielens1m, .interactions):
            let hasColons = String(decoding: firstLine.prefix(256), as: UTF8.self).contains("::")
            let names = Self.ratingNames
            self.init(
                .delimited(hasColons ? .doubleColons : .csv),
                .fixed(hasColons ? [names] : [Array(names.prefix(3)), names, Array(names.prefix(2))]))
        }
    }

    private init(_ syntax: RecordSyntax, _ header: Header) {
        self.syntax = syntax
        self.header = header
    }

    private static let ratingNames = ["userId", "itemId", "rating", "timestamp"]
}
