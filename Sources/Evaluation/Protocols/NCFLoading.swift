import Interactions
import SeededRandom

// Design note. The NCF files number users by the order of first appearance in the original file, from 0, and items
// likewise. Ids here are those of the original file, so that the film's title belongs to it. A rating of any height is
// an interaction. The order of that file is not that of time, and not arbitrary either: for a search the last row of each
// user is a drawn one. Source: He et al., Neural Collaborative Filtering, WWW 2017, and its published split.

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
        rows.removeAll { testItems[Int($0.user)] == $0.item }
        if trainingOnly { rows = Self.endingWithDrawn(rows, userCount: users.count) }
        var training = ProtocolFiles.emptyLog(hasTimes: false)
        for row in rows {
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

    /// A drawn row of each user after all others, the order otherwise as it is.
    private static func endingWithDrawn(
        _ rows: [(user: Int32, item: Int32)], userCount: Int
    ) -> [(user: Int32, item: Int32)] {
        var generator = SplitMix64(seed: drawingSeed)
        var counts = [Int](repeating: 0, count: userCount)
        for row in rows { counts[Int(row.user)] += 1 }
        var left = counts.map { $0 > 0 ? generator.nextIndex(below: $0) : -1 }
        var (others, last): ([(user: Int32, item: Int32)], [(user: Int32, item: Int32)]) = ([], [])
        for row in rows {
            if left[Int(row.user)] == 0 { last.append(row) } else { others.append(row) }
            left[Int(row.user)] -= 1
        }
        return others + last
    }

    /// Any: the draw is part of the protocol's validation.
    private static let drawingSeed: UInt64 = 42

    private static func index(_ text: String, _ table: IdentifierTable) -> Int? {
        guard let number = Int(text), (0..<table.count).contains(number) else { return nil }
        return number
    }
}
