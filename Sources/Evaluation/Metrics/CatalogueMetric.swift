/// The metrics of all lists together by name; formulas in `CatalogueMetrics`.
package enum CatalogueMetric: Int, CaseIterable, Sendable {
    case coverage, meanPopularity, gini, novelty, intraListDiversity, semanticAccuracy

    /// The name in JSON, before `@k`.
    package var key: String {
        switch self {
        case .coverage: "catalogueCoverage"
        case .meanPopularity: "meanPopularity"
        case .gini: "gini"
        case .novelty: "novelty"
        case .intraListDiversity: "intraListDiversity"
        case .semanticAccuracy: "semanticAccuracy"
        }
    }

    /// The head of the table's column, before `@k`.
    package var title: String {
        switch self {
        case .coverage: "CatCov"
        case .meanPopularity: "Popularity"
        case .gini: "Gini"
        case .novelty: "Novelty"
        case .intraListDiversity: "Diversity"
        case .semanticAccuracy: "Semantic"
        }
    }
}

extension CatalogueMetrics {
    package func value(of metric: CatalogueMetric) -> Double? {
        switch metric {
        case .coverage: coverage
        case .meanPopularity: meanPopularity
        case .gini: gini
        case .novelty: novelty
        case .intraListDiversity: intraListDiversity
        case .semanticAccuracy: semanticAccuracy
        }
    }
}
