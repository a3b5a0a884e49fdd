import HybridBlending
import RecommendationIndex
import ScoringKernels

extension Recommender {
    /// With `diversity`, that many items at least are chosen from; more of them cost more and change less.
    private static let leastPool = 100
    private static let greatestPool = 1_000
    /// With limits, that many items at most: who looks for the eleventh brand among ten would otherwise go through the catalogue.
    private static let greatestLimitedPool = 10_000

    /// A list by `produce`, arranged as the options say.
    /// - Parameter produce: the best items for options that ask for another count; may be called again with a greater one.
    func arranged(
        _ options: RecommendationOptions, _ produce: (RecommendationOptions) -> [RecommendedItem]
    ) -> [RecommendedItem] {
        if let places = state.keptPlaces {
            var whole = options
            whole.count = places
            let ranking = produce(whole)
            state.keptPlaces = nil
            state.ranking = ranking
            // Fewer places are the beginning of many.
            return arranged(options) { Array(ranking.prefix($0.count)) }
        }
        guard !options.limits.isEmpty || options.diversity > 0 || !options.pinned.isEmpty else {
            return produce(options)
        }
        let arrangement = Arrangement(options, pinned: pinnedItems(options), view)
        var wider = options
        wider.count = options.count + options.pinned.count
        if options.diversity > 0 {
            wider.count = max(wider.count, min(max(10 * options.count, Self.leastPool), Self.greatestPool))
        }
        while true {
            let pool = produce(wider)
            let chosen = arrangement.chosen(from: pool, count: options.count)
            // What limits have kept out may be made up for further down.
            let isWhole = pool.count < wider.count || wider.count >= Self.greatestLimitedPool
            if chosen.count == options.count || isWhole { return chosen }
            wider.count = min(4 * wider.count, Self.greatestLimitedPool)
        }
    }

    /// By place; an item that may not appear has none, and no place is beyond the list.
    private func pinnedItems(_ options: RecommendationOptions) -> [Int: RecommendedItem] {
        var pinned: [Int: RecommendedItem] = [:]
        for item in options.pinned where admission.allows(item.item.rawValue) {
            pinned[item.place] = RecommendedItem(
                item: item.item, score: 0, source: .pinned, contributions: .none)
        }
        return pinned
    }
}
