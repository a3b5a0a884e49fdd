/// Shares of items compared with those of the others of their category, or of the shop where the category is small.
struct PoolComparison {
    struct Row {
        let item: Int
        let count: Int
        let total: Int
        /// Of the others in its pool.
        let usual: Double
        let dispersion: Double
        /// The category's name; nil where the whole shop is the pool.
        let pool: String?
    }

    let rows: [Row]

    /// Items that a category needs beside one for it to be compared with them, and their events.
    private static let leastOthers = 5
    private static let leastOthersTotal = 200

    /// - Parameters:
    ///   - counts: per item what happened, of how often it could.
    ///   - leastTotal: with less nothing can be said of an item.
    init(_ log: ShopBehaviour, leastTotal: Int, counts: (Int) -> (count: Int, total: Int)) {
        let all = log.products.indices.map { (item: $0, counts: counts($0)) }
        var pools = Array(repeating: (count: 0, total: 0, items: 0), count: log.categories.count + 1)
        for (item, counts) in all where counts.total > 0 {
            for pool in [Int(log.products[item].category), log.categories.count] where pool >= 0 {
                pools[pool].count += counts.count
                pools[pool].total += counts.total
                pools[pool].items += 1
            }
        }
        var drafts: [(item: Int, counts: (count: Int, total: Int), pool: Int, usual: Double)] = []
        var squares = Array(repeating: [Double](), count: pools.count)
        for (item, counts) in all where counts.total >= leastTotal {
            let category = Int(log.products[item].category)
            let fits =
                category >= 0 && pools[category].items > Self.leastOthers
                && pools[category].total - counts.total >= Self.leastOthersTotal
            let pool = fits ? category : log.categories.count
            let (count, total) = (pools[pool].count - counts.count, pools[pool].total - counts.total)
            guard total >= Self.leastOthersTotal, pools[pool].items > Self.leastOthers else { continue }
            // Half a case more and less keeps shares of none and all possible.
            let usual = (Double(count) + 0.5) / (Double(total) + 1)
            drafts.append((item, counts, pool, usual))
            let expected = usual * Double(counts.total)
            let variance = expected * (1 - usual)
            guard variance >= 1 else { continue }
            let square = (Double(counts.count) - expected) * (Double(counts.count) - expected) / variance
            squares[pool].append(square)
            if pool != log.categories.count { squares[log.categories.count].append(square) }
        }
        let ofShop = Dispersion.of(squares[log.categories.count])
        let dispersions = squares.map { $0.count >= 20 ? Dispersion.of($0) : ofShop }
        rows = drafts.map { draft in
            Row(
                item: draft.item, count: draft.counts.count, total: draft.counts.total, usual: draft.usual,
                dispersion: dispersions[draft.pool],
                pool: draft.pool == log.categories.count ? nil : log.categories[draft.pool])
        }
    }
}
