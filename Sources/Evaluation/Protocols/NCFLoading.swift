import Interactions

// Design note. The NCF files number users by the order of first appearance in the original file, from 0, and items
// likewise. Ids here are those of the original file, so that the film's title belongs to it. A rating of any height is
// an interaction. Source: He et al., Neural Collaborative Filtering, WWW 2017, and its published split.

struct NCFLoading {
    let files: ProtocolFiles

    /// The test file is read in any case: it says which rating of each user does not train.
    func load(trainingOnly: Bool) throws(ReadError) -> ProtocolData {
        var users = IdentifierTable()
        var items = IdentifierTable()
        var rows: [(user: Int32, item: Int32)] = []
        try files.eachRow("movielens-1m/ratings_order.csv", fieldCount: 2) { fields, _ in
            rows.append((users.intern(fields[0]), items.intern(fields[1])))
        }
        var test = ProtocolFiles.emptyLog(hasTimes: false)
        var testItems = [Int32](repeating: -1, count: users.count)
        let testName = "movielens-1m-ncf/ml-1m.test.rating"
        let path = files.path(testName)
        try files.eachRow(testName, fieldCount: 2) { fields, line throws(ReadError) in
            guard let user = Self.index(fields[0], users), let item = Self.index(fields[1], items) else {
                throw LineFile.bad(
                    path, line: line, expected: "a user below \(users.count) and an item below \(items.count)",
                    found: "\(fields[0]) and \(fields[1])")
            }
            testItems[user] = Int32(item)
            test.append(user: users.id(at: user), item: items.id(at: item))
        }
        var training = ProtocolFiles.emptyLog(hasTimes: false)
        for row in rows where testItems[Int(row.user)] != row.item {
            training.append(user: users.id(at: Int(row.user)), item: items.id(at: Int(row.item)))
        }
        let films = try files.items("movielens-1m/movies.dat", .movielens1m)
        let rated = films.filter { items.index(of: $0.id) != nil }
        if trainingOnly { return ProtocolData(interactions: training, items: rated) }
        let candidates = try CandidateLists.read(
            negatives: files.path("movielens-1m-ncf/ml-1m.test.negative"),
            user: { Self.index($0, users).map { users.id(at: $0) } },
            item: { Self.index($0, items).map { items.id(at: $0) } })
        return ProtocolData(
            interactions: training, items: rated, test: test,
            candidates: candidates, notes: ["Ratings count as interactions, whatever their height."])
    }

    private static func index(_ text: String, _ table: IdentifierTable) -> Int? {
        guard let number = Int(text), (0..<table.count).contains(number) else { return nil }
        return number
    }
}
