/// How popular the items are, each pair of a user and an item counted once, at its last interaction; pairs of a zero or
/// negative weight do not count, as they are no sign of liking.
///
///     allTime    number of users
///     recent     sum of 2^(-age / half-life)
///     trending   short / (long + prior), where short and long are such sums of a short and a long half-life
///
/// `trending` lies in 0 ..< 1: near 1 for an item whose interactions are all new, low for one that had its time, and held
/// down by the prior while there is little evidence. Without times `recent` and `trending` are `allTime`.
package struct ItemPopularity: Sendable, Equatable {
    package struct Configuration: Sendable, Equatable {
        /// A month: long enough to count in a small shop, short enough to follow the seasons.
        package var recentHalfLifeDays = 30.0
        /// A week and a season: what grew this week against what is usual.
        package var shortHalfLifeDays = 7.0
        package var longHalfLifeDays = 90.0
        /// An item needs as many recent users to reach half of its undamped ratio.
        package var trendingPrior = 10.0

        package init() {}
    }

    /// Per item, in ascending order of ids.
    package let allTime: [Float]
    package let recent: [Float]
    package let trending: [Float]

    /// As it was counted elsewhere; one element per item each.
    package init(allTime: [Float], recent: [Float], trending: [Float]) {
        precondition(allTime.count == recent.count && allTime.count == trending.count)
        self.allTime = allTime
        self.recent = recent
        self.trending = trending
    }

    /// Ages are counted from `referenceTime`, nil for the matrix's own. Linear time.
    ///
    /// - Parameters:
    ///   - users: whose interactions count, each once; nil: everybody's.
    ///   - isCounted: asked of each entry of their histories.
    package init(
        _ interactions: InteractionMatrix, configuration: Configuration = Configuration(),
        referenceTime: Int64? = nil, users: [Int]? = nil, isCounted: (_ entry: Int) -> Bool = { _ in true }
    ) {
        let itemCount = interactions.itemIds.count
        let histories = interactions.histories
        func decay(_ days: Double) -> TimeDecay {
            TimeDecay(halfLifeDays: days, referenceTime: referenceTime ?? interactions.referenceTime)
        }
        let recentDecay = decay(configuration.recentHalfLifeDays)
        let shortDecay = decay(configuration.shortHalfLifeDays)
        let longDecay = decay(configuration.longHalfLifeDays)
        var counts = [Double](repeating: 0, count: itemCount)
        var recentSums = counts
        var shortSums = counts
        var longSums = counts
        let pairs = users?.map { histories.range(ofUser: $0) } ?? [histories.itemIndexes.indices]
        for pair in pairs.joined() where histories.weights[pair] > 0 && isCounted(pair) {
            let item = Int(histories.itemIndexes[pair])
            counts[item] += 1
            guard interactions.hasTimes else { continue }
            let time = histories.times[pair]
            recentSums[item] += recentDecay.factor(at: time)
            shortSums[item] += shortDecay.factor(at: time)
            longSums[item] += longDecay.factor(at: time)
        }
        allTime = counts.map { Float($0) }
        guard interactions.hasTimes else {
            recent = allTime
            trending = allTime
            return
        }
        recent = recentSums.map { Float($0) }
        trending = zip(shortSums, longSums).map { Float($0 / ($1 + configuration.trendingPrior)) }
    }
}
