/// Sums over non-empty lists at one cut-off.
struct ListSums {
    var listCount = 0
    var popularity = 0.0
    var novelty = 0.0
    var diversity = 0.0
    var diversityListCount = 0
    var semanticAccuracy = 0.0
    var semanticListCount = 0

    /// `hasCategories`: whether the list's user has a category in training.
    mutating func add(_ walk: ListWalk, hasCategories: Bool) {
        listCount += 1
        popularity += walk.meanPopularity
        novelty += walk.novelty
        if let value = walk.diversity {
            diversity += value
            diversityListCount += 1
        }
        if hasCategories {
            semanticAccuracy += walk.matchShare
            semanticListCount += 1
        }
    }
}

/// What all lists together show of the catalogue, at one cut-off k.
package struct CatalogueMetrics: Sendable, Equatable {
    /// Different items in any list's first k / items of the catalogue; 0 for an empty catalogue. A k beyond the catalogue
    /// changes nothing. Source: Ge, Delgado-Battenfeld, Jannach: Beyond Accuracy, RecSys 2010, catalogue coverage.
    package let coverage: Double
    /// Mean over non-empty lists of the mean training interactions of the list's first k items; nil without such a list.
    /// Source: Abdollahpouri, Burke, Mobasher: Managing Popularity Bias, FLAIRS 2019, average recommendation popularity.
    package let meanPopularity: Double?
    /// Gini coefficient of how often each catalogue item is shown: 0 all alike, near 1 a few take all; nil where
    /// nothing is shown. Source: Fleder, Hosanagar: Blockbuster Culture's Next Rise or Fall, Management Science 2009.
    package let gini: Double?
    /// Mean over non-empty lists of the mean self-information -log2 p(i) of the list's first k items, in bits, where
    /// p(i) = training interactions with i / all training interactions; an item without one counts as having one. Nil
    /// without such a list. Source: Vargas, Castells: Rank and Relevance in Novelty and Diversity Metrics, RecSys 2011,
    /// free discovery model, without discount by rank or relevance.
    package let novelty: Double?
    /// Mean over lists of 1 - mean cosine over all pairs of the list's first k items that have a vector; lists with fewer
    /// than two such items are left out, nil without any. 0 where all are alike, above 1 where they point apart.
    /// Source: Smyth, McClave: Similarity vs. Diversity, ICCBR 2001; Ziegler et al., WWW 2005, intra-list similarity.
    package let intraListDiversity: Double?
    /// Mean over lists of the share of the first k items that are in at least one category of the user's training items;
    /// an item without a category is in none. Users without a category in training are left out, nil without any.
    package let semanticAccuracy: Double?

    /// `shown[i]` is how many lists show item i in their first k; `catalogueItemCount` is at least the items shown.
    init(shown: [Int32], catalogueItemCount: Int, sums: ListSums) {
        let counts = shown.filter { $0 > 0 }.sorted()
        precondition(counts.count <= catalogueItemCount, "more items are shown than the catalogue has")
        coverage = catalogueItemCount == 0 ? 0 : Double(counts.count) / Double(catalogueItemCount)
        gini = counts.isEmpty ? nil : Self.gini(of: counts, among: catalogueItemCount)
        meanPopularity = Self.mean(sums.popularity, sums.listCount)
        novelty = Self.mean(sums.novelty, sums.listCount)
        intraListDiversity = Self.mean(sums.diversity, sums.diversityListCount)
        semanticAccuracy = Self.mean(sums.semanticAccuracy, sums.semanticListCount)
    }

    private static func mean(_ sum: Double, _ count: Int) -> Double? { count == 0 ? nil : sum / Double(count) }

    /// sum over i = 1...n, ascending counts x_i, of (2i - n - 1) x_i, divided by n * sum(x). The first
    /// `itemCount - counts.count` of the x_i are 0 and not in `counts`.
    private static func gini(of counts: [Int32], among itemCount: Int) -> Double {
        var weighted = 0.0
        var total = 0.0
        for (position, count) in counts.enumerated() {
            let rank = itemCount - counts.count + position + 1
            weighted += Double(2 * rank - itemCount - 1) * Double(count)
            total += Double(count)
        }
        return weighted / (Double(itemCount) * total)
    }
}
