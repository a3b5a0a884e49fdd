#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the first places of one list have in common, place by place: every cut-off of the list in one pass.
struct ListWalk {
    private var itemCount = 0
    private var interactions = 0
    private var information = 0.0
    private var matchCount = 0
    private var vectorCount = 0
    private var vectorSum: [Double]

    init(dimension: Int) { vectorSum = [Double](repeating: 0, count: dimension) }

    /// `trainingCount` of `totalCount` training interactions are with this item.
    mutating func add(
        _ item: Int32, trainingCount: Int32, totalCount: Int, matchesHistory: Bool, items: ItemDescriptions
    ) {
        itemCount += 1
        interactions += Int(trainingCount)
        information += Self.selfInformation(of: trainingCount, among: totalCount)
        if matchesHistory { matchCount += 1 }
        if items.addVector(of: item, to: &vectorSum) { vectorCount += 1 }
    }

    /// -log2(count / total) bits; a cold item counts as one with a single interaction, else it would be infinite.
    static func selfInformation(of count: Int32, among total: Int) -> Double {
        total == 0 ? 0 : log2(Double(total) / Double(max(count, 1)))
    }

    var meanPopularity: Double { Double(interactions) / Double(itemCount) }
    var novelty: Double { information / Double(itemCount) }
    var matchShare: Double { Double(matchCount) / Double(itemCount) }

    /// Nil with fewer than two items that have a vector. O(dimension): the pairs' cosines add up to
    /// (|sum of the unit vectors|^2 - n) / 2.
    var diversity: Double? {
        guard vectorCount >= 2 else { return nil }
        let count = Double(vectorCount)
        let square = vectorSum.reduce(0) { $0 + $1 * $1 }
        return 1 - (square - count) / (count * (count - 1))
    }
}
