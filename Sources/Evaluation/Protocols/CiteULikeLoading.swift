import Interactions

// Design note. Articles of `cold_item_val` and `cold_item_test` have no reader in training: together they are the cold
// items. Ids count from 1; line n of `item-tag.dat` begins with the number of article n's tags and then has their
// positions in `tags.dat`, from 0.

struct CiteULikeLoading {
    let files: ProtocolFiles

    func load(_ row: PublishedProtocol, trainingOnly: Bool) throws(ReadError) -> ProtocolData {
        let folder = "citeulike-cold/"
        var training = ProtocolFiles.emptyLog(hasTimes: false)
        try files.pairs(folder + "warm_emb.csv", addTo: &training)
        try files.pairs(folder + "warm_map.csv", addTo: &training)
        let items = try articles(folder)
        if trainingOnly { return ProtocolData(interactions: training, items: items) }
        var test = ProtocolFiles.emptyLog(hasTimes: false)
        var cold = test
        if row != .citeULikeWarm { try files.pairs(folder + "cold_item_test.csv", addTo: &test) }
        if row != .citeULikeCold { try files.pairs(folder + "warm_test.csv", addTo: &test) }
        try files.pairs(folder + "cold_item_val.csv", addTo: &cold)
        try files.pairs(folder + "cold_item_test.csv", addTo: &cold)
        let coldItems = cold.items
        let ranked = items.map(\.id).filter { (coldItems.index(of: $0) != nil) == (row == .citeULikeCold) }
        return ProtocolData(
            interactions: training, items: items, test: test,
            candidates: row == .citeULikeOverall ? nil : .shared(ranked),
            notes: row == .citeULikeOverall ? [] : ["Ranked among \(ranked.count) articles."])
    }

    private func articles(_ folder: String) throws(ReadError) -> [Item] {
        var tags: [String] = []
        try LineFile.read(files.path(folder + "tags.dat")) { line, _ in
            tags.append(String(decoding: line, as: UTF8.self))
        }
        var items: [Item] = []
        let path = files.path(folder + "item-tag.dat")
        try LineFile.read(path) { line, number throws(ReadError) in
            let numbers = line.split(separator: UInt8(ascii: " ")).map { Int(String(decoding: $0, as: UTF8.self)) }
            guard let count = numbers.first, count == numbers.count - 1 else {
                throw LineFile.bad(
                    path, line: number, expected: "a count and then so many tag positions",
                    found: "\(numbers.count) numbers")
            }
            var words: [String] = []
            for position in numbers.dropFirst() {
                guard let position, tags.indices.contains(position) else {
                    throw LineFile.bad(
                        path, line: number, expected: "positions below \(tags.count)",
                        found: position.map { "\($0)" } ?? "something else")
                }
                words.append(tags[position])
            }
            items.append(Item(id: "\(number)", properties: [.init("tags", .strings(words))]))
        }
        return items
    }
}
