import CommandLineInterface
import Embeddings
import Interactions

/// Searches as rows: a query, and where the file has them who searched, when, and whether a result was clicked.
struct SearchLog {
    let queries: [String]
    /// Per search an index of `userIds`; nil without a column of users. -1 where nobody is known.
    let users: [Int32]?
    let userIds: [String]
    /// Milliseconds since 1970; nil without a column of times.
    let times: [Int64]?
    let isClicked: [Bool]
    /// Per search an index of `truthNames`: what it is known to mean; nil where nothing is known.
    let truth: [Int32]?
    let truthNames: [String]
    /// Rows left out because their query is empty or of signs only.
    let wordlessCount: Int
    let report: ReadReport

    private static let defaultNames = [
        "query": ["search_query", "query", "text", "q", "search"], "user": ["user_id", "userId", "user"],
        "time": ["time", "timestamp", "ts", "created_at"], "clicks": ["clicked_product_ids", "clicks", "clicked"],
        "truth": [],
    ]

    /// Rows whose query has neither a letter nor a digit are left out: nothing can be told by `---`.
    static func read(
        _ path: String, columns given: [(key: String, value: String)], _ options: SourceOptions,
        _ observer: ProgressObserver
    ) throws -> SearchLog {
        // The names that other commands have are names here too.
        let aliases = ["userId": "user", "customerId": "user", "timestamp": "time", "date": "time"]
        let mapping = given.map { (key: aliases[$0.key] ?? $0.key, value: $0.value) }
        for (key, _) in mapping where defaultNames[key] == nil {
            throw RunFailure(description: "--columns \(key): searches have query, userId, time, clicks and truth.")
        }
        observer.reading(path)
        let (columns, report) = try TableReader.read(path: path, options: options) {
            observer.progress(done: $0, total: $1)
        }
        observer.read(report)
        func column(_ role: String) throws -> TableColumn? {
            if let name = mapping.first(where: { $0.key == role })?.value {
                if let column = columns.first(where: { $0.name == name }) { return column }
                throw RunFailure(
                    description:
                        "\(path) has no column \"\(name)\"; it has \(columns.map(\.name).joined(separator: ", ")).")
            }
            let names = defaultNames[role] ?? []
            return columns.first { names.contains($0.name) }
        }
        let roles = [
            ("query", "query"), ("user", "userId"), ("time", "time"), ("clicks", "clicks"), ("truth", "truth"),
        ]
        let taken = try roles.compactMap { role, name in try column(role).map { (name, $0.name) } }
        observer.say("  columns " + taken.map { "\($0)=\($1)" }.joined(separator: ","))
        let others = columns.map(\.name).filter { name in !taken.contains { $0.1 == name } }
        if !others.isEmpty { observer.say("  not used: \(others.joined(separator: ", "))") }
        guard let query = try column("query") else {
            throw RunFailure(
                description: "\(path) has no column of queries: name it by --columns query=NAME. It has "
                    + columns.map(\.name).joined(separator: ", ") + ".")
        }
        let texts = query.texts
        let rows = texts.indices.filter { !TextTokenizer.words(of: texts[$0]).isEmpty }
        guard !rows.isEmpty else {
            throw RunFailure(
                description: "\(path) has no query to segment by: of \(ReadableNumber.count(texts.count)) rows none "
                    + "has a letter or a digit in the column \"\(query.name)\". Name the column of queries "
                    + "by --columns query=NAME.")
        }
        let (userIndexes, userIds) = try Self.categories(column("user"))
        let (truthIndexes, truthNames) = try Self.categories(column("truth"))
        let clicks = try column("clicks")?.texts
        return SearchLog(
            queries: rows.map { texts[$0] }, users: userIndexes.map { users in rows.map { users[$0] } },
            userIds: userIds,
            times: try column("time").map { column in
                let (times, report) = try column.times(options.times, path: path)
                observer.say("  \(report)")
                for warning in report.warnings { observer.warn("\(path): column \(column.name): \(warning)") }
                return rows.map { times[$0] }
            },
            isClicked: rows.map { row in clicks.map { !$0[row].isEmpty && $0[row] != "[]" } ?? false },
            truth: truthIndexes.map { truth in rows.map { truth[$0] } }, truthNames: truthNames,
            wordlessCount: texts.count - rows.count, report: report)
    }

    /// Indexes into the names, which ascend by their bytes.
    private static func categories(_ column: TableColumn?) -> (indexes: [Int32]?, names: [String]) {
        guard let column else { return (nil, []) }
        let texts = column.texts
        let names = Set(texts).subtracting([""]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, Int32($0.offset)) })
        return (texts.map { places[$0] ?? -1 }, names)
    }
}
