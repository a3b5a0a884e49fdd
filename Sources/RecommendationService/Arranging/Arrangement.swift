import RecommendationIndex

/// Fills places one after another from a ranked pool.
///
/// A place takes the item of the pool that is worth most there among those that every limit lets in: the first in the pool's
/// order, or by maximal marginal relevance the one with the greatest `(1 - diversity) relevance - diversity similarity`, where
/// similarity is the greatest cosine of its content with that of an item already placed. Limits look at the places before, so
/// they hold on every beginning of the list.
struct Arrangement {
    private let limits: [(limit: PropertyLimit, values: CountedValues)]
    private let diversity: Float
    private let vectors: ShardedDenseMatrix
    private let pinned: [Int: RecommendedItem]

    init(_ options: RecommendationOptions, pinned: [Int: RecommendedItem], _ view: CatalogView) {
        limits = options.limits.map { ($0, CountedValues($0.property, view)) }
        diversity = options.diversity
        vectors = view.serving.index.vectors
        self.pinned = pinned
    }

    /// At most `count` items; fewer where the pool has no more that the limits let in.
    func chosen(from pool: [RecommendedItem], count: Int) -> [RecommendedItem] {
        var chosen: [RecommendedItem] = []
        var worth = Worth(pool, diversity: diversity, vectors)
        var open = OpenCandidates(bounds: worth.bounds)
        var counts = limits.map { limit, values in ValueCounts(limit, values, pool) }
        let fixed = Set(pinned.values.map(\.item))
        if !fixed.isEmpty { for place in pool.indices where fixed.contains(pool[place].item) { open.close(place) } }
        while chosen.count < count {
            if let item = pinned[chosen.count] {
                chosen.append(item)
                for rule in counts.indices { counts[rule].append(pinned: item.item, &open) }
                worth.place(item.item.rawValue)
                continue
            }
            guard let next = worth.best(of: &open) else { break }
            open.close(next)
            chosen.append(pool[next])
            for rule in counts.indices { counts[rule].append(fromPool: next, &open) }
            worth.place(pool[next].item.rawValue)
        }
        return chosen
    }
}
