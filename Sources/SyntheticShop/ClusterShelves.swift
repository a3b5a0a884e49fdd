// How one of a cluster's items is drawn by a taste without weighing all of them for every user.
//
//     weight(item, taste) = popularity · factor(kind, taste)      kind = brand, product, price level, circle
//     shelf = 512 items in their order; sums[shelf][kind] = popularities of its items of that kind, added up once
//
// A taste has one factor for each kind, so a shelf's weight is a product of two short rows. A drawn number finds its shelf
// by bisection and its item by adding up weights within the shelf. The item is the same as if all weights of the cluster had
// been added up one after another.

/// The items of one cluster, with what a taste needs to weigh them.
struct ClusterShelves {
    /// Near the number of kinds, so that weighing all shelves for a user costs about as much as searching one per pick.
    private static let shelfSize = 512

    /// Item indexes, ascending. Never empty.
    let items: [Int]
    /// Per item.
    private let kinds: [Int]
    private let popularities: [Int]
    /// `[shelfCount x kindCount]`.
    private let sums: [Int]
    private let kindCount: Int
    private let shelfCount: Int

    /// - Parameter members: ascending indexes into `catalogue`.
    init(_ members: [Int], of catalogue: [CatalogueItem], cluster: Int) {
        let kindCount = ItemKind.count(inCluster: cluster)
        let shelfCount = (members.count + Self.shelfSize - 1) / Self.shelfSize
        let kinds = members.map { ItemKind(catalogue[$0]).number }
        let popularities = members.map { catalogue[$0].drawWeight }
        var sums = [Int](repeating: 0, count: shelfCount * kindCount)
        for position in members.indices {
            sums[position / Self.shelfSize * kindCount + kinds[position]] += popularities[position]
        }
        items = members
        self.kinds = kinds
        self.popularities = popularities
        self.sums = sums
        self.kindCount = kindCount
        self.shelfCount = shelfCount
    }

    /// What one taste of one user makes of the shelves. O(shelves · kinds).
    ///
    /// - Parameter factors: per kind.
    func weighed(_ factors: [Int]) -> Weighed {
        precondition(factors.count == kindCount)
        var weights = [Int](repeating: 0, count: shelfCount)
        for shelf in weights.indices {
            var weight = 0
            for kind in 0..<kindCount { weight += sums[shelf * kindCount + kind] * factors[kind] }
            weights[shelf] = weight
        }
        return Weighed(factors: factors, cumulative: cumulated(weights))
    }

    struct Weighed {
        let factors: [Int]
        /// Over the shelves; the last is positive.
        let cumulative: [Int]
    }

    /// An item index, each with a probability in proportion to its weight.
    func draw(_ weighed: Weighed, _ random: inout ShopRandom) -> Int {
        let target = random.index(below: weighed.cumulative[shelfCount - 1])
        let shelf = position(of: target, inCumulative: weighed.cumulative)
        var sum = shelf > 0 ? weighed.cumulative[shelf - 1] : 0
        var position = shelf * Self.shelfSize
        while true {
            sum += popularities[position] * weighed.factors[kinds[position]]
            if sum > target { return items[position] }
            position += 1
        }
    }
}

/// What a taste tells items of a cluster apart by.
struct ItemKind {
    /// 0 cheap, 1 middle, 2 dear.
    static let priceLevelCount = 3

    let brand: Int
    let product: Int
    let priceLevel: Int
    let circle: Int
    /// In 0 ..< `count(inCluster:)`, in the order of brand, product, price level, circle.
    let number: Int

    static func count(inCluster cluster: Int) -> Int { all[cluster].count }

    init(_ item: CatalogueItem) {
        self.init(
            brand: item.brand, product: item.product, priceLevel: item.priceLevel, circle: item.circle,
            productCount: item.style.products.count)
    }

    private init(brand: Int, product: Int, priceLevel: Int, circle: Int, productCount: Int) {
        self.brand = brand
        self.product = product
        self.priceLevel = priceLevel
        self.circle = circle
        number =
            ((brand * productCount + product) * Self.priceLevelCount + priceLevel) * Catalogue.circleCount + circle
    }

    /// For each cluster its kinds in the order of their numbers.
    static let all = StyleCluster.all.map { style in
        style.brands.indices.flatMap { brand in
            style.products.indices.flatMap { product in
                (0..<priceLevelCount).flatMap { priceLevel in
                    (0..<Catalogue.circleCount).map { circle in
                        ItemKind(
                            brand: brand, product: product, priceLevel: priceLevel, circle: circle,
                            productCount: style.products.count)
                    }
                }
            }
        }
    }
}
