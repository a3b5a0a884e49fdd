/// How well lists have the next item of a session, and how long they took.
package struct NextItemEvaluation: Sendable {
    package let name: String
    package let cutOffs: CutOffs
    /// One element a cut-off; nil without a query. The hit rate is what the session papers call P@k or recall@k.
    package private(set) var hitRate: [ConfidenceInterval?] = []
    package private(set) var reciprocalRank: [ConfidenceInterval?] = []
    package private(set) var ndcg: [ConfidenceInterval?] = []
    package let latency: LatencySummary?

    /// Nil without a query, and for the metrics that the session papers do not use.
    package func mean(of metric: RankingMetric, atCutOff index: Int) -> Double? {
        switch metric {
        case .hitRate: hitRate[index]?.mean
        case .mrr: reciprocalRank[index]?.mean
        case .ndcg: ndcg[index]?.mean
        case .recall, .precision, .map: nil
        }
    }

    /// Asks `rank(query)` once for every position of `wanted`; items are numbers, a list is best first without repeats, its part
    /// beyond the longest cut-off is ignored. A wanted number of -1 is an item that no list can have.
    ///
    /// - Parameter rank: the list, and the nanoseconds it took.
    package init(
        of name: String, wanted: [Int32], at cutOffs: CutOffs, bootstrap: BootstrapSettings = BootstrapSettings(),
        rank: (_ query: Int) -> (list: [Int32], nanoseconds: Int64)
    ) {
        var values = Array(repeating: Array(repeating: [Double](), count: cutOffs.values.count), count: 3)
        var times: [Int64] = []
        for (query, item) in wanted.enumerated() {
            let answer = rank(query)
            times.append(answer.nanoseconds)
            let hits = RankedHits(ranked: answer.list.prefix(cutOffs.longest), wanted: [item])
            for (index, k) in cutOffs.values.enumerated() {
                values[0][index].append(hits.hitRate(at: k))
                values[1][index].append(hits.reciprocalRank(at: k))
                values[2][index].append(hits.ndcg(at: k))
            }
        }
        self.name = name
        self.cutOffs = cutOffs
        latency = LatencySummary(nanoseconds: times)
        hitRate = values[0].map { ConfidenceInterval(ofMeanOf: $0, settings: bootstrap) }
        reciprocalRank = values[1].map { ConfidenceInterval(ofMeanOf: $0, settings: bootstrap) }
        ndcg = values[2].map { ConfidenceInterval(ofMeanOf: $0, settings: bootstrap) }
    }
}
