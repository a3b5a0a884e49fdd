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

    /// `shown[i]` is how many lists show item i in their first k; `catalogueItemCount` is at least the items shown.
    init(shown: [Int32], catalogueItemCount: Int, popularitySum: Double, listCount: Int) {
        let counts = shown.filter { $0 > 0 }.sorted()
        precondition(counts.count <= catalogueItemCount, "more items are shown than the catalogue has")
        coverage = catalogueItemCount == 0 ? 0 : Double(counts.count) / Double(catalogueItemCount)
        meanPopularity = listCount == 0 ? nil : popularitySum / Double(listCount)
        gini = counts.isEmpty ? nil : Self.gini(of: counts, among: catalogueItemCount)
    }

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
