/// A ranked list and the items that were wanted, as numbers: one line of a file that is scored without an index.
package struct ScoredList: Sendable, Equatable {
    /// Best first, without repeats.
    package let ranked: [Int32]
    /// Ascending, without repeats.
    package let wanted: [Int32]
    /// The user's training items, in any order.
    package let history: [Int32]

    /// Throws where `ranked` repeats an item or nothing is relevant; `line` counts from 1 and goes into the error.
    package init(ranked: [Int32], relevant: [Int32], history: [Int32] = [], line: Int) throws(EvaluationError) {
        let wanted = Set(relevant).sorted()
        guard Set(ranked).count == ranked.count else {
            throw ListFile.lists.error(line: line, expected: "a ranked list without repeats", found: "an item twice")
        }
        guard !wanted.isEmpty else {
            throw ListFile.lists.error(line: line, expected: "at least one relevant item", found: "none")
        }
        self.ranked = ranked
        self.wanted = wanted
        self.history = history
    }
}

/// Scores lists from JSON Lines, `{"ranked":[3,1,2],"relevant":[1],"history":[7]}` a line, blank lines skipped; the history
/// may be missing and is looked at with `items` only.
/// The answer is `{"cutOffs":[..],"count":n,"mean":{"ndcg@10":..},"lists":[{"ndcg@10":..},..]}` in the order of the lines,
/// with `"catalogue":{"gini@10":..}` where `items` are given.
package func scoreLists(
    jsonLines bytes: [UInt8], items: ScoredItems? = nil, at cutOffs: CutOffs
) throws(EvaluationError) -> ReportValue {
    var lists: [ReportValue] = []
    var sums = [Double](repeating: 0, count: cutOffs.values.count * RankingMetric.allCases.count)
    var exposure = items.map {
        ListExposure(
            trainingCounts: $0.trainingCounts, catalogueItemCount: $0.trainingCounts.count, items: $0.descriptions,
            cutOffs: cutOffs)
    }
    let keys = cutOffs.values.flatMap { k in RankingMetric.allCases.map { "\($0.key)@\(k)" } }
    try ListFile.lists.read(bytes) { line, values throws(EvaluationError) in
        func whole(_ name: String) -> [Int32] { (values[name] ?? []).map { Int32($0) } }
        let list = try ScoredList(
            ranked: whole("ranked"), relevant: whole("relevant"), history: whole("history"), line: line)
        if let items, let unknown = (list.ranked + list.history).first(where: { $0 >= items.trainingCounts.count }) {
            throw ListFile.lists.error(
                line: line,
                expected: "items from 0 to \(items.trainingCounts.count - 1), as many as the items' file has",
                found: "item \(unknown)")
        }
        exposure?.add(list.ranked.prefix(cutOffs.longest), history: list.history[...])
        let hits = RankedHits(ranked: list.ranked, wanted: list.wanted[...])
        let found = cutOffs.values.flatMap { k in RankingMetric.allCases.map { hits.value(of: $0, at: k) } }
        for (index, value) in found.enumerated() { sums[index] += value }
        lists.append(.object(zip(keys, found).map { ($0, .number($1)) }))
    }
    guard !lists.isEmpty else { throw ListFile.lists.error(line: 1, expected: "at least one list", found: "none") }
    var members: [(key: String, value: ReportValue)] = [
        ("cutOffs", .array(cutOffs.values.map { .integer($0) })), ("count", .integer(lists.count)),
        ("mean", .object(zip(keys, sums).map { ($0, .number($1 / Double(lists.count))) })),
    ]
    if let exposure {
        let values = zip(cutOffs.values, exposure.metrics).flatMap { k, metrics in
            CatalogueMetric.allCases.map { (key: "\($0.key)@\(k)", value: ReportValue(metrics.value(of: $0))) }
        }
        members.append(("catalogue", .object(values)))
    }
    return .object(members + [("lists", .array(lists))])
}
