/// One user and the planted taste.
struct Shopper {
    struct Taste {
        let cluster: Int
        let circle: Int
        /// Two of the cluster's brands, by index.
        let brands: [Int]
        /// Three of the cluster's products, by index.
        let products: [Int]
    }

    /// Per cent of the users who come once.
    private static let oneVisitPercent = 12
    /// Per cent of the others who have one taste only.
    private static let singleTastePercent = 35
    /// Per cent of those with two whose second taste grows over time at the cost of the first.
    private static let driftingPercent = 40
    /// Sessions of the others, by tenths of the users: few come often, as in every shop. Up to half as many again are
    /// added at random.
    private static let sessionCounts = [2, 3, 4, 5, 6, 7, 9, 12, 17, 26]
    private static let cities = [
        ("Hamburg", 1), ("Lyon", 1), ("Kraków", 1), ("Bristol", 2), ("Porto", 2), ("Graz", 2), ("Ghent", 2),
        ("Uppsala", 3), ("Saint-Malo", 3), ("Zadar", 3), ("Galway", 3), ("Trieste", 3),
    ]
    private static let cumulativeCityWeights = cumulated([20, 17, 13, 9, 8, 7, 6, 5, 4, 4, 4, 3])
    private static let cumulativeFriendWeights = cumulated(StyleCluster.friendWeights)

    /// One or two, the first taste first.
    let tastes: [Taste]
    /// Per cent of the sessions for the first taste, on the first and on the last day.
    let startShare: Int
    let endShare: Int
    /// 0 cheap, 1 middle, 2 dear.
    let priceLevel: Int
    let sessionCount: Int
    /// First day on which the user may come.
    let joinDay: Int
    let gender: String
    let city: String
    let cityTier: Int

    var isOneVisit: Bool { sessionCount == 1 }

    init(index: Int, seed: UInt64, clusterCount: Int) {
        var random = ShopRandom(seed: seed, .shopper, index)
        let isOneVisit = random.chance(percent: Self.oneVisitPercent)
        let first = Self.firstCluster(clusterCount, &random)
        var clusters = [first]
        if !isOneVisit, clusterCount > 1, !random.chance(percent: Self.singleTastePercent) {
            clusters.append(Self.secondCluster(first, clusterCount, &random))
        }
        tastes = clusters.map { Self.taste(for: $0, &random) }
        startShare = clusters.count == 1 ? 100 : random.integer(in: 60...90)
        let isDrifting = clusters.count == 2 && random.chance(percent: Self.driftingPercent)
        endShare = isDrifting ? startShare - random.integer(in: 25...50) : startShare
        priceLevel = random.index(below: 3)
        let usual = Self.sessionCounts[random.index(below: Self.sessionCounts.count)]
        let more = random.index(below: usual / 2 + 1)
        sessionCount = isOneVisit ? 1 : usual + more
        joinDay = random.chance(percent: 60) ? 0 : random.index(below: ShopCalendar.dayCount * 5 / 6)
        let isWoman = random.chance(percent: StyleCluster.all[first].womenPercent)
        gender = random.chance(percent: 5) ? "" : isWoman ? "female" : "male"
        let home = random.index(cumulative: Self.cumulativeCityWeights)
        (city, cityTier) = Self.cities[home]
    }

    private static func firstCluster(_ clusterCount: Int, _ random: inout ShopRandom) -> Int {
        random.index(
            cumulative: clusterCount < StyleCluster.all.count
                ? Array(cumulativeFriendWeights.prefix(clusterCount)) : cumulativeFriendWeights)
    }

    /// Half of the friends of a cluster share their second taste, the fifth cluster after the first; so tastes that have
    /// no word in common go together, which only interactions can tell.
    private static func secondCluster(_ first: Int, _ clusterCount: Int, _ random: inout ShopRandom) -> Int {
        let isUsual = random.chance(percent: 50)
        let step = 1 + random.index(below: clusterCount - 1)
        let usual = 5 % clusterCount
        return (first + (isUsual && usual > 0 ? usual : step)) % clusterCount
    }

    private static func taste(for cluster: Int, _ random: inout ShopRandom) -> Taste {
        var brands = Array(StyleCluster.all[cluster].brands.indices)
        random.shuffle(&brands)
        var products = Array(StyleCluster.all[cluster].products.indices)
        random.shuffle(&products)
        return Taste(
            cluster: cluster, circle: random.index(below: Catalogue.circleCount), brands: brands.prefix(2).sorted(),
            products: products.prefix(3).sorted())
    }

    /// Per cent of the sessions on that day that are for the first taste.
    func firstTasteShare(on day: Int) -> Int {
        startShare + (endShare - startShare) * day / (ShopCalendar.dayCount - 1)
    }

    /// For each kind of item of the taste's cluster, how much more than its popularity it is met.
    ///
    /// The factors that the item's text tells of (brand, product, price) and the one that it does not (circle) are both
    /// strong, so that neither content nor interactions alone have the whole answer.
    func factors(of taste: Taste) -> [Int] {
        ItemKind.all[taste.cluster].map { kind in
            let brand = taste.brands.contains(kind.brand) ? 8 : 1
            let product = taste.products.contains(kind.product) ? 8 : 1
            let price = [6, 3, 1][abs(priceLevel - kind.priceLevel)]
            let circle = taste.circle == kind.circle ? 3 : 1
            return brand * product * price * circle
        }
    }
}
