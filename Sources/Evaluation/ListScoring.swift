/// A ranked list and the items that were wanted, as numbers: one line of a file that is scored without an index.
package struct ScoredList: Sendable, Equatable {
    /// Best first, without repeats.
    package let ranked: [Int32]
    /// Ascending, without repeats.
    package let wanted: [Int32]

    /// Throws where `ranked` repeats an item or nothing is relevant; `line` counts from 1 and goes into the error.
    package init(ranked: [Int32], relevant: [Int32], line: Int) throws(EvaluationError) {
        let wanted = Set(relevant).sorted()
        guard Set(ranked).count == ranked.count else {
            throw Self.error(line: line, expected: "a ranked list without repeats", found: "an item twice")
        }
        guard !wanted.isEmpty else {
            throw Self.error(line: line, expected: "at least one relevant item", found: "none")
        }
        self.ranked = ranked
        self.wanted = wanted
    }

    static func error(line: Int, expected: String, found: String) -> EvaluationError {
        EvaluationError(
            .invalidList, operation: "reading line \(line) of the lists", expected: expected, found: found,
            remedy: "Write one object a line, such as {\"ranked\":[3,1,2],\"relevant\":[1]}.")
    }
}

/// Scores lists from JSON Lines, `{"ranked":[3,1,2],"relevant":[1]}` a line, blank lines skipped.
/// The answer is `{"cutOffs":[..],"count":n,"mean":{"ndcg@10":..},"lists":[{"ndcg@10":..},..]}` in the order of the lines.
package func scoreLists(jsonLines bytes: [UInt8], at cutOffs: CutOffs) throws(EvaluationError) -> ReportValue {
    var sums = [[Double]](
        repeating: [Double](repeating: 0, count: RankingMetric.allCases.count), count: cutOffs.values.count)
    var lists: [ReportValue] = []
    var lineNumber = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        lineNumber += 1
        var reader = ListLineReader(line, number: lineNumber)
        guard let list = try reader.read() else { continue }
        let hits = RankedHits(ranked: list.ranked, wanted: list.wanted[...])
        var members: [(key: String, value: ReportValue)] = []
        for (index, k) in cutOffs.values.enumerated() {
            for metric in RankingMetric.allCases {
                let value = hits.value(of: metric, at: k)
                sums[index][metric.rawValue] += value
                members.append(("\(metric.key)@\(k)", .number(value)))
            }
        }
        lists.append(.object(members))
    }
    guard !lists.isEmpty else { throw ScoredList.error(line: 1, expected: "at least one list", found: "none") }
    var means: [(key: String, value: ReportValue)] = []
    for (index, k) in cutOffs.values.enumerated() {
        for metric in RankingMetric.allCases {
            means.append(("\(metric.key)@\(k)", .number(sums[index][metric.rawValue] / Double(lists.count))))
        }
    }
    return .object([
        ("cutOffs", .array(cutOffs.values.map { .integer($0) })), ("count", .integer(lists.count)),
        ("mean", .object(means)), ("lists", .array(lists)),
    ])
}
