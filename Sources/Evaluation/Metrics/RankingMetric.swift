/// The metrics that have a value for every test user; formulas in `RankedHits`.
package enum RankingMetric: Int, CaseIterable, Sendable {
    case hitRate, ndcg, recall, precision, mrr, map

    /// The name in JSON, before `@k`.
    package var key: String {
        switch self {
        case .hitRate: "hitRate"
        case .ndcg: "ndcg"
        case .recall: "recall"
        case .precision: "precision"
        case .mrr: "mrr"
        case .map: "map"
        }
    }

    /// The head of the table's column, before `@k`.
    package var title: String {
        switch self {
        case .hitRate: "HitRate"
        case .ndcg: "NDCG"
        case .recall: "Recall"
        case .precision: "Precision"
        case .mrr: "MRR"
        case .map: "MAP"
        }
    }
}
