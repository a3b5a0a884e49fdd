/// The item files of MovieLens: `title` as it stands in the file, `genres` as a list, `year` from the title's end.
enum MovieLensItems {
    static let columnNames1m = ["itemId", "title", "genres"]

    /// `u.item`: the id, the title, three columns that are left out, and a flag for each genre, in the order of `u.genre`.
    static let columnNames100k = ["itemId", "title", "releaseDate", "videoReleaseDate", "imdbURL"] + genres100k

    private static let genres100k = [
        "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama",
        "Fantasy",
        "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ]

    /// What `movies.csv` says of a film without genres.
    private static let noGenres = "(no genres listed)"

    /// The item of a row whose columns are all strings.
    static func refined(_ row: Item, format: FileFormat) -> Item {
        var item = Item(id: row.id)
        if case .string(let title) = row["title"] {
            item.properties.append(.init("title", .string(title)))
            if let year = year(ofTitle: title) { item.properties.append(.init("year", .number(year))) }
        }
        let genres =
            format == .movielens100k
            ? genres100k.dropFirst().filter { row[$0] == .string("1") }
            : listedGenres(row["genres"])
        if !genres.isEmpty { item.properties.append(.init("genres", .strings(Array(genres)))) }
        return item
    }

    private static func listedGenres(_ value: PropertyValue?) -> [String] {
        guard case .string(let text) = value, text != noGenres else { return [] }
        return text.split(separator: "|").map(String.init)
    }

    /// 1995 of "Toy Story (1995)"; nil where the title does not end in four digits in parentheses.
    static func year(ofTitle title: String) -> Double? {
        var bytes = Array(title.utf8)
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        guard bytes.count >= 6, bytes.last == UInt8(ascii: ")"), bytes[bytes.count - 6] == UInt8(ascii: "(") else {
            return nil
        }
        let digits = bytes[(bytes.count - 5)..<(bytes.count - 1)]
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Double(String(decoding: digits, as: UTF8.self))
    }
}
