/// All items, and the weights by which they are met.
///
/// Popularity falls as 1 / (rank + 4) within a cluster, which is Zipf's law but for its head: the first items of a shop
/// are strong, not overwhelming.
struct Catalogue {
    /// Per cent of the items that are brand-new; nobody has met every third of them.
    private static let brandNewPercent = 4
    /// Per cent of the other items that are launched while the shop is watched.
    private static let launchedPercent = 35
    /// The oldest items are this old when the watching begins.
    private static let maximumAgeDays = 600
    /// Friends of a cluster split into this many circles.
    static let circleCount = 3
    private static let rankOffset = 4
    /// What 1 / rank is scaled by, large enough that the rank 1,000,000 still counts.
    private static let popularityScale = 1_000_000_000
    /// Brand-new items are met this much less often than old ones of their rank, in per cent.
    private static let brandNewPopularityPercent = 30

    let items: [CatalogueItem]
    /// Those in use.
    let clusters: [ClusterShelves]
    /// Over all items.
    let cumulativePopularity: [Int]

    /// Clusters that have items: all, unless the catalogue is tiny.
    var clusterCount: Int { clusters.count }

    init(_ configuration: ShopConfiguration) {
        let itemCount = configuration.itemCount
        let clusterCount = min(StyleCluster.all.count, itemCount)
        var random = ShopRandom(seed: configuration.seed, .items)
        var clusterOfItem = (0..<itemCount).map { $0 % clusterCount }
        random.shuffle(&clusterOfItem)
        var byCluster = [[Int]](repeating: [], count: clusterCount)
        for (item, cluster) in clusterOfItem.enumerated() { byCluster[cluster].append(item) }
        var ranks = [Int](repeating: 0, count: itemCount)
        for members in byCluster {
            var order = Array(members.indices)
            random.shuffle(&order)
            for (member, rank) in zip(members, order) { ranks[member] = rank }
        }
        let brandNew = Self.brandNew(itemCount: itemCount, byCluster: byCluster, &random)
        let items = clusterOfItem.indices.map { item in
            let isOldest = byCluster[clusterOfItem[item]][0] == item
            return Self.item(
                cluster: clusterOfItem[item], rank: ranks[item], isOldest: isOldest, brandNew: brandNew[item], &random)
        }
        self.items = items
        clusters = byCluster.enumerated().map { ClusterShelves($1, of: items, cluster: $0) }
        cumulativePopularity = cumulated(items.map(\.popularity))
    }

    /// For each item nil, or whether it is brand-new and has been found. The first item of each cluster is old, so that
    /// there is something to see at any time.
    private static func brandNew(
        itemCount: Int, byCluster: [[Int]], _ random: inout ShopRandom
    ) -> [Bool?] {
        var found = [Bool?](repeating: nil, count: itemCount)
        var candidates = byCluster.flatMap { $0.dropFirst() }
        random.shuffle(&candidates)
        for (order, item) in candidates.prefix(itemCount * brandNewPercent / 100).enumerated() {
            found[item] = order % 3 != 2
        }
        return found
    }

    private static func item(
        cluster: Int, rank: Int, isOldest: Bool, brandNew: Bool?, _ random: inout ShopRandom
    ) -> CatalogueItem {
        let words = StyleCluster.all[cluster]
        let product = random.index(below: words.products.count)
        let priceLevel = random.index(below: 3)
        let launchDay: Int
        if brandNew != nil {
            launchDay = ShopCalendar.dayCount - 1 - random.index(below: ShopCalendar.brandNewDayCount)
        } else if !isOldest, random.chance(percent: launchedPercent) {
            launchDay = random.index(below: ShopCalendar.dayCount - 3 * ShopCalendar.brandNewDayCount)
        } else {
            launchDay = -1 - random.index(below: maximumAgeDays)
        }
        let launchTime = ShopCalendar.start + launchDay * ShopCalendar.secondsPerDay
        var popularity = popularityScale / (rank + rankOffset)
        if let isFound = brandNew { popularity = isFound ? popularity * brandNewPopularityPercent / 100 : 0 }
        return CatalogueItem(
            cluster: cluster, circle: random.index(below: circleCount), product: product,
            brand: random.index(below: words.brands.count), collection: random.index(below: words.collections.count),
            material: random.index(below: words.materials.count), colour: random.index(below: words.colours.count),
            mood: random.index(below: words.moods.count), occasion: random.index(below: words.occasions.count),
            priceLevel: priceLevel, cents: cents(words.products[product].cents, priceLevel, &random),
            launchTime: launchTime, isBrandNew: brandNew != nil, popularity: popularity)
    }

    /// About 60, 100 or 170 per cent of the middle price, and ending in 90 cents.
    private static func cents(_ middle: Int, _ level: Int, _ random: inout ShopRandom) -> Int {
        let cents = middle * [60, 100, 170][level] * random.integer(in: 88...112) / 10_000
        return cents / 100 * 100 + 90
    }
}
